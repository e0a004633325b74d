"""What a route raises for the one who asked; `app.web.errors` tells it. It loads no web
framework: what is watched is described before one is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AGAIN_S: Final = "10"
"""After so many seconds it is worth to ask again what could not be read."""
UNREADABLE: Final = "the history can't be read: {why}"


class ApiError(Exception):
    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.field = status, code, field
        self.headers = headers


def unreadable(exc: Exception) -> ApiError:
    """What the API says while the history can't be read."""
    text = UNREADABLE.format(why=exc)
    return ApiError(503, "unreadable", text, headers={"Retry-After": AGAIN_S})
