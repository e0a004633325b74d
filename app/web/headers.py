"""ASGI wrappers around everything: `HEAD`, security headers, cache headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOREVER: Final = "public, max-age=31536000, immutable"
SUITES: Final = "/_dash-component-suites/"
ASSETS: Final = "/assets/"
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(script_hashes: Sequence[str]) -> str:
    """The content security policy: our own files, and Dash's inline scripts by hash."""
    scripts = " ".join(["'self'", *script_hashes])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def immutable(scope: Scope) -> bool:
    """Whether the address names the content itself, so that it can be kept for ever."""
    path = scope["path"]
    if path.startswith(SUITES):
        name = path.rsplit("/", 1)[-1]
        return ".v" in name and "m" in name.split(".v", 1)[1]
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return bool(path.startswith(ASSETS) and ("m" in query or "v" in query))


class Head:
    """Answers `HEAD` wherever `GET` is answered: the same headers, no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", "head": True}, receive, bodiless)


class Headers:
    """Adds the headers that every answer carries. `csp` is asked once it is needed:
    the hashes are known only after every callback is registered."""

    def __init__(self, app: ASGIApp, csp: Callable[[], str]) -> None:
        self._app, self._csp = app, csp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._decorate(MutableHeaders(scope=message), scope, message["status"])
            await send(message)

        await self._app(scope, receive, decorated)

    def _decorate(self, headers: MutableHeaders, scope: Scope, status: int) -> None:
        headers.update(FIXED)
        headers["Content-Security-Policy"] = self._csp()
        if status == 200 and immutable(scope):
            headers["Cache-Control"] = FOREVER
        elif status < 400 and scope["path"].startswith((ASSETS, SUITES)):
            headers["Cache-Control"] = "no-cache"
