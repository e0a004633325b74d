"""The wall's picture: which of the 31 is how, by number, sign, line and colour.

`assets/wall_view.js` changes only what a status changes; `wall.css` does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from app.domain.topology import Box, Connection, Topology
from layouts import says, wall_geometry
from layouts.geometry import Place, Route
from layouts.glyphs import use
from layouts.markup import Markup, tag
from layouts.says import UNHEARD, State
from layouts.strings_wall import PICTURE
from layouts.wall_geometry import HALF_HEIGHT, HALF_WIDTH, NUMBER, SIGN, VIEW

NAME_LINE: Final = 29
"""From one line of a name to the next."""
RISE: Final = 0.36
"""By how much of its size a text stands lower than its middle."""
ARROW: Final = (12, 7)
"""How long the head of a line is, and half of its width."""
GROUP_NAME: Final = (18, 164)
"""Where the name of a group begins, from its upper left: under its members."""


def draw(topology: Topology, snapshot: Mapping[str, Any]) -> Markup:
    """The SVG. What the snapshot does not know is drawn as `no_data`."""
    connections = says.connection_states(snapshot)
    nodes = says.node_states(snapshot)
    boxes = sorted(topology.boxes, key=lambda box: not box.members)
    return tag(
        "svg",
        [_box(box, nodes.get(box.id, UNHEARD)) for box in boxes if box.members],
        [
            _line(topology, one, connections.get(one.number, UNHEARD))
            for one in topology.connections
            if one.number in wall_geometry.ROUTES
        ],
        [_box(box, nodes.get(box.id, UNHEARD)) for box in boxes if not box.members],
        class_="wall-picture",
        viewBox=f"{VIEW.left} {VIEW.top} {VIEW.right - VIEW.left} "
        f"{VIEW.bottom - VIEW.top}",
        role="group",
        aria_label=PICTURE,
    )


def _line(topology: Topology, connection: Connection, state: State) -> Markup:
    route = wall_geometry.ROUTES[connection.number]
    path = "M" + "L".join(f"{x} {y}" for x, y in _shortened(route))
    return tag(
        "g",
        tag("path", d=path, class_="halo"),
        tag("path", d=path, class_="line"),
        tag("path", d=path, class_="over"),
        tag("path", d=_arrow(route), class_="arrow"),
        _badge(connection.number, route, state),
        data_connection=connection.number,
        data_status=state["status"],
        role="img",
        aria_label=says.connection_label(topology, connection, state),
    )


def _badge(number: int, route: Route, state: State) -> Markup:
    half = HALF_WIDTH[len(str(number))]
    wide, high = 2 * half, 2 * HALF_HEIGHT
    plate = tag("rect", x=-half, y=-HALF_HEIGHT, width=wide, height=high, rx=9,
                class_="plate")  # fmt: skip
    sign = use(state["status"], x=4 - half, y=-SIGN // 2, width=SIGN, height=SIGN)
    middle = (8 + SIGN) // 2
    shown = tag("text", number, x=middle, y=round(NUMBER * RISE), class_="number")
    return tag(
        "g",
        plate,
        sign,
        shown,
        class_="badge",
        transform=f"translate({route.badge[0]} {route.badge[1]})",
    )


def _box(box: Box, state: State) -> Markup | None:
    place = wall_geometry.PLACES.get(box.id)
    if place is None:
        return None
    frame = tag("rect", x=place.x, y=place.y, width=place.w, height=place.h, rx=10,
                class_="body")  # fmt: skip
    return tag(
        "g",
        frame,
        _names(place, bool(box.members)),
        tag("circle", cx=place.x + place.w - 9, cy=place.y + 5, r=SIGN // 2 + 2,
            class_="backing"),
        use(state["status"], x=place.x + place.w - 24, y=place.y - 9,
            width=SIGN, height=SIGN),
        data_node=box.id,
        data_kind=box.kind,
        data_status=state["status"],
        role="img",
        aria_label=says.node_label(box.label, state),
    )  # fmt: skip


def _names(place: Place, group: bool) -> list[Markup]:
    left, top = place.x + place.w // 2, place.y + place.h // 2
    if group:
        left, top = place.x + GROUP_NAME[0], place.y + GROUP_NAME[1]
    first = top - NAME_LINE * (len(place.lines) - 1) / 2 + wall_geometry.NAME * RISE
    return [
        tag("text", line, x=left, y=round(first + NAME_LINE * i), class_="name")
        for i, line in enumerate(place.lines)
    ]


def _shortened(route: Route) -> list[tuple[int, int]]:
    """A line ends under the head that it carries."""
    *points, (before, tip) = pairwise(route.points)
    dx, dy = _direction(before, tip)
    end = (tip[0] - dx * (ARROW[0] - 2), tip[1] - dy * (ARROW[0] - 2))
    return [*(start for start, _ in points), before, end]


def _arrow(route: Route) -> str:
    *_, (before, (x, y)) = pairwise(route.points)
    dx, dy = _direction(before, (x, y))
    long, half = ARROW
    back_x, back_y = x - dx * long, y - dy * long
    left = f"{back_x - dy * half} {back_y + dx * half}"
    right = f"{back_x + dy * half} {back_y - dx * half}"
    return f"M{x} {y}L{left}L{right}Z"


def _direction(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int]:
    x, y = end[0] - start[0], end[1] - start[1]
    return (x > 0) - (x < 0), (y > 0) - (y < 0)
