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
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import Box, Connection, Topology
from layouts import explain, maintenance, says
from layouts import panel_parts as parts
from layouts.panel_past import is_past, of_now
from layouts.says import UNHEARD, State
from layouts.strings import MEANINGS, NOT_KNOWN, UNMEASURED

Choice = Mapping[str, Any]
Hour = Callable[[int], Series]


def panel(
    topology: Topology,
    snapshot: Mapping[str, Any],
    selection: Choice | None,
    now: datetime,
    hour: Hour = lambda number: {},
) -> Component:
    """`selection` is `LiveMap.selected`; empty when nothing is chosen. `hour` gives
    what was measured lately of a connection."""
    connection, box = _chosen(topology, selection or {})
    if connection is not None:
        lately = hour(connection.number)
        return _of_connection(topology, snapshot, connection, lately, now)
    if box is not None:
        return _of_box(topology, snapshot, box, now)
    if selection:
        return html.Div([parts.close_button(), html.P(NOT_KNOWN)])
    return html.Div()


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
    now: datetime,
) -> Component:
    state = says.connection_states(snapshot).get(connection.number, UNHEARD)
    source, destination = says.ends(topology, connection)
    target = says.node_states(snapshot).get(connection.destination, UNHEARD)
    title = f"{connection.number}  {source} to {destination}"
    return _page(
        title,
        str(connection.number),
        state,
        snapshot,
        now,
        [
            *parts.section(
                "Live numbers", parts.numbers(state["metrics"], lately, now)
            ),
            *parts.section(
                f"Destination: {destination}",
                [_goto_box(connection.destination, destination, target)],
            ),
            *_pods_and_events(target, now),
            *parts.section("From the vendor's table", [_note(connection)]),
        ],
    )


def _of_box(
    topology: Topology, snapshot: Mapping[str, Any], box: Box, now: datetime
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
    body = [
        *parts.section("At a glance", parts.at_a_glance(state)),
        *_pods_and_events(state, now),
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
    explains: dict[str, Any] = {"data-explains": subject}
    return html.Div(
        [
            parts.close_button(),
            html.H2(title),
            parts.verdict(state, now),
            *parts.old(state, snapshot, now),
            *([] if is_past(snapshot) else maintenance.part(subject, snapshot)),
            *parts.section("Why", _reasons(state, now)),
            *(of_now() if is_past(snapshot) else explain.why(subject)),
            *parts.section("Witnesses", parts.witnesses(state, now)),
            *body,
        ],
        className="explained",
        key=subject,
        **explains,
    )


def _reasons(state: State, now: datetime) -> list[Component]:
    if state["reasons"]:
        return [html.Ul([parts.reason(one, now) for one in state["reasons"]])]
    meaning = MEANINGS[Status(state["status"])]
    return [html.P(f"{meaning[0].upper()}{meaning[1:]}.", className="quiet")]


def _pods_and_events(state: State, now: datetime) -> list[Component]:
    pods = [parts.pod(one, now) for one in state["pods"]]
    events = [parts.event(one, now) for one in state["events"]]
    return [
        *parts.section("Pods", [html.Ul(pods)] if pods else []),
        *parts.section("Recent events", [html.Ul(events)] if events else []),
    ]


def _note(connection: Connection) -> Component:
    port = UNMEASURED if connection.port is None else str(connection.port)
    data = (connection.data or UNMEASURED).replace("<code>", "").replace("</code>", "")
    return parts.pairs(
        [
            ("Protocol", connection.protocol or UNMEASURED),
            ("Port", port),
            ("Classification", connection.classification),
            ("What travels", data),
        ],
        class_="note",
    )


def _goto_box(node: NodeId, label: str, state: State) -> Component:
    return parts.goto_box(
        node, label, state["status"], state["ready"], state["desired"]
    )


def _direction(topology: Topology, connection: Connection, box: NodeId) -> str:
    source, destination = says.ends(topology, connection)
    return f"to {destination}" if connection.source == box else f"from {source}"
