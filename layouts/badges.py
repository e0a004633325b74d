"""A line's badge: the sign of its status, its number, the chosen value, and what may
stand at it."""

from __future__ import annotations

from typing import Final

from layouts import marks
from layouts.geometry import BADGE, STACKED, Route
from layouts.glyphs import use
from layouts.markup import Markup, tag
from layouts.says import State

CAP: Final = 50
"""How much of a flat badge its sign and number take."""
CAP_HEIGHT: Final = 22
SIGN: Final = 14


def badge(number: int, route: Route, state: State, value: str) -> Markup:
    """Drawn around (0, 0), moved to its place as a whole."""
    around = STACKED if route.stack else BADGE
    flapping = state["flapping"]
    flap = tag(
        "text", f"×{flapping}" if flapping else "", x=around.left + 1,
        y=around.top - 4, class_="flap", data_part="flap",
    )  # fmt: skip
    return tag(
        "g",
        tag("rect", x=around.left, y=around.top, width=around.right - around.left,
            height=around.bottom - around.top, rx=7, class_="plate"),
        _stacked(number, state, value) if route.stack else _flat(number, state, value),
        marks.lately_at_badge(route),
        flap,
        marks.witnesses(route, state),
        marks.at_badge(route, state),
        class_="badge",
        transform=f"translate({route.badge[0]} {route.badge[1]})",
    )  # fmt: skip


def _flat(number: int, state: State, value: str) -> list[Markup]:
    """Sign, number and value beside each other."""
    left, middle = BADGE.left, (BADGE.left + CAP + BADGE.right) // 2
    return [
        _cap(left, BADGE.top, CAP, BADGE.bottom - BADGE.top),
        use(state["status"], x=left + 7, y=-7, width=SIGN, height=SIGN),
        _number(number, left + 35, 5),
        _value(value, middle, 5),
    ]


def _stacked(number: int, state: State, value: str) -> list[Markup]:
    """The value under sign and number."""
    left, width = STACKED.left, STACKED.right - STACKED.left
    return [
        _cap(left, STACKED.top, width, CAP_HEIGHT),
        use(state["status"], x=left + 16, y=-9, width=SIGN, height=SIGN),
        _number(number, left + 46, 3),
        _value(value, 0, 25),
    ]


def _cap(x: int, y: int, width: int, height: int) -> Markup:
    return tag("rect", x=x, y=y, width=width, height=height, rx=7, class_="cap")


def _number(number: int, x: int, y: int) -> Markup:
    return tag("text", number, x=x, y=y, class_="number")


def _value(value: str, x: int, y: int) -> Markup:
    return tag("text", value, x=x, y=y, class_="value", data_part="value")
