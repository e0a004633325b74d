"""Signing in and out: `/auth/login`, `/auth/callback`, `/auth/logout`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.access import granted, named
from app.domain.audit import Outcome
from app.domain.sessions import Session
from app.web.access import acts, ways_back
from app.web.access.access import Access
from app.web.access.basic import Basic, Wait, mark
from app.web.access.own_page import own_page
from app.web.access.peers import address
from app.web.access.refusal import Refused
from app.web.access.seal import Seal
from app.web.access.sessions import NOT_LET_IN, Sessions
from app.web.access.visit import visit
from app.web.api import json
from app.web.assets import asset_url
from app.web.below import path_of
from app.web.messages import missing
from layouts import sign_in as view
from layouts import strings_access as words

if TYPE_CHECKING:
    from app.web.access.oidc import Oidc

FRESH: Final = {"Cache-Control": "no-store"}
FORM_MOST: Final = 8192
SIGNED_IN: Final = "signed in"
SIGNED_OUT: Final = "signed out"
SIGNED_OUT_PAGE: Final = "/auth/signed-out"
PROVIDER: Final = "the provider's person"
"""What stands for who it was, where that is not known."""


def sign_in_router(access: Access) -> APIRouter:
    router = APIRouter(prefix="/auth", include_in_schema=False)
    desk = _Desk(access)

    @router.get("/login")
    async def show(request: Request) -> Response:
        return await desk.shown(request)

    @router.post("/login")
    async def enter(request: Request) -> Response:
        return await desk.entered(request)

    @router.get("/callback")
    async def callback(request: Request) -> Response:
        return await desk.called_back(request)

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        return await desk.left(request)

    @router.get("/signed-out")
    async def signed_out() -> Response:
        way = (ways_back.LOGIN, words.SIGN_IN)
        return missing(words.OUT_NOW, status=200, heading=words.SIGNED_OUT, way=way)

    return router


@dataclass(frozen=True, slots=True)
class _Desk:
    access: Access

    async def shown(self, request: Request) -> Response:
        """The way to sign in, whichever it is here."""
        access, wanted = self.access, self._page(request.query_params.get("next"))
        if access.sessions is None:
            text = words.HERE_NOBODY if access.opens_to_all else words.BY_PROXY
            return missing(text, status=200, heading=words.SIGN_IN)
        if visit().session is not None:
            return RedirectResponse(wanted, 303, headers=FRESH)
        if access.oidc is not None:
            return await self._off(request, access.oidc, wanted)
        return _form(wanted)

    async def entered(self, request: Request) -> Response:
        """A name and a password."""
        access = self.access
        if access.basic is None or access.sessions is None:
            return missing(words.HERE_NOBODY, heading=words.SIGN_IN)
        told = await _fields(request)
        if told is None:
            return _form("/", words.TOO_LARGE, status=413)
        name, wanted = told.get("name", ""), self._page(told.get("next"))
        password = told.get("password", "")
        found = await self._checked(access.basic, request, name, password)
        if not isinstance(found, Session):
            return found if isinstance(found, Response) else _form(wanted, words.WRONG)
        return self._in(request, access.sessions, found, wanted)

    async def _checked(
        self, basic: Basic, request: Request, name: str, password: str
    ) -> Session | Response | None:
        """Who it is; `None`: the name or the password is wrong."""
        now, where = self.access.clock(), address(request.scope)
        found = await basic.signed_in(name, password, where, now)
        if isinstance(found, Wait):
            return _waits(found, now)
        if found is None or self.access.sessions is None:
            self._note(acts.tried(name), "", Outcome.REFUSED, request)
            return None
        groups = named(found.groups, self.access.rules)
        return self.access.sessions.begun(
            found.name, found.name, groups, now, mark(found)
        )

    async def _off(self, request: Request, oidc: Oidc, wanted: str) -> Response:
        """On to the provider."""
        # Loads the libraries of the protocol, which only who is asked needs.
        from app.web.access import by_oidc

        access = self.access
        found = await by_oidc.off(access, oidc, _seal(access), request, wanted)
        return _failed(found.reason, 503) if isinstance(found, Refused) else found

    async def called_back(self, request: Request) -> Response:
        """From the provider, with a code or a refusal."""
        from app.web.access import by_oidc

        oidc, sessions = self.access.oidc, self.access.sessions
        if oidc is None or sessions is None:
            return missing(words.HERE_NOBODY, heading=words.SIGN_IN)
        found, wanted = await by_oidc.back(oidc, _seal(self.access), request)
        if isinstance(found, Refused):
            self._note(PROVIDER, "", Outcome.REFUSED, request, found.reason)
            response = _failed(found.reason, 403)
        else:
            session = sessions.begun(
                found.subject,
                found.name,
                named(found.groups, self.access.rules),
                self.access.clock(),
                hint=found.id_token_hint,
            )
            response = self._in(request, sessions, session, own_page(wanted))
        response.delete_cookie(by_oidc.COOKIE, path="/")
        return response

    def _in(
        self, request: Request, sessions: Sessions, session: Session, wanted: str
    ) -> Response:
        """Somebody has shown who he is: whatever this browser was before is over."""
        if not granted(session.groups, self.access.rules):
            self._note(session.subject, session.name, Outcome.REFUSED, request)
            text = NOT_LET_IN.format(name=session.name)
            return missing(text, status=403, heading=words.NOT_LET_IN)
        before = visit().session
        if before is not None:
            sessions.end(before)
        self._note(session.subject, session.name, Outcome.DONE, request)
        response = RedirectResponse(wanted, 303, headers=FRESH)
        sessions.keep(session, response, self.access.secure(request))
        return response

    async def left(self, request: Request) -> Response:
        """The session is over on our side, whatever becomes of the cookie."""
        access, session = self.access, visit().session
        where = await self._after(session)
        if session is not None and access.sessions is not None:
            access.sessions.end(session)
            self._note(session.subject, session.name, Outcome.DONE, request, out=True)
        if "application/json" in request.headers.get("accept", ""):
            response = json({"next": where})
        else:
            # A browser follows no form to another host, which the policy forbids.
            own = where if _is_ours(where, access.public_url) else SIGNED_OUT_PAGE
            response = RedirectResponse(own, 303, headers=FRESH)
        if access.sessions is not None:
            access.sessions.forget(response, access.secure(request))
        return response

    async def _after(self, session: Session | None) -> str:
        """Where to go once one is signed out here."""
        access, here = self.access, SIGNED_OUT_PAGE
        if access.oidc is not None and session is not None:
            back = f"{access.public_url}{here}"
            return await access.oidc.logout_url(session.hint or None, back) or here
        if access.proxy_sign_out is None:
            return here
        # Of the proxy's host, and not of ours below a path.
        return urljoin(access.public_url or "", access.proxy_sign_out)

    def _page(self, asked: str | None) -> str:
        """To which one goes on; a browser says it with the path that ours stand
        below."""
        wanted, path = own_page(asked), path_of(self.access.public_url)
        below = path and wanted.startswith(f"{path}/")
        return wanted.removeprefix(path) if below else wanted

    def _note(
        self,
        who: str,
        name: str,
        found: Outcome,
        request: Request,
        about: str = "",
        *,
        out: bool = False,
    ) -> None:
        what, where = SIGNED_OUT if out else SIGNED_IN, address(request.scope)
        now = self.access.clock()
        self.access.note(acts.entry(who, name, what, found, where, now, about=about))


def _is_ours(where: str, public_url: str | None) -> bool:
    parts = urlsplit(public_url or "")
    return where.startswith(("/", f"{parts.scheme}://{parts.netloc}/"))


def _form(wanted: str, trouble: str = "", status: int | None = None) -> Response:
    page = view.page(wanted, trouble, asset=asset_url)
    code = status or (401 if trouble else 200)
    return HTMLResponse(page, code, headers=FRESH)


def _waits(found: Wait, now: datetime) -> Response:
    """Nobody listens now."""
    left = max(1, ceil((found.until - now).total_seconds()))
    many = words.WAIT.format(minutes=ceil(left / 60))
    response = _form("/", many if found.until > now else words.BUSY, 429)
    response.headers["Retry-After"] = str(left)
    return response


def _failed(reason: str, status: int) -> Response:
    text = words.FAILED.format(reason=reason.rstrip("."))
    way = (ways_back.LOGIN, words.WITH_PROVIDER)
    return missing(text, status=status, heading=words.SIGN_IN_FAILED, way=way)


def _seal(access: Access) -> Seal:
    if access.seal is None:
        raise ValueError("a provider is asked only where sessions are signed")
    return access.seal


async def _fields(request: Request) -> Mapping[str, str] | None:
    """What the form sends; `None` for what it would not."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > FORM_MOST:
            return None
    try:
        said = parse_qs(bytes(body).decode("utf-8"), max_num_fields=8)
    except ValueError:
        return None
    return {name: values[0] for name, values in said.items()}
