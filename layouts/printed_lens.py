"""The map under the capacity lens, for paper: width is load, fill is headroom, the
label the days left. The places are those of every map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.domain.capacity import Fill, Lens, LensMark
from app.domain.topology import Box, Topology
from layouts.capacity_lens import FILLS, WIDTHS
from layouts.geometry import BADGE, PLACES, ROUTES, STACKED, Route
from layouts.geometry import WIDTH as MAP_WIDTH
from layouts.printed_map import (
    INK,
    PAPER,
    QUIET,
    Area,
    Label,
    Line,
    Rect,
    Shape,
    arrow,
    boundary,
    frame,
    shortened,
)
from layouts.strings_lens import FILLS as WORDS
from layouts.strings_lens import LABEL, WIDTH

LINE: Final = "#3f6ea8"
TONES: Final[dict[Fill, tuple[str, str, tuple[float, ...], str]]] = {
    Fill.FREE: (PAPER, "#3262a6", (), INK),
    Fill.NEAR: ("#f7d9b0", "#cc6d00", (6, 3), INK),
    Fill.FULL: ("#662214", "#662214", (), PAPER),
    Fill.UNKNOWN: (PAPER, "#8b8b8b", (2, 3), QUIET),
}
"""Plate, frame, its dashes, and text."""
PLATE_H: Final = 24
LEGEND_Y: Final = 925
SIZE: Final = (MAP_WIDTH, 940)
"""The plane of the map, and a line for the legend."""


def shapes(topology: Topology, lens: Lens) -> tuple[Shape, ...]:
    """From the back to the front, in a plane of `SIZE`, y downwards."""
    marks = {one.number: one for one in lens.marks}
    groups = [box for box in topology.boxes if box.members]
    others = [box for box in topology.boxes if not box.members]
    drawn: list[Shape] = [*boundary()]
    drawn += [shape for box in groups for shape in _box(box)]
    for number, route in ROUTES.items():
        if number in marks:
            drawn += _line(route, marks[number])
    drawn += [shape for box in others for shape in _box(box)]
    for number, route in ROUTES.items():
        if number in marks:
            drawn += _plate(route, marks[number])
    return (*drawn, *_legend())


def told(lens: Lens) -> str:
    """For who can't see it: what is not simply free."""
    loud = [
        f"{one.number} {WORDS[one.fill]} ({one.told})"
        for one in lens.marks
        if one.fill in (Fill.NEAR, Fill.FULL)
    ]
    return "; ".join(loud) or WORDS[Fill.FREE]


def _box(box: Box) -> Iterator[Shape]:
    place = PLACES[box.id]
    yield frame(box, place)
    if box.members:
        for row, text in enumerate(place.lines):
            y = place.y + 142 + 16 * row
            yield Label(text, place.x + 16, y, 13, bold=True, centred=False)
        return
    top = place.y + (place.h - 16 * len(place.lines)) / 2 + 12
    for row, text in enumerate(place.lines):
        yield Label(text, place.x + place.w / 2, top + 16 * row, 13, bold=True)


def _line(route: Route, mark: LensMark) -> Iterator[Shape]:
    dash = () if mark.width else (2, 5)
    yield Line(shortened(route), LINE, WIDTHS[mark.width], dash)
    yield Area(arrow(route), LINE)


def _plate(route: Route, mark: LensMark) -> Iterator[Shape]:
    x, y = route.badge
    around = STACKED if route.stack else BADGE
    fill, edge, dash, ink = TONES[mark.fill]
    wide, high = around.right - around.left, around.bottom - around.top
    yield Rect(x + around.left, y + around.top, wide, high, fill, edge, 2, dash)
    label = mark.label or "–"
    if route.stack:
        yield Label(str(mark.number), x, y + around.top + 16, 14, ink, bold=True)
        yield Label(label, x, y + around.bottom - 6, 12, ink)
        return
    yield Label(str(mark.number), x + around.left + 16, y + 5, 14, ink, bold=True)
    yield Label(label, x + around.left + (wide + 30) / 2, y + 5, 12.5, ink)


def _legend() -> Iterator[Shape]:
    x = 24.0
    for fill in FILLS:
        tone, edge, dash, _ = TONES[fill]
        yield Rect(x, LEGEND_Y - 14, 34, 16, tone, edge, 2, dash)
        yield Label(WORDS[fill], x + 42, LEGEND_Y, 13, QUIET, centred=False)
        x += 190
    for width in WIDTHS[1:]:
        yield Line(((x, LEGEND_Y - 6), (x + 30, LEGEND_Y - 6)), LINE, width)
        x += 38
    text = f"{WIDTH}; {LABEL}"
    yield Label(text, x + 8, LEGEND_Y, 13, QUIET, centred=False)
