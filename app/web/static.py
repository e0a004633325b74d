"""Keeps compressed scripts and styles in memory.

Compressing Dash's scripts anew for every viewer would cost the event loop's core a
fifth of a second each. Files whose address names their content never change, so the
answer that was made once is given to everybody. It is kept by its path: whoever makes
up one fingerprint after another would else fill the memory with copies.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.headers import immutable

MOST_ANSWERS: Final = 128
LARGEST_ANSWER: Final = 8 * 1024 * 1024

Key = tuple[str, bool]


class KeptAnswers:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[Key, tuple[Message, bytes]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not immutable(scope):
            await self._app(scope, receive, send)
            return
        gzip = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        key = (scope["path"], gzip)
        if key not in self._kept:
            await self._ask(key, scope, receive, send)
            return
        self._kept.move_to_end(key)
        start, body = self._kept[key]
        await send({**start, "headers": list(start["headers"])})
        await send({"type": "http.response.body", "body": body})

    async def _ask(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        heard: list[Message] = []

        async def listen(message: Message) -> None:
            heard.append({**message, "headers": list(message.get("headers", ()))})
            await send(message)

        await self._app(_whole_answer(scope), receive, listen)
        start, *parts = heard
        body = b"".join(part.get("body", b"") for part in parts)
        if start["status"] == 200 and len(body) <= LARGEST_ANSWER:
            self._kept[key] = (start, body)
            if len(self._kept) > MOST_ANSWERS:
                self._kept.popitem(last=False)


def _whole_answer(scope: Scope) -> Scope:
    """The request without conditions and ranges, whose answers could not be kept."""
    asked = (b"if-none-match", b"if-modified-since", b"range", b"if-range")
    kept = [(name, value) for name, value in scope["headers"] if name not in asked]
    return {**scope, "headers": kept}
