"""What stands at a badge when its witnesses are not of one mind, or one's word is old.

A mark is a badge in small, with the witness's initial: filled when it says failing,
dashed when it says degraded, dotted when it is old. While all is well none is drawn, so
that the picture stays quiet; `assets/paint.js` shows and moves them.
"""

from __future__ import annotations

from typing import Final

from layouts import says
from layouts.geometry import (
    BADGE,
    CELL,
    DIFFER,
    STACKED,
    Place,
    Route,
    differ_middle,
    witness_cells,
)
from layouts.markup import Markup, join, tag
from layouts.says import State
from layouts.strings import WITNESSES

TURNED: Final = 10
"""How long the legs of a turned corner are."""
APART_SIGN: Final = join(
    (tag("circle", r=DIFFER), tag("path", d="M-3.5-1.7H3.5M-3.5 1.7H3.5M2-4-2 4"))
)


def witnesses(route: Route, state: State) -> Markup:
    """Every witness that is asked about a connection, in their one order."""
    asked = [name for name in WITNESSES if says.opinion(state, name) != says.UNASKED]
    spots = dict(zip(asked, witness_cells(route, len(asked)), strict=True))
    cells = [_cell(name, state, spots.get(name, (0, 0))) for name in WITNESSES]
    return tag(
        "g",
        cells,
        class_="witnesses",
        data_part="witnesses",
        data_stack=flag(route.stack),
        hidden=flag(not says.doubted(state)),
    )


def at_badge(route: Route, state: State) -> Markup:
    """The sign of disagreement at the upper right of a badge."""
    return _differ(state, *differ_middle(route))


def at_box(place: Place, state: State) -> Markup:
    """The sign of disagreement at the upper right of a box."""
    return _differ(state, *box_corner(place))


def lately_at_badge(route: Route) -> Markup:
    """The turned corner at the lower right of a badge; shown by `data-lately`."""
    around = STACKED if route.stack else BADGE
    right, bottom = around.right, around.bottom
    back = f"M{right} {bottom - TURNED}V{bottom - 7}a7 7 0 0 1-7 7H{right - TURNED}Z"
    return tag("path", d=back, class_="lately")


def lately_at_box(place: Place) -> Markup:
    """The turned corner at the upper left of a box."""
    x, y, far = place.x, place.y, TURNED + 4
    return tag(
        "path", d=f"M{x} {y + far}V{y + 9}a9 9 0 0 1 9-9H{x + far}Z", class_="lately"
    )


def box_corner(place: Place) -> tuple[int, int]:
    """The middle of a box's sign of disagreement: on its corner, within the picture."""
    return place.x + place.w - 3, max(place.y - 2, DIFFER + 1)


def _differ(state: State, x: int, y: int) -> Markup:
    return tag(
        "g",
        APART_SIGN,
        class_="at-odds",
        data_part="differ",
        transform=f"translate({x} {y})",
        hidden=flag(not says.apart(state)),
    )


def flag(there: bool) -> str | None:
    """A drawing is XML: there, an attribute has a value."""
    return "" if there else None


def _cell(name: str, state: State, spot: tuple[int, int]) -> Markup:
    return tag(
        "g",
        tag("rect", x=1, y=1, width=CELL - 2, height=CELL - 2, rx=4),
        tag("text", WITNESSES[name][0], x=CELL // 2, y=CELL - 4),
        data_witness=name,
        data_status=says.opinion(state, name),
        transform=f"translate({spot[0]} {spot[1]})",
    )
