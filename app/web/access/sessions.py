"""Sessions as cookies: made at a sign-in, read at each request, over at a sign-out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.domain.access import Person
from app.domain.notes import NAME_MOST
from app.domain.sessions import Session, Terms, decode, encode
from app.domain.windows import is_line
from app.web.access.found import NOT_SIGNED_IN, SESSION_OVER, Found, Grants, Nobody
from app.web.access.peers import address
from app.web.access.register import Register
from app.web.access.seal import Seal
from app.web.access.visit import Visit

PLAIN: Final = "gws_session"
HOST: Final = "__Host-gws_session"
"""Over HTTPS: browsers take it from this host alone, never from its neighbours."""
WHAT: Final = "session"
LARGEST: Final = 3800
"""Of a cookie, which browsers keep up to 4 KB."""
NOT_LET_IN: Final = (
    "{name} is signed in, and no group that may look here knows the name"
)


@dataclass(frozen=True, slots=True)
class Sessions:
    """`grants`: what the person of a session has now; `https`: people come by it,
    though the last part of the way may be plain."""

    mode: str
    seal: Seal
    terms: Terms
    register: Register
    grants: Grants
    https: bool = False

    def begun(
        self,
        subject: str,
        name: str,
        groups: Iterable[str],
        now: datetime,
        mark: str = "",
        hint: str = "",
    ) -> Session:
        """Of somebody who has just shown who he is. Its id is new, always."""
        id_ = secrets.token_urlsafe(18)
        shown = shown_name(name) or shown_name(subject) or "somebody"
        return Session(id_, subject, shown, tuple(groups), now, now, mark, hint)

    def found(self, request: HTTPConnection, now: datetime) -> Found:
        text = request.cookies.get(self._name(request))
        if not text:
            return NOT_SIGNED_IN
        session = self._read(text)
        if session is None or not self._holds(session, now):
            return SESSION_OVER
        return self._visit(session, request, now)

    def still(self, visit: Visit, now: datetime) -> bool:
        session = visit.session
        if session is None or not self._holds(session, now):
            return False
        return self.grants(session) is not None

    def end(self, session: Session) -> None:
        self.register.end(session.id, session.ends(self.terms))

    def keep(self, session: Session, response: Response, secure: bool) -> None:
        """Write its cookie. What does not fit is left out: the provider's hint is of
        use at the sign-out, and no more."""
        sealed = self.seal.sealed(WHAT, encode(session))
        if len(sealed) > LARGEST:
            sealed = self.seal.sealed(WHAT, encode(session) | {"h": ""})
        lasts = int((session.until(self.terms) - session.renewed).total_seconds())
        name = HOST if secure else PLAIN
        response.set_cookie(
            name, sealed, max_age=lasts, path="/", secure=secure, httponly=True,
            samesite="lax",
        )  # fmt: skip

    def forget(self, response: Response, secure: bool) -> None:
        name = HOST if secure else PLAIN
        response.delete_cookie(
            name, path="/", secure=secure, httponly=True, samesite="lax"
        )

    def renewed(
        self, visit: Visit, headers: MutableHeaders, secure: bool, now: datetime
    ) -> None:
        """A cookie that has been used for a while is written anew with an answer."""
        session = visit.session
        if session is not None and session.renewed == now:
            carrier = Response()
            self.keep(session, carrier, secure)
            headers.append("Set-Cookie", carrier.headers["set-cookie"])

    def _name(self, request: HTTPConnection) -> str:
        secure = self.https or request.scope["scheme"] == "https"
        return HOST if secure else PLAIN

    def _read(self, text: str) -> Session | None:
        told = self.seal.opened(WHAT, text) if len(text) <= LARGEST else None
        try:
            return None if told is None else decode(told)
        except (KeyError, TypeError, ValueError, OverflowError):
            return None  # Of another release.

    def _holds(self, session: Session, now: datetime) -> bool:
        held = session.holds(now, self.terms)
        return held and not self.register.ended(session.id)

    def _visit(
        self, session: Session, request: HTTPConnection, now: datetime
    ) -> Visit | Nobody:
        grants = self.grants(session)
        if grants is None:
            return SESSION_OVER
        if not grants:
            text = NOT_LET_IN.format(name=session.name)
            return Nobody("not_let_in", text, 403)
        person = Person(session.subject, session.name, grants)
        if session.due(now, self.terms):
            session = session.used(now)
        # A stream ends when its cookie may be renewed: the browser comes again for it.
        again = session.renewed + self.terms.idle / 2
        until = again if session.until(self.terms) < session.ends(self.terms) else None
        where = address(request.scope)
        return Visit(person, where, session=session, until=until, ambient=True)


def shown_name(text: str) -> str:
    """A name from outside, as one line of text; empty for what is none."""
    cut = " ".join(text.split())[:NAME_MOST]
    return cut if is_line(cut) else ""
