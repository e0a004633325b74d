"""What stands where a page can't be shown: why, and a way on."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from app.web.assets import asset_url
from app.web.request_id import current
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
    reference = current() if status >= 500 else None
    page = plain_page(
        message(heading, text, way, reference),
        title=f"{heading} · {PRODUCT}",
        styles=MESSAGE_STYLES,
        asset=asset_url,
    )
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})
