"""Letting a TV in: `/api/v1/wall/admissions`, and what the TV itself asks meanwhile.

No secret is in an address: the TV has its own in a cookie that no script can read, and
the code is in the body of a request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Cookie, Depends, Request
from fastapi.responses import Response

from app.bus import frames
from app.bus.together import together
from app.domain.access import Act, Kind, Role, refusal
from app.domain.instants import instant
from app.domain.limits import seconds
from app.domain.screens import ENTRY_LASTS, View
from app.domain.tokens import NAME_MOST, Wanted, digest
from app.web.access.access import Access
from app.web.access.bearer import TV_COOKIE
from app.web.access.peers import address as peer
from app.web.access.visit import caller, remark
from app.web.api import Answers, json, says
from app.web.api_error import AGAIN_S, ApiError
from app.web.desk import Desk
from app.web.origin import json_only
from app.web.schema_wall import Admission, Admitted
from app.web.site import Site
from app.web.wall import streamed
from layouts.wall import SHORTEST_TURN_S, USUAL_TURN_S, address

NAMED: Final = "TV of {deployments}"
NOT_KEPT: Final = (
    "this TV is let in once that can be written into the records: it tries again by "
    "itself"
)
PULSE: Final = timedelta(seconds=5)
"""At least so long between two signs of life to a TV that waits."""
Secret = Annotated[str | None, Cookie(alias=TV_COOKIE)]

log = structlog.get_logger(__name__)


def entry_router(site: Site, desk: Desk, access: Access) -> APIRouter:
    router = APIRouter(prefix="/api/v1/wall", tags=["wall"])

    @router.post("/pairings", include_in_schema=False)
    async def wait(request: Request, secret: Secret = None) -> Response:
        """A TV wants to be let in: its secret is in a cookie, its code in the body."""
        ticket = desk.wait(secret)
        answer = json({"code": ticket.code, "until": instant(ticket.until)})
        _name(answer, ticket.secret, None, access.secure(request))
        return answer

    @router.get("/pairings/stream", include_in_schema=False)
    async def stream(request: Request, secret: Secret = None) -> Response:
        """`event: let-in`, once; `event: gone` for a code that is over."""
        return streamed(request, _waiting(site, desk, secret or ""))

    @router.post("/entry", include_in_schema=False)
    async def enter(request: Request, secret: Secret = None) -> Response:
        """Where a TV that was let in is to go, and the cookie that names it from now
        on; no path for one that was not."""
        await _can_be_known(access, desk, secret or "")
        found = desk.enter(secret or "")
        if found is None:
            return json({"path": _known_before()})
        fresh, view = found
        if not access.opens_to_all:
            _know(access, secret or "", fresh, view)
        answer = json({"path": address(view)})
        lasts = int(ENTRY_LASTS.total_seconds())
        _name(answer, fresh, lasts, access.secure(request))
        return answer

    _admitting(router, site, desk)
    return router


def _admitting(router: APIRouter, site: Site, desk: Desk) -> None:
    @router.post(
        "/admissions",
        status_code=201,
        responses=_answers(),
        dependencies=[Depends(json_only)],
    )
    async def admit(request: Request, asked: Admission) -> Response:
        """Let a TV in by the code that it shows; it goes there by itself."""
        view = _view(site, asked)
        _may_let_in(view)
        where = peer(request.scope)
        desk.admit(asked.code, view, where)
        remark(", ".join(view.deployments))
        log.info("TV let in", deployments=view.deployments, caller=where)
        answer = json({"path": address(view)})
        answer.status_code = 201
        return answer


def _view(site: Site, asked: Admission) -> View:
    ids = tuple(dict.fromkeys(asked.deployments))
    for one in ids:
        site.find(one)
    turn = None if asked.rotate is None else seconds(asked.rotate)
    if turn is not None and turn < SHORTEST_TURN_S:
        text = f"rotate: {SHORTEST_TURN_S} s at least"
        raise ApiError(422, "invalid", text, "rotate")
    usual = USUAL_TURN_S if len(ids) > 1 else None
    turns = usual if turn is None else int(turn)
    return View(ids, turns, asked.theme, asked.sound, caller().subject)


def _may_let_in(view: View) -> None:
    """In each of the deployments that it would see. Raises a 403."""
    for one in view.deployments:
        refused = refusal(caller(), Act.LET_IN, one)
        if refused is not None:
            raise ApiError(403, "role_missing", refused, "deployments")


async def _can_be_known(access: Access, desk: Desk, secret: str) -> None:
    """A TV goes to a wall where every replica knows it. Raises a 503."""
    screen = desk.find(secret)
    if access.opens_to_all or screen is None or screen.view is None:
        return
    if await access.register.caught_up() is not None:
        raise ApiError(503, "no_records", NOT_KEPT, headers={"Retry-After": AGAIN_S})


def _know(access: Access, old: str, fresh: str, view: View) -> None:
    """Where people sign in, the TV is let in as a viewer of what it shows, and of
    nothing else, by the secret that its cookie has from now on."""
    before, now = access.register.token(digest(old)), access.clock()
    if before is not None:
        access.register.put(before.revoked(now))
    name = NAMED.format(deployments=", ".join(view.deployments))[:NAME_MOST]
    within = frozenset(view.deployments)
    wanted = Wanted(name, Kind.TV, Role.VIEWER, within, view.by, ENTRY_LASTS)
    access.bearers.make(wanted, now, fresh)


def _known_before() -> str | None:
    """Where a TV goes that another process let in."""
    person = caller()
    within = person.grants[0].deployments if person.kind is Kind.TV else None
    if not within:
        return None
    turn = USUAL_TURN_S if len(within) > 1 else None
    return address(View(tuple(sorted(within)), turn))


def _name(answer: Response, secret: str, lasts: int | None, secure: bool) -> None:
    answer.set_cookie(
        TV_COOKIE,
        secret,
        max_age=lasts,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


async def _waiting(site: Site, desk: Desk, secret: str) -> AsyncIterator[bytes]:
    """What a bus says of any deployment is the pulse by which a code runs out."""
    pulse = site.bus.subscribe(next(iter(site.every)), None)
    said_at = site.clock()
    yield frames.RETRY
    async for _ in together(pulse, desk.turns()):
        screen = desk.find(secret)
        if screen is None or screen.view is not None:
            yield b"event: %b\ndata: {}\n\n" % (b"let-in" if screen else b"gone")
            return
        if abs(site.clock() - said_at) >= PULSE:
            said_at = site.clock()
            yield frames.HEARTBEAT


def _answers() -> Answers:
    said = says(Admitted, 400, 403, 404, 415, 422, 429)
    return {201: said.pop(200)} | said
