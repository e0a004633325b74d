"""The 31 connections as a table: the same truth as the picture, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.status import RANK, Status
from app.domain.topology import Connection, Topology
from layouts import figures, says, times
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.says import UNHEARD, State
from layouts.strings import METRICS, UNMEASURED, WITNESSES, WORDS

COLUMNS: Final = (
    ("number", "No."),
    ("ends", "From and to"),
    ("protocol", "Protocol"),
    ("status", "Status"),
    ("since", "Since"),
    ("reason", "First reason"),
    ("witnesses", "Witnesses"),
    ("request_rate", "Requests"),
    ("error_ratio", "Errors"),
    ("latency_mean_ms", "Mean"),
    ("latency_p95_ms", "p95"),
    ("connections_active", "Open"),
)
SORTABLE: Final = frozenset(
    {"number", "ends", "protocol", "status", "since"} | set(METRICS)
)
SHOWN: Final = (
    "request_rate",
    "error_ratio",
    "latency_mean_ms",
    "latency_p95_ms",
    "connections_active",
)


def table(
    topology: Topology,
    snapshot: Mapping[str, Any],
    now: datetime,
    *,
    order: str = "number",
) -> Markup:
    """One row a connection, by `number` or by `status` (worst first).

    `assets/page.js` sorts from there on.
    """
    states = says.connection_states(snapshot)
    paired = [(c, states.get(c.number, UNHEARD)) for c in topology.connections]
    if order == "status":
        paired.sort(key=lambda pair: -RANK[Status(pair[1]["status"])])
    rows = [_row(topology, connection, state, now) for connection, state in paired]
    heads = [_head(key, title, order) for key, title in COLUMNS]
    return tag(
        "table",
        tag("caption", f"{len(rows)} connections", class_="unseen"),
        tag("thead", tag("tr", heads, role="row"), role="rowgroup"),
        tag("tbody", rows, role="rowgroup"),
        class_="connections",
        role="table",
    )


def _head(key: str, title: str, sorted_by: str) -> Markup:
    shown: Markup | str = title
    if key in SORTABLE:
        shown = tag("button", title, type="button", data_sort=key)
    order = "ascending" if key == sorted_by else None
    return tag(
        "th", shown, scope="col", role="columnheader", aria_sort=order,
        data_column=key,
    )  # fmt: skip


def _row(
    topology: Topology, connection: Connection, state: State, now: datetime
) -> Markup:
    source, destination = says.ends(topology, connection)
    ends = [source, tag("span", " to ", class_="to"), destination]
    cells = [
        tag("th", connection.number, scope="row", role="rowheader",
            data_column="number"),
        _cell("ends", ends),
        _cell("protocol", says.protocol(connection) or UNMEASURED),
        _cell("status", _status(state)),
        _cell("since", times.since(state["since"], now, part="since")),
        _cell("reason", tag("span", says.first_reason(state), data_part="reason")),
        _cell("witnesses", _witnesses(state, now)),
        *(_metric(name, state) for name in SHOWN),
    ]  # fmt: skip
    return tag(
        "tr",
        cells,
        role="row",
        tabindex=0 if connection.number == 1 else -1,
        data_connection=connection.number,
        data_status=state["status"],
        aria_label=says.connection_label(topology, connection, state),
    )


def _cell(column: str, content: Any) -> Markup:
    return tag("td", content, role="cell", data_column=column)


def _status(state: State) -> Markup:
    word = tag("span", WORDS[state["status"]], data_part="word")
    return tag("span", sign(state["status"]), " ", word, class_="verdict")


def _witnesses(state: State, now: datetime) -> list[Markup]:
    """A mark each, and a sign of its own where they contradict each other."""
    sign_ = "≠" if says.apart(state) else ""
    marks = [_mark(name, state, now) for name in WITNESSES]
    title = "Witnesses disagree"
    return [*marks, tag("span", sign_, class_="differ", data_part="apart", title=title)]


def _mark(witness: str, state: State, now: datetime) -> Markup:
    """One opinion: initial, sign and age; the words for who can't see them."""
    opinion = says.opinion(state, witness)
    label = f"{WITNESSES[witness]}: {WORDS.get(opinion, says.SILENT)}"
    return tag(
        "span",
        tag("span", WITNESSES[witness][0], aria_hidden="true"),
        sign(opinion if opinion in WORDS else Status.NO_DATA, part=False),
        tag("span", _age(witness, state, now), data_age=True),
        tag("span", label, class_="unseen"),
        class_="mark",
        data_witness=witness,
        data_status=opinion,
        title=label,
    )


def _age(witness: str, state: State, now: datetime) -> str:
    heard = state["heard"].get(witness) or {"at": None}
    age = figures.seconds_since(heard["at"], now)
    return "" if age is None else figures.short_age(age).removesuffix(" old")


def _metric(name: str, state: State) -> Markup:
    value = figures.metric(name, state["metrics"].get(name))
    return _cell(name, tag("span", value, data_part=f"metric {name}"))
