"""What a web replica hands on to the collector that leads, as the request that it is.

Who changes something must be one: the collector's own endpoints answer, with what they
know of the notes, the incidents in hand and the judgements. What they say is sent on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.bus.base import NoAnswer
from app.web.access.peers import PEER, peer
from app.web.access.visit import noted
from app.web.errors import answer

DEPLOYMENTS: Final = "/api/v1/deployments/"
WALL: Final = "/api/v1/wall/"
READS: Final = ("GET", "HEAD")
EXPLAIN: Final = "/explain"
TOO_LARGE: Final = "too_large"
KEPT_HEADERS: Final = (b"content-type", b"cache-control", b"retry-after", b"set-cookie")
TEXT: Final = "latin-1"
"""How HTTP's bytes travel as JSON's texts: each is one character."""

Json = dict[str, Any]
Ask = Callable[[bytes], Awaitable[bytes]]
Follow = Callable[[Ask, Scope, Receive, Send], Awaitable[None]]


def is_handed_on(method: str, path: str) -> bool:
    """Whether only the process that collects can answer this."""
    if path.startswith(WALL):
        return method == "POST"
    changes = method not in READS
    return path.startswith(DEPLOYMENTS) and (changes or path.endswith(EXPLAIN))


class HandOn:
    """ASGI wrapper. `ask` raises `NoAnswer`. `streams`: what is answered by asking
    again and again, by its path."""

    def __init__(self, app: ASGIApp, ask: Ask, streams: Mapping[str, Follow]) -> None:
        self._app, self._ask, self._streams = app, ask, streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in self._streams:
            await self._streams[scope["path"]](self._ask, scope, receive, send)
            return
        if scope["type"] != "http" or not is_handed_on(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            body = await _body(receive)
            if body is None:
                return
            said = orjson.loads(await self._ask(packed(scope, body)))
        except HTTPException as exc:  # of who counts the bytes (`app.web.sizes`)
            refused = answer(
                exc.status_code, TOO_LARGE, exc.detail, headers=exc.headers
            )
            await refused(scope, receive, send)
            return
        except NoAnswer as exc:
            again = {"Retry-After": "2"}
            text = f"only the collector can do this: {exc}; try again"
            await answer(503, "no_collector", text, headers=again)(scope, receive, send)
            return
        noted()
        await _tell(said, send)


async def _body(receive: Receive) -> bytes | None:
    """All of it; `None`: the caller has left meanwhile. Raises a 413."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def packed(scope: Scope, body: bytes) -> bytes:
    client = scope.get("client")
    return orjson.dumps(
        {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(TEXT),
            "scheme": scope.get("scheme", "http"),
            "headers": [[k.decode(TEXT), v.decode(TEXT)] for k, v in scope["headers"]],
            "client": None if client is None else list(client),
            "peer": peer(scope),
            "body": body.decode(TEXT),
        }
    )


async def _tell(said: Json, send: Send) -> None:
    headers = [(k.encode(TEXT), v.encode(TEXT)) for k, v in said["headers"]]
    start = {"type": "http.response.start", "status": said["status"]}
    await send(start | {"headers": headers})
    await send({"type": "http.response.body", "body": said["body"].encode(TEXT)})


def doing(app: ASGIApp, settled: Callable[[], None]) -> Callable[[bytes], bytes]:
    """For the collector: what it does with a question, in a thread that is not the
    web's. `settled` waits until what was changed is kept."""

    def do(question: bytes) -> bytes:
        asked: Json = orjson.loads(question)
        said = asyncio.run(_done(app, asked))
        if asked["method"] not in READS:
            settled()
        return orjson.dumps(said)

    return do


async def _done(app: ASGIApp, asked: Json) -> Json:
    """The answer of `app`, whole."""
    said: Json = {"status": 500, "headers": [], "body": ""}
    body = asked["body"].encode(TEXT)

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            said["status"] = message["status"]
            kept = [(k, v) for k, v in message["headers"] if k.lower() in KEPT_HEADERS]
            said["headers"] = [[k.decode(TEXT), v.decode(TEXT)] for k, v in kept]
        else:
            said["body"] += message.get("body", b"").decode(TEXT)

    await app(_scope(asked), receive, send)
    return said


def _scope(asked: Json) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked["method"],
        "scheme": asked["scheme"],
        "path": asked["path"],
        "raw_path": asked["path"].encode(),
        "root_path": "",
        "query_string": asked["query"].encode(TEXT),
        "headers": [(k.encode(TEXT), v.encode(TEXT)) for k, v in asked["headers"]],
        "client": None if asked["client"] is None else tuple(asked["client"]),
        "server": ("collector", 0),
        "state": {PEER: asked.get("peer")},
    }
