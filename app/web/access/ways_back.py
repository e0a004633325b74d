"""The way to the sign-in page, and from there back to the page that was asked for."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.requests import HTTPConnection

from app.web.access.own_page import HOME, own_page

LOGIN: Final = "/auth/login"
CALLBACK: Final = "/auth/callback"
LOGOUT: Final = "/auth/logout"


def asked(request: HTTPConnection) -> str:
    """The address of this request, as `next` carries it."""
    query = request.scope["query_string"].decode("latin-1")
    path = quote(request.scope["path"], safe="/~")
    return own_page(f"{path}?{query}" if query else path)


def sign_in(wanted: str) -> str:
    """The sign-in page, which then leads to `wanted`."""
    way = "" if wanted == HOME else f"?next={quote(wanted, safe='')}"
    return f"{LOGIN}{way}"
