"""The panel: everything known about one connection or one box, reasons first.

Pure: what it says follows from the topology, the snapshot, the choice and `now`. Ages
go on counting in the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from app.domain.hour import Series
from app.domain.links import Outside
from app.domain.subject import NodeId
from app.domain.topology import Box, Connection, Topology
from layouts import explain, links, maintenance, says
from layouts import panel_parts as parts
from layouts.panel_past import is_past
from layouts.says import UNHEARD, State
from layouts.strings import NOT_KNOWN
from layouts.strings_panel import (
    ELSEWHERE,
    EMPTY_CELL,
    FURTHER,
    NOT_MADE,
    NOTE,
    NUMBERS,
    TERMINAL,
)

Attributes = dict[str, Any]
Choice = Mapping[str, Any]
Hour = Callable[[int], Series]
NOTHING: Outside = Outside()


def panel(
    topology: Topology,
    snapshot: Mapping[str, Any],
    selection: Choice | None,
    now: datetime,
    hour: Hour = lambda number: {},
    outside: Outside = NOTHING,
) -> Component:
    """`selection` is `LiveMap.selected`; empty when nothing is chosen. `hour` gives
    what was measured lately of a connection."""
    connection, box = _chosen(topology, selection or {})
    if connection is not None:
        lately = hour(connection.number)
        return _of_connection(topology, snapshot, connection, lately, outside, now)
    if box is not None:
        return _of_box(topology, snapshot, box, outside, now)
    if selection:
        return html.Div([parts.close_button(), html.P(NOT_KNOWN)], key="unknown")
    return html.Div()


def not_made() -> Component:
    """What is told when it could not be made: the browser keeps what it has."""
    told: Attributes = {"data-trouble": NOT_MADE}
    return html.Div(**told)


def _chosen(
    topology: Topology, selection: Choice
) -> tuple[Connection | None, Box | None]:
    """What the choice names; nothing where it names nothing."""
    number, node = selection.get("connection"), selection.get("node")
    connection = next((c for c in topology.connections if c.number == number), None)
    return connection, next((b for b in topology.boxes if b.id == node), None)


def _of_connection(
    topology: Topology,
    snapshot: Mapping[str, Any],
    connection: Connection,
    lately: Series,
    outside: Outside,
    now: datetime,
) -> Component:
    number = connection.number
    state = says.connection_states(snapshot).get(number, UNHEARD)
    source, destination = says.ends(topology, connection)
    target = says.node_states(snapshot).get(connection.destination, UNHEARD)
    named = snapshot["deployment"]
    ways = links.elsewhere(topology, named, number, target, outside, now)
    return _page(
        f"{number}  {source} to {destination}",
        str(number),
        state,
        snapshot,
        now,
        [
            *parts.section(NUMBERS, parts.numbers(state["metrics"], lately, now)),
            *parts.section(
                f"Destination: {destination}",
                [_goto_box(connection.destination, destination, target)],
            ),
            *_pods_and_events(target, now),
            *parts.section(ELSEWHERE, ways),
            *parts.section(NOTE, [_note(connection)]),
        ],
    )


def _of_box(
    topology: Topology,
    snapshot: Mapping[str, Any],
    box: Box,
    outside: Outside,
    now: datetime,
) -> Component:
    state = says.node_states(snapshot).get(box.id, UNHEARD)
    states = says.connection_states(snapshot)
    rows = [
        parts.goto_connection(
            connection.number,
            _direction(topology, connection, box.id),
            states.get(connection.number, UNHEARD)["status"],
        )
        for connection in topology.connections
        if box.id in (connection.source, connection.destination)
    ]
    named = snapshot["deployment"]
    ways = links.elsewhere(topology, named, box.id, state, outside, now)
    body = [
        *parts.section("At a glance", parts.at_a_glance(state)),
        *_pods_and_events(state, now),
        *parts.section(ELSEWHERE, ways),
        *parts.section(TERMINAL, links.terminal(topology, box, state, outside)),
        *parts.section("Connections", rows),
    ]
    return _page(box.label, box.id, state, snapshot, now, body)


def _page(
    title: str,
    subject: str,
    state: State,
    snapshot: Mapping[str, Any],
    now: datetime,
    body: Iterable[Component],
) -> Component:
    explains: Attributes = {"data-explains": subject}
    notes: Attributes = {"data-notes-for": subject}
    return html.Div(
        [
            parts.close_button(),
            html.H2(title, tabIndex=-1),
            *parts.opening(state, snapshot, now),
            *parts.old(state, now),
            *parts.charts_button(subject),
            *([] if is_past(snapshot) else maintenance.part(subject, snapshot)),
            # Filled by who keeps notes; React leaves alone what it did not put there.
            html.Div(key="notes", **notes),
            *parts.section(FURTHER, parts.reasons(state["reasons"][1:], now)),
            *explain.why(subject),
            *parts.section("Witnesses", parts.witnesses(state, now)),
            *body,
        ],
        className="explained",
        key=subject,
        **explains,
    )


def _pods_and_events(state: State, now: datetime) -> list[Component]:
    pods = [parts.pod(one, now) for one in state["pods"]]
    events = [parts.event(one, now) for one in state["events"]]
    return [
        *parts.section("Pods", [html.Ul(pods)] if pods else []),
        *parts.section("Recent events", [html.Ul(events)] if events else []),
    ]


def _note(connection: Connection) -> Component:
    port = None if connection.port is None else str(connection.port)
    data = connection.data and connection.data.replace("<code>", "")
    cells = [
        ("Protocol", connection.protocol),
        ("Port", port),
        ("Classification", connection.classification),
        ("What travels", data and data.replace("</code>", "")),
    ]
    return parts.pairs(
        [(name, value or EMPTY_CELL) for name, value in cells], class_="note"
    )


def _goto_box(node: NodeId, label: str, state: State) -> Component:
    return parts.goto_box(
        node, label, state["status"], state["ready"], state["desired"]
    )


def _direction(topology: Topology, connection: Connection, box: NodeId) -> str:
    source, destination = says.ends(topology, connection)
    return f"to {destination}" if connection.source == box else f"from {source}"
