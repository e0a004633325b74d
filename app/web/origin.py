"""Who may change something: a program, or a page of our own.

A browser that has this dashboard within reach must not be led by another site's page to
change anything here. It says from where a request comes (`Origin`), and asks before it
sends JSON to another site, which is then refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from app.web.api_error import ApiError

USUAL_PORTS: Final = {"http": 80, "https": 443}
FOREIGN: Final = (
    "a page of another site may change nothing here; behind a proxy that changes the "
    "Host header, set server.public_url"
)
NOT_JSON: Final = "the body must be sent as Content-Type: application/json"
OWN: Final = ("same-origin", "none")
"""What a browser says of a request of our own page, or of somebody's own doing."""
Place = tuple[str, int | None]


def is_foreign(headers: Mapping[str, str], public_url: str | None) -> bool:
    """Does it say that it comes from elsewhere?"""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", OWN[0]) not in OWN
    scheme = origin.partition(":")[0]
    asked = f"{scheme}://{headers.get('host', '')}"
    ours = {_place(url) for url in (asked, public_url) if url} - {None}
    return _place(origin) not in ours


def is_told(headers: Mapping[str, str]) -> bool:
    """Does it say from where it comes? Every browser does."""
    return "origin" in headers or "sec-fetch-site" in headers


async def json_only(request: Request) -> None:
    """Raises a 415 for what a form of another site could send without being asked."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind.strip().lower() != "application/json":
        raise ApiError(415, "not_json", NOT_JSON)


def _place(url: str) -> Place | None:
    """Host and port; no port where it is the scheme's usual one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    return host, None if port == USUAL_PORTS.get(parts.scheme) else port
