"""HTTP as uvicorn speaks it, for callers that are slow on purpose.

uvicorn waits without end for a request that was begun: whoever sends a byte now and
then (slow loris) would hold a connection for ever, and whoever never ends a header
would fill the memory. Here a request has a time in which it must have arrived whole,
and a size that its beginning may have. What then has arrived is `app.web.sizes`'s to
judge.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any, Final

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.bounds import Bounds
from app.web.access.peers import PEER
from app.web.headers import FIXED, NOT_KEPT, NOTHING

SLACK: Final = 16 << 10
"""The request line, and what stands between names and values."""
SLOW: Final = "the request did not arrive in time"
ENDLESS: Final = "the headers do not end"


class Config(uvicorn.Config):
    """uvicorn's, with the bounds that a connection keeps."""

    bounds: Bounds


class Patient(HttpToolsProtocol):
    """One connection. Its patience begins when it is made, or with the first byte of a
    later request, and ends when a request has arrived."""

    config: Config
    _waiting: asyncio.TimerHandle | None = None
    _head: int | None = 0
    """Bytes of a request whose headers have not ended; `None`: they have."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= self.config.bounds.connections:
            # Its own limit would answer, and so wait, for who never asks.
            transport.abort()
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and self._answered():
            self._wait()
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        bounds = self.config.bounds
        if self._head is not None and self._head > bounds.headers + bounds.url + SLACK:
            self.refuse(431, "too_many_headers", ENDLESS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"][PEER] = self.client
        self._head = self._head or 1
        if self._waiting is None:
            self._wait()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._arrived()
        self._head = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self.refuse(400, "malformed", msg)

    def refuse(self, status: int, code: str, text: str) -> None:
        """The last answer of this connection."""
        if self.transport.is_closing():
            return
        begun = not self._answered() and self.cycle.response_started
        if not begun and not self.pipeline:
            self.transport.write(_answer(status, code, text))
        self.transport.close()

    def _answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        arrival = self.config.bounds.arrival
        self._waiting = self.loop.call_later(arrival, self._lose_patience)

    def _arrived(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _lose_patience(self) -> None:
        if self._head == 0 and self._answered():
            self.transport.close()  # Who never asked needs no answer.
        else:
            self.refuse(408, "too_slow", SLOW)


def _answer(status: int, code: str, text: str) -> bytes:
    body = orjson.dumps({"error": {"code": code, "message": text, "field": None}})
    headers: dict[str, Any] = {
        **FIXED,
        "Content-Security-Policy": NOTHING,
        "Cache-Control": NOT_KEPT,
        "Content-Type": "application/json",
        "Content-Length": len(body),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
