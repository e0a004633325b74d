"""What stands where a page can't be shown: why, and a way on."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.web.assets import asset_url
from app.web.past import NotKept
from layouts import strings_moments
from layouts import strings_plain as words
from layouts.plain import MESSAGE_STYLES, message, plain_page
from layouts.strings import PRODUCT


def missing(
    text: str,
    *,
    status: int = 404,
    heading: str = words.NOT_FOUND,
    way: tuple[str, str] = ("/", words.HOME),
) -> HTMLResponse:
    """`way`: the address that leads on, and what it is called."""
    page = plain_page(
        message(heading, text, way),
        title=f"{heading} · {PRODUCT}",
        styles=MESSAGE_STYLES,
        asset=asset_url,
    )
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})


def no_picture(exc: NotKept, asked: str, way: tuple[str, str]) -> HTMLResponse:
    """Instead of the page of a moment; `way` leads on."""
    return missing(
        strings_moments.NONE_OF_IT.format(asked=asked, problem=exc),
        status=503 if exc.passing else 404,
        heading=strings_moments.NO_PICTURE,
        way=way,
    )


def no_moment(exc: ValueError, asked: str, way: tuple[str, str]) -> HTMLResponse:
    """Likewise, where what is asked for is no time."""
    return missing(
        strings_moments.NOT_A_TIME.format(asked=asked, problem=exc),
        status=400,
        heading=strings_moments.NO_MOMENT,
        way=way,
    )


def present(request: Request) -> tuple[str, str]:
    """The way to the same page and choice, now."""
    rest = [(k, v) for k, v in request.query_params.multi_items() if k != "at"]
    query = f"?{urlencode(rest)}" if rest else ""
    return f"{request.url.path}{query}", strings_moments.SHOW_PRESENT
