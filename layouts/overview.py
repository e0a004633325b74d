"""Beside the picture when nothing is chosen: what is not well now, worst first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.status import RANK, Status
from app.domain.topology import Connection, Topology
from layouts import says, strings_top, times
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.says import UNHEARD, State
from layouts.strings import WORDS

LISTED_FROM: Final = RANK[Status.NO_DATA]
"""Statuses from this rank up are listed."""


def overview(topology: Topology, snapshot: Mapping[str, Any], now: datetime) -> Markup:
    """All 31 are in the list; those that are well are hidden."""
    states = says.connection_states(snapshot)
    paired = [
        (connection, states.get(connection.number, UNHEARD))
        for connection in topology.connections
    ]
    paired.sort(key=lambda pair: (-RANK[Status(pair[1]["status"])], pair[0].number))
    items = [_item(topology, connection, state, now) for connection, state in paired]
    listed = any(_listed(state) for _, state in paired)
    return tag(
        "aside",
        tag("h2", strings_top.UNWELL),
        tag("p", strings_top.ALL_WELL, data_all_well=True, hidden=listed),
        tag("ul", items, data_unwell=True),
        class_="overview",
        aria_label=strings_top.UNWELL_LABEL,
    )


def _listed(state: State) -> bool:
    return RANK[Status(state["status"])] >= LISTED_FROM


def _item(
    topology: Topology, connection: Connection, state: State, now: datetime
) -> Markup:
    title = tag(
        "button",
        tag("span", connection.number, class_="number"),
        " ",
        says.both_ends(topology, connection),
        type="button",
        data_goto=connection.number,
    )
    verdict = tag(
        "p",
        sign(state["status"]),
        tag("span", WORDS[state["status"]], data_part="word"),
        " ",
        times.since(state["since"], now, part="since"),
        class_="verdict",
    )
    reason = tag("p", says.first_reason(state), class_="reason", data_part="reason")
    return tag(
        "li",
        title,
        verdict,
        reason,
        data_mirror=connection.number,
        data_status=state["status"],
        hidden=not _listed(state),
    )
