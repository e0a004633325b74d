"""ASGI wrappers around everything: `HEAD`, security headers, cache headers."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOREVER: Final = "public, max-age=31536000, immutable"
NOT_KEPT: Final = "no-store"
SUITES: Final = "/_dash-component-suites/"
ASSETS: Final = "/assets/"
USED: Final = ("clipboard-write", "fullscreen", "screen-wake-lock")
"""What a page of ours asks the browser for: to copy, and to be a wall."""
REFUSED: Final = (
    "accelerometer", "camera", "clipboard-read",
    "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS: Final = ", ".join(
    [*(f"{name}=(self)" for name in USED), *(f"{name}=()" for name in REFUSED)]
)
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Our own files, and no script that stands in a page. Styles may stand in attributes:
places along a time are such, and Plotly writes a style sheet when it draws. No value of
ours gets into one unescaped."""
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
HTTPS_ONLY: Final = "max-age=31536000"
"""A year. Other names of the domain are not ours to speak for."""
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
"""The policy of an answer that is no page."""


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
    """Adds the headers that every answer carries. `https`: people come by HTTPS,
    whatever the last part of the way is."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app, self._https = app, https

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
        headers["Content-Security-Policy"] = POLICY
        if self._https or scope.get("scheme") == "https":
            headers["Strict-Transport-Security"] = HTTPS_ONLY
        if status == 200 and immutable(scope):
            headers["Cache-Control"] = FOREVER
        elif status < 400 and scope["path"].startswith((ASSETS, SUITES)):
            headers["Cache-Control"] = "no-cache"
        else:
            headers.setdefault("Cache-Control", NOT_KEPT)
