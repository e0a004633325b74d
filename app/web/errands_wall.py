"""A TV that waits at a web replica: the lobby is the collector's, and is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Cookie, Response
from starlette.types import Receive, Scope, Send

from app.bus import frames
from app.bus.base import NoAnswer
from app.web.access.bearer import TV_COOKIE
from app.web.api import STREAM_HEADERS, json
from app.web.desk import Desk
from app.web.errands import Ask, packed

STATE: Final = "/api/v1/wall/pairings/state"
STREAM: Final = "/api/v1/wall/pairings/stream"
LOOK_S: Final = 1.5
LONGEST_S: Final = 660.0
"""Longer than a code lasts."""
WAITS, LET_IN, GONE = "waits", "let-in", "gone"


def pairing_router(desk: Desk) -> APIRouter:
    """For the collector."""
    router = APIRouter(include_in_schema=False)

    @router.get(STATE)
    async def state(
        secret: Annotated[str | None, Cookie(alias=TV_COOKIE)] = None,
    ) -> Response:
        screen = desk.find(secret or "")
        if screen is None:
            return json({"state": GONE})
        return json({"state": WAITS if screen.view is None else LET_IN})

    return router


async def stream(ask: Ask, scope: Scope, receive: Receive, send: Send) -> None:
    """As `app.web.wall_entry` streams it, by asking now and then."""
    headers = [(k.lower().encode(), v.encode()) for k, v in STREAM_HEADERS.items()]
    headers.append((b"content-type", b"text/event-stream; charset=utf-8"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.create_task(_left(receive))
    try:
        async for said in _told(ask, scope, gone):
            part = {"type": "http.response.body", "body": said, "more_body": True}
            await send(part)
    finally:
        gone.cancel()
    await send({"type": "http.response.body", "body": b""})


async def _told(
    ask: Ask, scope: Scope, gone: asyncio.Task[None]
) -> AsyncIterator[bytes]:
    question = packed({**scope, "path": STATE, "method": "GET"}, b"")
    yield frames.RETRY
    for _ in range(int(LONGEST_S / LOOK_S)):
        state = await _state(ask, question)
        if state != WAITS:
            yield f"event: {state}\ndata: {{}}\n\n".encode()
            return
        yield frames.HEARTBEAT
        done, _waiting = await asyncio.wait([gone], timeout=LOOK_S)
        if done:
            return


async def _state(ask: Ask, question: bytes) -> str:
    """While nobody answers it goes on waiting."""
    try:
        said = orjson.loads(await ask(question))
    except NoAnswer:
        return WAITS
    return str(orjson.loads(said["body"]).get("state", GONE))


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
