"""One sign per status: the same shape on the picture, in tables and in the header.

Filled shapes ask for attention, outlined ones do not. `currentColor` draws the shape,
`--sign-ink` what is cut into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.status import Status
from layouts.markup import Markup, tag

_INK: Final = 'class="sign-ink"'
_OUTLINE: Final = 'class="sign-line"'
_BODY: Final = 'class="sign-body"'

SHAPES: Final[dict[str, str]] = {
    Status.OK: f'<path {_OUTLINE} d="M2.5 7.6 5.6 10.7 11.5 3.9"/>',
    Status.DEGRADED: (
        f'<path {_BODY} d="M7 .9 13.6 12.9H.4Z"/>'
        f'<path {_INK} d="M7 5.2v3.4M7 10.5v.6"/>'
    ),
    Status.FAILING: (
        f'<path {_BODY} d="M4.3.6h5.4l3.7 3.7v5.4l-3.7 3.7H4.3L.6 9.7V4.3Z"/>'
        f'<path {_INK} d="M4.6 4.6l4.8 4.8M9.4 4.6 4.6 9.4"/>'
    ),
    Status.IDLE: (
        f'<circle {_OUTLINE} cx="7" cy="7" r="5.4"/><path {_OUTLINE} d="M4.6 7h4.8"/>'
    ),
    Status.NO_DATA: (
        f'<path {_OUTLINE} d="M4.2 4.9a2.8 2.8 0 1 1 4.3 2.4C7.5 8 7 8.4 7 9.3'
        'M7 11.6v.6"/>'
    ),
    Status.STALE: (
        f'<circle {_OUTLINE} cx="7" cy="7" r="5.6"/>'
        f'<path {_OUTLINE} d="M7 3.8V7.2L9.4 8.6"/>'
    ),
    Status.MAINTENANCE: f'<path {_OUTLINE} d="M4.6 3v8M9.4 3v8"/>',
    Status.ABSENT: f'<path {_OUTLINE} d="M3 11 11 3"/>',
}


def symbols() -> Markup:
    """The definitions that `sign` refers to; once in a page."""
    return definitions("gws-sign", SHAPES)


def definitions(prefix: str, shapes: Mapping[str, str]) -> Markup:
    """Signs to refer to as `#<prefix>-<name>`; each shape is safe markup, 14 by 14."""
    drawn = [
        tag("symbol", Markup(shape), id=f"{prefix}-{name}", viewBox="0 0 14 14")
        for name, shape in shapes.items()
    ]
    return tag(
        "svg",
        tag("defs", drawn),
        class_="symbols",
        width=0,
        height=0,
        aria_hidden="true",
        focusable="false",
    )


def sign(status: str, *, part: bool = True) -> Markup:
    """The status's sign within HTML; `part`: the browser changes it with the status."""
    return tag(
        "svg",
        use(status, part=part),
        class_="sign",
        viewBox="0 0 14 14",
        aria_hidden="true",
        focusable="false",
    )


def use(status: str, *, part: bool = True, **place: int) -> Markup:
    """The status's sign within a drawing."""
    return tag(
        "use", href=f"#gws-sign-{status}", data_part="sign" if part else None, **place
    )
