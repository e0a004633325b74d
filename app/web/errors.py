"""Errors as every caller sees them: `{"error": {"code", "message", "field"}}`.

4xx is the caller's fault, 503 ours for the moment (with `Retry-After`), 500 a bug: it
is logged here, once, and its text stays in the log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from dash.exceptions import DashException, PreventUpdate
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.api_error import ApiError
from app.web.messages import missing
from app.web.request_id import current
from layouts.strings_plain import NO_PAGE

log = structlog.get_logger(__name__)

CODES: Final = {
    400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large",
}  # fmt: skip
MALFORMED: Final = (
    LookupError, TypeError, ValueError, AttributeError, RecursionError, DashException,
)  # fmt: skip
"""What Dash raises when the body that its own page would send is not what it is."""


def answer(
    status: int,
    code: str,
    message: str,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    told = {"code": code, "message": message, "field": field}
    body = {"error": {**told, "request_id": current()}}
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(body, status, headers=kept)


def install(server: FastAPI) -> None:
    """Give every error of `server` the one shape."""

    @server.exception_handler(ApiError)
    async def _ours(_request: Request, exc: ApiError) -> JSONResponse:
        return answer(exc.status, exc.code, str(exc), exc.field, exc.headers)

    @server.exception_handler(HTTPException)
    async def _http(request: Request, exc: HTTPException) -> Response:
        if exc.status_code == 404 and _by_a_person(request):
            return missing(NO_PAGE.format(path=request.url.path))
        code = CODES.get(exc.status_code) or _snake(exc.detail)
        text = f"{request.method} {request.url.path}: {exc.detail.lower()}"
        return answer(exc.status_code, code, text, headers=exc.headers)

    @server.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, exc: RequestValidationError) -> JSONResponse:
        first = exc.errors()[0]
        field = _field(first["loc"])
        return answer(422, "invalid", f"{field}: {first['msg'].lower()}", field)

    server.add_middleware(Guard)


def _by_a_person(request: Request) -> bool:
    """Who asks for a page is told by one; scripts ask for none, or for the API."""
    pages = "text/html" in request.headers.get("accept", "")
    return pages and not request.url.path.startswith("/api/")


def _field(place: Sequence[str | int]) -> str:
    """The parameter at fault, or the part of the body; of a list, the list."""
    return next(part for part in reversed(place) if isinstance(part, str))


def _snake(text: str) -> str:
    return re.sub(r"[^a-z]+", "_", text.lower()).strip("_")


class Guard:
    """The last line: an exception that nobody expected becomes a 500 and a log entry.

    It must stand inside Dash's own middleware, which would hide it without a trace.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except PreventUpdate:
            raise
        except ClientDisconnect:
            return  # Nobody is left to be told.
        except Exception as exc:  # noqa: BLE001  see above
            if begun:
                raise
            await _told(scope, exc)(scope, receive, send)


def _told(scope: Scope, exc: Exception) -> JSONResponse:
    path = scope["path"]
    if path.startswith("/_dash-") and isinstance(exc, MALFORMED):
        log.info("malformed request to Dash", path=path, error=type(exc).__name__)
        return answer(400, "malformed", f"{path}: not a request that a page sends")
    log.error("bug while answering", path=path, exc_info=exc)
    return answer(500, "internal", "a bug in the dashboard; its log says more")
