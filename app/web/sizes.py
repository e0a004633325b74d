"""What is too large, or meant for another host, is refused before anything reads it.

uvicorn's parser bounds neither addresses nor headers nor bodies; `app.web.protocol`
bounds what it collects until a request has begun, and this what it then hands on.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.bounds import Bounds
from app.web.errors import answer

MOST_PARAMETERS: Final = 64
MOST_HEADERS: Final = 100
TOO_LARGE: Final = "the body is larger than {} bytes"
CLOSED: Final = {"Connection": "close"}
"""Nobody waits for the rest of what was refused."""
NOT_OURS: Final = (
    "no dashboard is served under the name {!r}; open it by its address, or set "
    "server.public_url"
)
LOCAL: Final = "localhost"


class Sizes:
    """413, 414 and 431 in the API's own shape."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self._app, self._bounds = app, bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        most, query = self._bounds, scope["query_string"]
        address = len(scope.get("raw_path") or scope["path"]) + len(query)
        if address > most.url:
            text = f"the address is longer than {most.url} bytes"
            return answer(414, "too_long", text, headers=CLOSED)
        if query.count(b"&") >= MOST_PARAMETERS:
            text = f"there are more than {MOST_PARAMETERS} parameters"
            return answer(414, "too_long", text, headers=CLOSED)
        headers = scope["headers"]
        if len(headers) > MOST_HEADERS or _size(headers) > most.headers:
            text = f"the headers are more than {MOST_HEADERS}, or {most.headers} bytes"
            return answer(431, "too_many_headers", text, headers=CLOSED)
        if _announced(headers) > most.body:
            text = TOO_LARGE.format(most.body)
            return answer(413, "too_large", text, headers=CLOSED)
        return None

    def _counted(self, receive: Receive) -> Receive:
        """Raises a 413 for a body that never said how large it would be."""
        most, got = self._bounds.body, 0

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > most:
                raise HTTPException(413, TOO_LARGE.format(most), dict(CLOSED))
            return message

        return counted


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _announced(headers: list[tuple[bytes, bytes]]) -> int:
    """The server has made sure that it is a number."""
    return next((int(v) for name, v in headers if name == b"content-length"), 0)


class Hosts:
    """Where nobody signs in and the dashboard is for this machine alone, a page of any
    site could have its own name lead here (DNS rebinding) and read everything. A name
    that is not ours is refused; an address can't be made to lead elsewhere."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app, self._names = app, {LOCAL, *names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _host(scope) if scope["type"] == "http" else LOCAL
        if asked in self._names or _is_address(asked):
            await self._app(scope, receive, send)
            return
        refusal = answer(421, "not_ours", NOT_OURS.format(asked[:80]))
        await refusal(scope, receive, send)


def _host(scope: Scope) -> str:
    """The name without the port; empty where none is given or it can't be read."""
    found: Any = next((v for name, v in scope["headers"] if name == b"host"), b"")
    try:
        return urlsplit(f"//{found.decode('latin-1')}").hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
