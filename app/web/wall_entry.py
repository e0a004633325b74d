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
from app.domain.instants import instant
from app.domain.limits import seconds
from app.domain.screens import ENTRY_LASTS, View
from app.web.api import Answers, json, says
from app.web.desk import Desk
from app.web.errors import ApiError
from app.web.origin import json_only, own_pages_only
from app.web.schema_wall import Admission, Admitted
from app.web.site import Site
from app.web.wall import streamed
from layouts.wall import SHORTEST_TURN_S, USUAL_TURN_S, address

COOKIE: Final = "gws_wall"
PULSE: Final = timedelta(seconds=5)
"""At least so long between two signs of life to a TV that waits."""
Secret = Annotated[str | None, Cookie(alias=COOKIE)]

log = structlog.get_logger(__name__)


def entry_router(site: Site, desk: Desk, public_url: str | None) -> APIRouter:
    router = APIRouter(prefix="/api/v1/wall", tags=["wall"])
    ours = Depends(own_pages_only(public_url))

    @router.post("/pairings", include_in_schema=False, dependencies=[ours])
    async def wait(request: Request, secret: Secret = None) -> Response:
        """A TV wants to be let in: its secret is in a cookie, its code in the body."""
        ticket = desk.wait(secret)
        answer = json({"code": ticket.code, "until": instant(ticket.until)})
        _name(answer, ticket.secret, None, _safe(request, public_url))
        return answer

    @router.get("/pairings/stream", include_in_schema=False)
    async def stream(request: Request, secret: Secret = None) -> Response:
        """`event: let-in`, once; `event: gone` for a code that is over."""
        return streamed(request, _waiting(site, desk, secret or ""))

    @router.post("/entry", include_in_schema=False, dependencies=[ours])
    async def enter(request: Request, secret: Secret = None) -> Response:
        """Where a TV that was let in is to go, and the cookie that names it from now
        on; no path for one that was not."""
        found = desk.enter(secret or "")
        if found is None:
            return json({"path": None})
        fresh, view = found
        answer = json({"path": address(view)})
        lasts = int(ENTRY_LASTS.total_seconds())
        _name(answer, fresh, lasts, _safe(request, public_url))
        return answer

    @router.post(
        "/admissions",
        status_code=201,
        responses=_answers(),
        dependencies=[ours, Depends(json_only)],
    )
    async def admit(request: Request, asked: Admission) -> Response:
        """Let a TV in by the code that it shows; it goes there by itself."""
        view = _view(site, asked)
        caller = request.client.host if request.client else ""
        desk.admit(asked.code, view, caller)
        log.info("TV let in", deployments=view.deployments, caller=caller)
        answer = json({"path": address(view)})
        answer.status_code = 201
        return answer

    return router


def _view(site: Site, asked: Admission) -> View:
    ids = tuple(dict.fromkeys(asked.deployments))
    for one in ids:
        site.find(one)
    turn = None if asked.rotate is None else seconds(asked.rotate)
    if turn is not None and turn < SHORTEST_TURN_S:
        text = f"rotate: {SHORTEST_TURN_S} s at least"
        raise ApiError(422, "invalid", text, "rotate")
    usual = USUAL_TURN_S if len(ids) > 1 else None
    return View(ids, usual if turn is None else int(turn), asked.theme, asked.sound)


def _safe(request: Request, public_url: str | None) -> bool:
    """Does the TV come by HTTPS, as far as can be known behind a proxy?"""
    return request.url.scheme == "https" or (public_url or "").startswith("https:")


def _name(answer: Response, secret: str, lasts: int | None, secure: bool) -> None:
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=lasts,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


async def _waiting(site: Site, desk: Desk, secret: str) -> AsyncIterator[bytes]:
    """What a bus says of any deployment is the pulse by which a code runs out."""
    pulse = site.bus.subscribe(next(iter(site.watched)), None)
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
