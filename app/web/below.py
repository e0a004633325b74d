"""All of it below a path of its own: `server.public_url: https://ops.example/gws`.

Pages, scripts and routes are written as if they stood at the top. A request may come
with the path or without (a proxy may take it off); what is sent leads there always. It
is done in one place, to the bytes: no page and no script has to know where it stands.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOPS: Final = (
    "admin|api|assets|auth|capacity|charts|compare|connections|debug|fleet|healthz"
    "|incident|map|metrics|openapi.json|readyz|timeline|wall"
    "|_dash-[a-z-]+|_favicon.ico|_reload-hash"
)
"""What every address of ours begins with; a test holds it to the routes."""
AFTER: Final = r"(?=[/\"'`?])"
QUOTED: Final = re.compile(rf"([\"'`])/((?:{TOPS}){AFTER})".encode())
HOME: Final = re.compile(rb'(\shref=")/(")')
OF_DASH: Final = re.compile(rb'("requests_pathname_prefix": ?")(?:/|\\u002f)(")')
REWRITTEN: Final = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
)
ENTRANCES: Final = ("/api/v1/wall/", "/auth/")
"""What answers with a path to go to, as JSON."""
SUITES: Final = "/_dash-component-suites/"
"""Dash's own scripts, which ask the page where it stands."""


def path_of(public_url: str | None) -> str:
    """`/gws`, or nothing where it stands at the top."""
    return urlsplit(public_url or "").path.rstrip("/")


def led(body: bytes, path: str) -> bytes:
    """A page or a script whose addresses lead below `path`."""
    to = path.encode()
    body = QUOTED.sub(rb"\1" + to + rb"/\2", body)
    body = HOME.sub(rb"\1" + to + rb"/\2", body)
    return OF_DASH.sub(rb"\1" + to + rb"/\2", body)


class Below:
    """Outermost: takes the path off."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{self._path}/"):
            rest = scope["path"].removeprefix(self._path)
            scope = {**scope, "path": rest, "raw_path": rest.encode()}
        await self._app(scope, receive, send)


class Led:
    """Innermost: what is sent leads below the path."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(SUITES):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Leading(scope, send, self._path).send)


def leading(app: ASGIApp, path: str) -> ASGIApp:
    """`app` itself where it stands at the top."""
    return Led(app, path) if path else app


class _Leading:
    """One answer; one that is rewritten is held until it is whole."""

    def __init__(self, scope: Scope, send: Send, path: str) -> None:
        self._scope, self._send, self._path = scope, send, path
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._end(self._start)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        location = headers.get("location", "")
        if location.startswith("/"):
            headers["location"] = self._path + location
        if self._is_rewritten(Headers(raw=message["headers"])):
            self._start = message
        else:
            await self._send(message)

    def _is_rewritten(self, headers: Headers) -> bool:
        kind = headers.get("content-type", "").partition(";")[0]
        told = kind == "application/json" and self._scope["path"].startswith(ENTRANCES)
        return told or kind in REWRITTEN

    async def _end(self, start: Message) -> None:
        body = led(self._body, self._path)
        headers = MutableHeaders(scope=start)
        if "content-length" in headers and self._body:
            headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
