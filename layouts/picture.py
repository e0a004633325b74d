"""The picture: 23 boxes and 31 numbered lines, painted with a snapshot's state.

The browser changes only attributes and texts of what is drawn here (`data-part` names
them); colours, line patterns and visibility follow from `data-status` in `gws.css`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from app.domain.topology import Box, Connection, Topology
from layouts import figures, marks, says
from layouts.geometry import (
    BADGE,
    BOUNDARY,
    CHIPS,
    HEIGHT,
    PLACES,
    ROUTES,
    STACKED,
    WIDTH,
    Place,
    Route,
    crossings,
)
from layouts.glyphs import use
from layouts.markup import Markup, tag
from layouts.says import UNHEARD, State
from layouts.strings import UNMEASURED

BEND: Final = 9
BRIDGE: Final = 8
LINE: Final = 16
"""From one line of a label to the next."""
BELOW: Final = 34
"""What stands under a box's name: its status and its small line."""
GROUP_ROOM: Final = 172
"""For the small line of a group; to its right a line passes."""
EDGE: Final = 4
"""What is kept free at each side of a box."""


def draw(topology: Topology, snapshot: Mapping[str, Any], now: datetime) -> Markup:
    """The SVG. What the snapshot does not know is drawn as `no_data`."""
    connections = says.connection_states(snapshot)
    nodes = says.node_states(snapshot)
    lines = [
        _line(topology, connection, connections.get(connection.number, UNHEARD), now)
        for connection in topology.connections
        if connection.number in ROUTES
    ]
    boxes = [
        _box(box, nodes.get(box.id, UNHEARD))
        for box in topology.boxes
        if not box.members
    ]
    groups = [
        _box(box, nodes.get(box.id, UNHEARD)) for box in topology.boxes if box.members
    ]
    return tag(
        "svg",
        _boundary(),
        groups,
        lines,
        boxes,
        class_="picture",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="group",
        aria_label="Architecture: 31 numbered connections between 23 components",
    )


def _boundary() -> Markup:
    x, y, w, h, (title,) = BOUNDARY
    frame = tag("rect", x=x, y=y, width=w, height=h, rx=14, class_="boundary")
    return tag("g", frame, _text(title, x + 16, y + 20, "boundary-title"))


def _line(
    topology: Topology, connection: Connection, state: State, now: datetime
) -> Markup:
    route = ROUTES[connection.number]
    path = _path(route)
    label = says.connection_label(topology, connection, state)
    return tag(
        "g",
        tag("path", d=path, class_="hit"),
        tag("path", d=_bridges(connection.number), class_="bridge"),
        tag("path", d=path, class_="line"),
        tag("path", d=path, class_="over"),
        tag("path", d=_arrow(route), class_="arrow"),
        _badge(connection.number, route, state, now),
        data_connection=connection.number,
        data_status=state["status"],
        role="button",
        tabindex=0 if connection.number == 1 else -1,
        aria_label=label,
    )


def _badge(number: int, route: Route, state: State, now: datetime) -> Markup:
    around = STACKED if route.stack else BADGE
    value = badge_value(state, now)
    number_w = 46 if route.stack else 37
    value_at = (0, 21) if route.stack else (18, 4)
    shape = {"x": around.left, "y": around.top, "height": around.bottom - around.top}
    plate = tag("rect", **shape, width=around.right - around.left, rx=7, class_="plate")
    cap_height = 20 if route.stack else 22
    cap = tag(
        "rect", x=around.left, y=around.top, width=number_w, height=cap_height, rx=7,
        class_="cap",
    )  # fmt: skip
    left = around.left + (8 if route.stack else 4)
    flapping = state["flapping"]
    flap = tag(
        "text", f"×{flapping}" if flapping else "", x=around.left + 1,
        y=around.top - 3, class_="flap", data_part="flap",
    )  # fmt: skip
    return tag(
        "g",
        plate,
        cap,
        use(state["status"], x=left, y=-6 + (around.top + 11), width=12, height=12),
        _text(str(number), left + 22, 4 + (around.top + 11), "number"),
        tag("text", value, x=value_at[0], y=value_at[1], class_="value",
            data_part="value"),
        flap,
        marks.witnesses(route, state),
        marks.at_badge(route, state),
        class_="badge",
        transform=f"translate({route.badge[0]} {route.badge[1]})",
    )  # fmt: skip


def badge_value(state: State, now: datetime) -> str:
    """The number beside a badge; for old facts their age."""
    age = figures.seconds_since(state["observed_at"], now)
    if state["status"] == "stale" and age is not None:
        return figures.short_age(age)
    return figures.headline(state["metrics"])


def _box(box: Box, state: State) -> Markup:
    place = PLACES[box.id]
    inner = _group_text(box, place, state) if box.members else _named(box, place, state)
    label = says.node_label(box.label, state)
    return tag(
        "g",
        tag("rect", x=place.x, y=place.y, width=place.w, height=place.h, rx=9,
            class_="body"),
        _kind_mark(box.kind, place),
        inner,
        marks.at_box(place, state),
        data_node=box.id,
        data_kind=box.kind,
        data_status=state["status"],
        role="button",
        tabindex=-1,
        aria_label=label,
    )  # fmt: skip


def _kind_mark(kind: str, place: Place) -> Markup | None:
    """Stores carry a second line under their top edge, as a disc does."""
    if kind != "store":
        return None
    x, y, w = place.x, place.y, place.w
    return tag("path", d=f"M{x + 1} {y + 9}H{x + w - 1}", class_="kind")


def _named(box: Box, place: Place, state: State) -> Markup:
    middle = place.x + place.w // 2
    below = BELOW if box.workloads else 20
    top = place.y + (place.h - LINE * len(place.lines) - below) // 2 + 13
    names = [
        _text(line, middle, top + LINE * i, "name")
        for i, line in enumerate(place.lines)
    ]
    under = top + LINE * len(place.lines) + 3
    return tag(
        "g",
        names,
        _status_line(box, state, middle, under),
        _details(state, middle, under + 14, details_room(place))
        if box.workloads
        else None,
    )


def details_room(place: Place) -> int:
    """The width that a box's small line may take."""
    return place.w - 2 * EDGE


def _details(state: State, x: int, y: int, room: int) -> Markup:
    return tag(
        "text", says.details(state, room), x=x, y=y, class_="details",
        data_part="details", data_room=room,
    )  # fmt: skip


def _status_line(box: Box, state: State, middle: int, baseline: int) -> Markup:
    """Sign and pod count, centred under a name."""
    return tag(
        "g",
        use(state["status"], x=-38, y=-11, width=13, height=13),
        tag("text", says.pods(box, state), x=-20, y=0,
            class_="ready", data_part="ready"),
        class_="status-line",
        transform=f"translate({middle} {baseline})",
    )  # fmt: skip


def _group_text(box: Box, place: Place, state: State) -> Markup:
    left, top = place.x + 16, place.y + 142
    return tag(
        "g",
        [_text(line, left, top, "name") for line in place.lines],
        _status_line(box, state, left + 38, top + 19),
        _details(state, left, top + 34, GROUP_ROOM),
        [_chip(workload, state["pods"]) for workload in CHIPS],
    )


def _chip(workload: str, pods: list[Mapping[str, Any]]) -> Markup:
    name, place = CHIPS[workload]
    count, status = chip_count(pods, workload)
    return tag(
        "g",
        tag("rect", x=place.x, y=place.y, width=place.w, height=place.h, rx=6),
        _text(name, place.x + place.w // 2, place.y + 11, "chip-name"),
        tag("text", count, x=place.x + place.w // 2, y=place.y + 22,
            class_="chip-count", data_part="chip-count"),
        class_="chip",
        data_workload=workload,
        data_health=status,
    )  # fmt: skip


def chip_count(pods: list[Mapping[str, Any]], workload: str) -> tuple[str, str]:
    """Ready of all pods of one workload, and whether that is well."""
    own = [pod for pod in pods if pod["workload"].startswith(workload)]
    ready = sum(1 for pod in own if pod["ready"])
    if not own:
        return UNMEASURED, "unknown"
    health = "well" if ready == len(own) else "down" if ready == 0 else "partly"
    return f"{ready}/{len(own)}", health


def _text(words: str, x: int, y: int, class_: str) -> Markup:
    return tag("text", words, x=x, y=y, class_=class_)


def _path(route: Route) -> str:
    """The line, corners rounded, ending under its arrow's base."""
    points = list(route.points)
    (bx, by), tip = points[-2], points[-1]
    dx, dy = _direction((bx, by), tip)
    points[-1] = (tip[0] - dx * 8, tip[1] - dy * 8)
    drawn = f"M{points[0][0]} {points[0][1]}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        ix, iy = _direction(before, corner)
        ox, oy = _direction(corner, after)
        x, y = corner
        drawn += f"L{x - ix * BEND} {y - iy * BEND}"
        drawn += f"Q{x} {y} {x + ox * BEND} {y + oy * BEND}"
    return drawn + f"L{points[-1][0]} {points[-1][1]}"


def _bridges(number: int) -> str:
    """Short pieces of the line that blank out what it passes over."""
    spots = _CROSSINGS.get(number, ())
    return "".join(
        f"M{x - BRIDGE} {y}H{x + BRIDGE}" if flat else f"M{x} {y - BRIDGE}V{y + BRIDGE}"
        for x, y, flat in spots
    )


def _arrow(route: Route) -> str:
    *_, (before, (x, y)) = pairwise(route.points)
    dx, dy = _direction(before, (x, y))
    back_x, back_y = x - dx * 11, y - dy * 11
    left = f"{back_x - dy * 6} {back_y + dx * 6}"
    right = f"{back_x + dy * 6} {back_y - dx * 6}"
    return f"M{x} {y}L{left}L{right}Z"


def _direction(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int]:
    return _sign(end[0] - start[0]), _sign(end[1] - start[1])


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


_CROSSINGS: Final = crossings()
