"""The one gate: every request passes it, and what nobody is let in for ends here.

It stands around every page, address of the API, file, event stream and address of
Dash's own. It says who asks to everything behind it, writes down who did what, and
ends a stream whose session is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.access import NOBODY, Act, refusal
from app.domain.audit import ABOUT_MOST, Outcome, outcome
from app.web.access import acts, doors, ways_back
from app.web.access.access import Access
from app.web.access.doors import At, Door
from app.web.access.found import Nobody
from app.web.access.peers import address
from app.web.access.visit import Visit, visiting
from app.web.below import leading
from app.web.errors import answer
from app.web.messages import missing
from app.web.origin import FOREIGN, is_foreign, is_told
from layouts import strings_access as words

EVENTS: Final = "text/event-stream"
BEARER: Final = {"WWW-Authenticate": 'Bearer realm="gws-observatory"'}
AGAIN: Final = {"Retry-After": "5"}
SENT: Final = "http.response.start"
BODY: Final = "http.response.body"

log = structlog.get_logger(__name__)


class Over(Exception):
    """The session of a stream is over; it ends where it is."""


@dataclass(slots=True)
class _Passing:
    """One request on its way."""

    request: HTTPConnection
    at: At
    visit: Visit
    now: datetime
    secure: bool
    streams: bool = False


class Gate:
    """`path`: below which all of it stands (`app.web.below`), pages of the gate's own
    too."""

    def __init__(self, app: ASGIApp, access: Access, path: str = "") -> None:
        self._app, self._access, self._path = app, access, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        request, now = HTTPConnection(scope), self._access.clock()
        found = await self._found(request, now)
        refused = self._refused(request, found)
        if refused is not None:
            await leading(refused, self._path)(scope, receive, send)
            return
        known = found if isinstance(found, Visit) else _stranger(request)
        passing = _Passing(
            request,
            doors.at(scope["method"], scope["path"]),
            known,
            now,
            self._access.secure(request),
        )
        await self._pass(passing, receive, send)

    async def _found(self, request: HTTPConnection, now: datetime) -> Visit | Nobody:
        found = self._access.found(request, now)
        if isinstance(found, Visit) or self._is_open(request):
            return found
        return await self._access.found_later(request, found, now)

    def _is_open(self, request: HTTPConnection) -> bool:
        """Need nobody be known here?"""
        method, path = request.scope["method"], request.scope["path"]
        if doors.public(method, path):
            return True
        return path == doors.METRICS and self._access.metrics.let_in(request)

    def _refused(
        self, request: HTTPConnection, found: Visit | Nobody
    ) -> Response | None:
        """The answer to who is not let through."""
        method, path = request.scope["method"], request.scope["path"]
        person = found.person if isinstance(found, Visit) else None
        if method not in doors.READS and self._foreign(request, found):
            if isinstance(found, Visit) and found.person.named:
                self._note_foreign(request, found)
            return answer(403, "foreign_origin", FOREIGN)
        if self._is_open(request):
            return None
        if isinstance(found, Nobody):
            return self._turned_away(request, found)
        at = doors.at(method, path)
        if person is None or at.open_to(person):
            return None
        return self._no_role(request, found, at)

    def _foreign(self, request: HTTPConnection, found: Visit | Nobody) -> bool:
        """Does it come from a page that is not ours? Who is known by what his browser
        sends along by itself has to say that it does not."""
        public_url = self._access.public_url
        if is_foreign(request.headers, public_url):
            return True
        by_itself = isinstance(found, Visit) and found.ambient
        signing_in = request.scope["path"].startswith(ways_back.LOGIN)
        return (by_itself or signing_in) and not is_told(request.headers)

    def _turned_away(self, request: HTTPConnection, found: Nobody) -> Response:
        if not _by_a_person(request):
            more = (
                AGAIN if found.status == 503 else BEARER if found.status == 401 else {}
            )
            return answer(found.status, found.code, found.text, headers=more)
        if found.status == 401 and self._access.signs_in:
            there = ways_back.sign_in(ways_back.asked(request))
            fresh = {"Cache-Control": "no-store"}
            return RedirectResponse(there, 303, headers=fresh)
        out = (ways_back.LOGIN, words.AS_ANOTHER)
        way = out if self._access.signs_in else ("/", words.AGAIN)
        heading = words.NOT_LET_IN if found.status == 403 else words.NOT_SIGNED_IN
        return missing(found.text, status=found.status, heading=heading, way=way)

    def _no_role(self, request: HTTPConnection, visit: Visit, at: At) -> Response:
        """A deployment that somebody does not see is none."""
        person, where = visit.person, at.deployment
        if where is not None and not person.sees(where):
            text = f'no deployment is called "{where}"'
            return answer(404, "unknown_deployment", text, "deployment")
        text = refusal(person, at.door.act, where) or ""
        if at.door.what:
            self._access.note(
                acts.done(visit, at, Outcome.REFUSED, self._access.clock())
            )
        if _by_a_person(request):
            return missing(text, status=403, heading=words.NO_ROLE)
        return answer(403, "role_missing", text)

    def _note_foreign(self, request: HTTPConnection, visit: Visit) -> None:
        """Somebody's browser was led to ask for a change."""
        about = request.headers.get("origin", "")[:ABOUT_MOST]
        at = At(Door(Act.SEE, "request from another site"), None, about)
        self._access.note(acts.done(visit, at, Outcome.REFUSED, self._access.clock()))

    async def _pass(self, passing: _Passing, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == SENT:
                self._begin(passing, message)
            elif passing.streams and not self._holds(passing.visit):
                await send({"type": BODY, "body": b"", "more_body": False})
                raise Over
            await send(message)

        with visiting(passing.visit):
            try:
                await self._app(passing.request.scope, receive, watched)
            except Over:
                log.info("stream ended", who=passing.visit.person.subject)

    def _begin(self, passing: _Passing, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        self._write_down(passing, message["status"])
        kind = headers.get("content-type", "")
        passing.streams = kind.startswith(EVENTS)
        self._access.renew(passing.visit, headers, passing.secure, passing.now)

    def _holds(self, visit: Visit) -> bool:
        if visit.person is NOBODY:
            return True  # A TV that waits to be let in.
        now = self._access.clock()
        in_time = visit.until is None or now < visit.until
        return in_time and self._access.still(visit, now)

    def _write_down(self, passing: _Passing, status: int) -> None:
        """Before anybody is told of it."""
        if passing.visit.noted:
            return
        if passing.at.door.what and passing.request.scope["path"] not in _OWN_WORDS:
            found = outcome(status)
            entry = acts.done(passing.visit, passing.at, found, self._access.clock())
            self._access.note(entry)


_OWN_WORDS: Final = frozenset(
    {ways_back.LOGIN, ways_back.LOGOUT, "/api/v1/wall/pairings", "/api/v1/wall/entry"}
)
"""What these do is written down where it is known how it went."""


def _stranger(request: HTTPConnection) -> Visit:
    return Visit(NOBODY, address(request.scope))


def _by_a_person(request: HTTPConnection) -> bool:
    """Who asks for a page is led to one; a script is told by a code."""
    pages = "text/html" in Headers(scope=request.scope).get("accept", "")
    reads = request.scope["method"] in doors.READS
    return pages and reads and not request.scope["path"].startswith("/api/")
