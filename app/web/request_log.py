"""The outermost wrapper: names every request, times it, and logs it where that is
wanted.

A line holds the path without its query: what is searched for is nobody's business, and
an address must not carry a secret into a log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.request_id import HEADER, KEY, named

LONGEST_PATH: Final = 200
STREAM: Final = "text/event-stream"
NO_ANSWER: Final = 499
"""The caller went away before there was one, as nginx has it."""

log = structlog.get_logger(__name__)

Requested = Callable[[int, float], None]
"""Hears of an answer's status, and after how many seconds it was there."""


def nobody(scope: Scope) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Manners:
    """`access`: every request is logged; `slow_s`: those that took longer are, in any
    case; `trusts`: whether the request ids of a peer (its address) are taken over."""

    access: bool = False
    slow_s: float = 1.0
    trusts: Callable[[Scope], bool] = nobody


@dataclass(slots=True)
class _Answer:
    """What of an answer has been sent."""

    began: float
    status: int = NO_ANSWER
    bytes: int = 0
    streams: bool = False
    after_s: float | None = None
    """Until it was there: the whole of it, or of a stream its beginning."""

    def start(self, message: Message) -> None:
        self.status = message["status"]
        kind = Headers(raw=message.get("headers", [])).get("content-type", "")
        self.streams = kind.startswith(STREAM)
        if self.streams:
            self.after_s = monotonic() - self.began

    def end(self) -> float:
        if self.after_s is None:
            self.after_s = monotonic() - self.began
        return self.after_s


class RequestLog:
    def __init__(self, app: ASGIApp, manners: Manners, requested: Requested) -> None:
        self._app, self._manners, self._requested = app, manners, requested

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, answer = self._named(scope), _Answer(monotonic())

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
                answer.start(message)
            else:
                answer.bytes += len(message.get("body", b""))
            await send(message)

        with structlog.contextvars.bound_contextvars(**{KEY: name}):
            try:
                await self._app(scope, receive, told)
            finally:
                self._tell(scope, answer)

    def _named(self, scope: Scope) -> str:
        trusted = self._manners.trusts(scope)
        return named(Headers(scope=scope).get(HEADER) if trusted else None)

    def _tell(self, scope: Scope, answer: _Answer) -> None:
        after_s = answer.end()
        self._requested(answer.status, after_s)
        slow = after_s > self._manners.slow_s
        if not (slow or self._manners.access):
            return
        peer = scope.get("client")
        tell = log.warning if slow else log.info
        tell(
            "slow request" if slow else "request",
            method=scope["method"],
            path=scope["path"][:LONGEST_PATH],
            status=answer.status,
            ms=round(after_s * 1000, 1),
            lasted_s=round(monotonic() - answer.began, 1) if answer.streams else None,
            bytes=answer.bytes,
            peer=None if peer is None else peer[0],
        )
