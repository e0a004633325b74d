"""The picture: 23 boxes and 31 numbered lines, painted with a snapshot's state.

The browser changes only attributes and texts of what is drawn here (`data-part` names
them); colours, line patterns and visibility follow from `data-status` in `gws.css`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.topology import Box, Connection, Topology
from layouts import lately, marks, says, strokes, values
from layouts.badges import badge
from layouts.geometry import BOUNDARY, CHIPS, HEIGHT, PLACES, ROUTES, WIDTH, Place
from layouts.glyphs import use
from layouts.markup import Markup, tag
from layouts.says import UNHEARD, State
from layouts.strings import UNMEASURED
from layouts.strings_says import PICTURE

LINE: Final = 18
"""From one line of a label to the next."""
BELOW: Final = 40
"""What stands under a box's name: its status and its small line."""
GROUP_ROOM: Final = 208
"""For the small line of a group; to its right a line passes."""
EDGE: Final = 4
"""What is kept free at each side of a box."""
SIGN: Final = 14


def draw(
    topology: Topology,
    snapshot: Mapping[str, Any],
    now: datetime,
    choice: str = values.DEFAULT,
) -> Markup:
    """The SVG. What the snapshot does not know is drawn as `no_data`.

    `choice`: the value that stands on each line, of `strings_map.VALUE_CHOICES`.
    """
    connections = says.connection_states(snapshot)
    nodes = says.node_states(snapshot)
    known = lately.known_since(snapshot)

    def line(connection: Connection) -> Markup:
        state = connections.get(connection.number, UNHEARD)
        value = values.shown(choice, state, now)
        new = lately.turned(state, known, now)
        return _line(topology, connection, state, value, new=new)

    def box(one: Box) -> Markup:
        state = nodes.get(one.id, UNHEARD)
        return _box(one, state, new=lately.turned(state, known, now))

    return tag(
        "svg",
        _boundary(),
        [box(one) for one in topology.boxes if one.members],
        [line(one) for one in topology.connections if one.number in ROUTES],
        [box(one) for one in topology.boxes if not one.members],
        class_="picture",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="group",
        aria_label=PICTURE,
    )


def _boundary() -> Markup:
    x, y, w, h, (title,) = BOUNDARY
    frame = tag("rect", x=x, y=y, width=w, height=h, rx=14, class_="boundary")
    return tag("g", frame, _text(title, x + 14, y + 14, "boundary-title"))


def _line(
    topology: Topology, connection: Connection, state: State, value: str, *, new: bool
) -> Markup:
    route = ROUTES[connection.number]
    path = strokes.path(route)
    return tag(
        "g",
        tag("path", d=path, class_="hit"),
        tag("path", d=strokes.bridges(connection.number), class_="bridge"),
        tag("path", d=path, class_="line"),
        tag("path", d=path, class_="over"),
        tag("path", d=strokes.arrow(route), class_="arrow"),
        badge(connection.number, route, state, value),
        data_connection=connection.number,
        data_status=state["status"],
        data_flows=marks.flag(says.flows(state)),
        data_lately=marks.flag(new),
        role="button",
        tabindex=0 if connection.number == 1 else -1,
        aria_label=says.connection_label(topology, connection, state),
    )


def _box(box: Box, state: State, *, new: bool) -> Markup:
    place = PLACES[box.id]
    inner = _group_text(box, place, state) if box.members else _named(box, place, state)
    return tag(
        "g",
        tag("rect", x=place.x, y=place.y, width=place.w, height=place.h, rx=9,
            class_="body"),
        _kind_mark(box.kind, place),
        marks.lately_at_box(place),
        inner,
        marks.at_box(place, state),
        data_node=box.id,
        data_kind=box.kind,
        data_status=state["status"],
        data_lately=marks.flag(new),
        role="button",
        tabindex=-1,
        aria_label=says.node_label(box.label, state),
    )  # fmt: skip


def _kind_mark(kind: str, place: Place) -> Markup | None:
    """Stores carry a second line under their top edge, as a disc does."""
    if kind != "store":
        return None
    x, y, w = place.x, place.y, place.w
    return tag("path", d=f"M{x + 1} {y + 7}H{x + w - 1}", class_="kind")


def _named(box: Box, place: Place, state: State) -> Markup:
    middle = place.x + place.w // 2
    below = BELOW if box.workloads else LINE + 2
    top = place.y + (place.h - LINE * len(place.lines) - below) // 2 + 15
    names = [
        _text(line, middle, top + LINE * i, "name")
        for i, line in enumerate(place.lines)
    ]
    under = top + LINE * len(place.lines) + 2
    return tag(
        "g",
        names,
        _status_line(box, place, state, under),
        _details(state, middle, under + LINE, details_room(place))
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


def _status_line(box: Box, place: Place, state: State, baseline: int) -> Markup:
    """Sign and pod count, together centred under a name."""
    room, middle = place.w - EDGE, place.x + place.w // 2
    words = says.pods(box, state, room)
    return _status(
        state,
        words,
        (middle - says.half_status_line(words), baseline),
        room,
        data_part="status-line",
        data_middle=middle,
        data_baseline=baseline,
        data_room=room,
    )


def _status(
    state: State, words: str, at: tuple[int, int], room: int, **moved: str | int
) -> Markup:
    """`moved`: how the browser keeps it centred."""
    ready = tag(
        "text", words, x=says.SIGN_PX, y=0, class_="ready", data_part="ready",
        data_room=room,
    )  # fmt: skip
    return tag(
        "g",
        use(state["status"], x=0, y=-12, width=SIGN, height=SIGN),
        ready,
        class_="status-line",
        transform=f"translate({at[0]} {at[1]})",
        **moved,
    )


def _group_text(box: Box, place: Place, state: State) -> Markup:
    left, top = place.x + 16, place.y + 144
    return tag(
        "g",
        [_text(line, left, top, "name") for line in place.lines],
        _status(
            state, says.pods(box, state, GROUP_ROOM), (left, top + LINE + 2), GROUP_ROOM
        ),
        _details(state, left, top + 2 * LINE + 2, GROUP_ROOM),
        [_chip(workload, state["pods"]) for workload in CHIPS],
    )


def _chip(workload: str, pods: list[Mapping[str, Any]]) -> Markup:
    name, place = CHIPS[workload]
    count, status = chip_count(pods, workload)
    baseline = place.y + 18
    return tag(
        "g",
        tag("rect", x=place.x, y=place.y, width=place.w, height=place.h, rx=6),
        _text(name, place.x + 8, baseline, "chip-name"),
        tag("text", count, x=place.x + place.w - 8, y=baseline,
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
