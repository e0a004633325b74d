"""Every route of the application, and an address of each that leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.web.factory import WebApp

FILLED = {
    "deployment": "demo",
    "number": "9",
    "node": "redis",
    "form": "csv",
    "incident": "2026-11-24-001",
    "note": "2026-11-24-1000-00000000",
    "window": "2026-11-24-1000-00000000",
}
"""By the names of parameters; what is called otherwise is filled with `x`."""
UNASKED = ("CONNECT", "TRACE")


def every(web: WebApp) -> Iterator[tuple[str, str]]:
    """Method and address, each once."""
    seen = dict.fromkeys(
        (method, filled(route.path))
        for route in _routes(web.server.routes)
        for method in sorted(route.methods or {"GET"})
        if method not in UNASKED
    )
    yield from seen


def _routes(routes: Any) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if inner:
            yield from _routes(inner)
        elif hasattr(route, "methods"):
            yield route


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: FILLED.get(found[1], "x"), path)
