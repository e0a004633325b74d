"""The picture for paper: shapes with their own colours, no style sheet and no script.

The same places and lines as on the screen (`layouts.geometry`), in the light theme. A
status is told by colour, line pattern and word, as there; figures that belong to a
living page are left out. What a picture does not tell is drawn thin and without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.status import Status
from app.domain.topology import Box, Topology
from layouts import says
from layouts.geometry import (
    BADGE,
    BOUNDARY,
    HEIGHT,
    PLACES,
    ROUTES,
    STACKED,
    TEXT,
    WIDTH,
    Place,
    Route,
)
from layouts.markup import Markup, tag
from layouts.strings import WORDS

INK: Final = "#16202b"
QUIET: Final = "#4d5a68"
EDGE: Final = "#b9c2cc"
PAPER: Final = "#ffffff"
GROUP: Final = "#f6f8fa"
UNTOLD: Final = "untold"
"""What stands for the status of what a picture does not tell."""
TONES: Final[dict[str, str]] = {
    Status.OK: "#3262a6",
    Status.IDLE: "#3262a6",
    Status.DEGRADED: "#cc6d00",
    Status.FAILING: "#662214",
    Status.STALE: "#8b8b8b",
    Status.NO_DATA: "#8b8b8b",
    Status.ABSENT: "#8b8b8b",
    Status.MAINTENANCE: "#7b5ea7",
    UNTOLD: EDGE,
}
"""`tests/layouts/test_printed_map.py` holds them to the light theme of `gws.css`."""
LINES: Final[dict[str, tuple[float, tuple[float, ...]]]] = {
    Status.OK: (2, ()),
    Status.IDLE: (1.6, (1.6, 5)),
    Status.DEGRADED: (4, (11, 5)),
    Status.FAILING: (5.5, (20, 5)),
    Status.STALE: (3, (1.6, 5)),
    Status.NO_DATA: (3, (9, 6)),
    Status.ABSENT: (1, ()),
    Status.MAINTENANCE: (3, (14, 4, 2, 4)),
    UNTOLD: (1, ()),
}
"""Width and dashes of a line, by status."""
LOUD: Final = (Status.FAILING, Status.DEGRADED)
LINE_PX: Final = 18
ARROW: Final = (11, 6)


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    w: float
    h: float
    fill: str
    stroke: str
    width: float = 1.5
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    points: tuple[tuple[float, float], ...]
    stroke: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    points: tuple[tuple[float, float], ...]
    fill: str


@dataclass(frozen=True, slots=True)
class Label:
    """`x`: its middle, or its start when not `centred`."""

    text: str
    x: float
    y: float
    size: float
    fill: str = INK
    bold: bool = False
    centred: bool = True


Shape = Rect | Line | Area | Label


def shapes(topology: Topology, snapshot: Mapping[str, Any]) -> tuple[Shape, ...]:
    """From the back to the front, in a plane of `WIDTH` by `HEIGHT`, y downwards."""
    nodes = says.node_states(snapshot)
    states = says.connection_states(snapshot)
    groups = [box for box in topology.boxes if box.members]
    others = [box for box in topology.boxes if not box.members]
    drawn: list[Shape] = [*boundary()]
    drawn += _all(_box(box, _status(nodes.get(box.id))) for box in groups)
    for connection in topology.connections:
        route = ROUTES.get(connection.number)
        if route is not None:
            status = _status(states.get(connection.number))
            drawn += _connection(connection.number, route, status)
    return (*drawn, *_all(_box(box, _status(nodes.get(box.id))) for box in others))


def svg(
    drawn: Iterable[Shape], words: str, size: tuple[int, int] = (WIDTH, HEIGHT)
) -> Markup:
    """The same as SVG. `words` stand for it where it can't be seen."""
    return tag(
        "svg",
        [_element(shape) for shape in drawn],
        class_="printed",
        viewBox=f"0 0 {size[0]} {size[1]}",
        role="img",
        aria_label=words,
    )


def _status(state: says.State | None) -> str:
    return UNTOLD if state is None else str(state["status"])


def _all(parts: Iterable[Iterable[Shape]]) -> Iterator[Shape]:
    return (shape for part in parts for shape in part)


def boundary() -> Iterator[Shape]:
    x, y, w, h, (title,) = BOUNDARY
    yield Rect(x, y, w, h, PAPER, EDGE, dash=(3, 6))
    yield Label(title, x + 16, y + 20, TEXT, QUIET, centred=False)


def _box(box: Box, status: str) -> Iterator[Shape]:
    place = PLACES[box.id]
    yield frame(box, place, status)
    yield from _names(box, place, status)


def frame(box: Box, place: Place, status: str = UNTOLD) -> Rect:
    """A box without its words."""
    loud = status in LOUD
    width, dash = LINES[status] if loud else (1.5, ())
    stroke = TONES[status] if loud else EDGE
    fill = GROUP if box.members else PAPER
    return Rect(place.x, place.y, place.w, place.h, fill, stroke, width, dash)


def _names(box: Box, place: Place, status: str) -> Iterator[Shape]:
    """The name, and under it the status in words."""
    if box.members:
        left, under = place.x + 16, place.y + 142
        for row, line in enumerate(place.lines):
            yield Label(
                line, left, under + LINE_PX * row, TEXT, bold=True, centred=False
            )
        yield Label(_word(status), left, under + 20, TEXT, TONES[status], True, False)
        return
    middle = place.x + place.w / 2
    top = place.y + (place.h - LINE_PX * (len(place.lines) + 1)) / 2 + 12
    for row, line in enumerate(place.lines):
        yield Label(line, middle, top + LINE_PX * row, TEXT, bold=True)
    below = top + LINE_PX * len(place.lines)
    yield Label(_word(status), middle, below, TEXT, TONES[status], status in LOUD)


def _word(status: str) -> str:
    return WORDS.get(status, "")


def _connection(number: int, route: Route, status: str) -> Iterator[Shape]:
    width, dash = LINES[status]
    tone = TONES[status]
    yield Line(shortened(route), tone, width, dash)
    yield Area(arrow(route), tone)
    x, y = route.badge
    around = STACKED if route.stack else BADGE
    loud = status in LOUD
    fill = tone if status == Status.FAILING else PAPER
    plate_w, top = 38, around.top
    yield Rect(x - plate_w / 2, y + top, plate_w, 22, fill, tone, 2.5 if loud else 1.5)
    ink = PAPER if status == Status.FAILING else INK
    yield Label(str(number), x, y + top + 16, TEXT, ink, bold=True)


def shortened(route: Route) -> tuple[tuple[float, float], ...]:
    """The line, ending under its arrow."""
    *rest, (bx, by), (x, y) = route.points
    dx, dy = _step(x - bx), _step(y - by)
    return (*rest, (bx, by), (x - dx * 8, y - dy * 8))


def arrow(route: Route) -> tuple[tuple[float, float], ...]:
    (bx, by), (x, y) = route.points[-2:]
    dx, dy = _step(x - bx), _step(y - by)
    back, aside = ARROW
    foot_x, foot_y = x - dx * back, y - dy * back
    return (
        (x, y),
        (foot_x - dy * aside, foot_y + dx * aside),
        (foot_x + dy * aside, foot_y - dx * aside),
    )


def _step(length: int) -> int:
    return (length > 0) - (length < 0)


def _element(shape: Shape) -> Markup:
    if isinstance(shape, Rect):
        return tag(
            "rect", x=shape.x, y=shape.y, width=shape.w, height=shape.h, rx=7,
            fill=shape.fill, stroke=shape.stroke, stroke_width=shape.width,
            stroke_dasharray=_dashes(shape.dash),
        )  # fmt: skip
    if isinstance(shape, Line):
        return tag(
            "polyline", points=_points(shape.points), fill="none", stroke=shape.stroke,
            stroke_width=shape.width, stroke_dasharray=_dashes(shape.dash),
        )  # fmt: skip
    if isinstance(shape, Area):
        return tag("polygon", points=_points(shape.points), fill=shape.fill)
    return tag(
        "text", shape.text, x=shape.x, y=shape.y, font_size=shape.size, fill=shape.fill,
        font_weight=700 if shape.bold else 400,
        text_anchor="middle" if shape.centred else "start",
    )  # fmt: skip


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _dashes(dash: tuple[float, ...]) -> str | None:
    return " ".join(f"{one:g}" for one in dash) or None
