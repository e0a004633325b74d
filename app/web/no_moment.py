"""Instead of the page of a moment that can not be shown: why, and a way to now."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.web.messages import missing
from app.web.past import NotKept
from layouts import strings_moments as words


def no_picture(exc: NotKept, asked: str, way: tuple[str, str]) -> HTMLResponse:
    """Instead of the page of a moment; `way` leads on."""
    return missing(
        words.NONE_OF_IT.format(asked=asked, problem=exc),
        status=503 if exc.passing else 404,
        heading=words.NO_PICTURE,
        way=way,
    )


def no_moment(exc: ValueError, asked: str, way: tuple[str, str]) -> HTMLResponse:
    """Likewise, where what is asked for is no time."""
    return missing(
        words.NOT_A_TIME.format(asked=asked, problem=exc),
        status=400,
        heading=words.NO_MOMENT,
        way=way,
    )


def present(request: Request) -> tuple[str, str]:
    """The way to the same page and choice, now."""
    rest = [(k, v) for k, v in request.query_params.multi_items() if k != "at"]
    query = f"?{urlencode(rest)}" if rest else ""
    return f"{request.url.path}{query}", words.SHOW_PRESENT
