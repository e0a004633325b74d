"""The simulated Consul's way from a request to its handler: who may, and what is told.

What is refused, and how, was compared with a real Consul 1.8.7; so was what is counted.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.simulator.consul_answers import VARY, as_text
from app.simulator.consul_metrics import Metrics, path_name
from app.simulator.consul_options import Refused

METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")
FRONT: Final = "/"

Handler = Callable[[Request], Awaitable[Response]]


def route(path: str, allowed: str, handler: Handler, metrics: Metrics) -> Route:
    """`allowed`: methods, with commas."""
    checked = _allowing(allowed, handler)
    if path != FRONT:
        checked = _measured(path, checked, metrics)
    return Route(path, checked, methods=METHODS)


def _allowing(allowed: str, handler: Handler) -> Handler:
    async def checked(request: Request) -> Response:
        if request.method in allowed.split(","):
            return await handler(request)
        allow = {"Allow": f"OPTIONS,{allowed}"}
        if request.method == "OPTIONS":
            return Response(headers={**VARY, **allow})
        refused = as_text(request, 405, f"method {request.method} not allowed")
        refused.headers.update(allow)
        return refused

    return checked


def _measured(path: str, handler: Handler, metrics: Metrics) -> Handler:
    """How long each request took, refused ones and the time that was waited for news
    included."""

    async def timed(request: Request) -> Response:
        began = time.monotonic()
        try:
            return await handler(request)
        finally:
            took_ms = (time.monotonic() - began) * 1000
            metrics.sample(path_name(request.method, path), took_ms)

    return timed


async def unknown_path(request: Request, exc: Exception) -> Response:
    return Response(status_code=404)


async def refusal(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, Refused)
    response = as_text(request, exc.status, exc.text)
    if exc.meta:
        response.headers.update(meta_headers(1, False, 0))
    return response


def meta_headers(index: int, known_leader: bool, contact_ms: int) -> dict[str, str]:
    return {
        "X-Consul-Index": str(index),
        "X-Consul-Knownleader": "true" if known_leader else "false",
        "X-Consul-Lastcontact": str(contact_ms),
    }
