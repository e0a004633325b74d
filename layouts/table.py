"""The 31 connections as a table: the same truth as the picture, in words.

Every column is in it; those that are not wanted are hidden. `assets/table.js` filters,
sorts and hides from there on, and never makes a row anew, so that focus, selection and
place stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.status import RANK, Status
from app.domain.topology import Connection, Topology
from layouts import figures, says, strings_table, times
from layouts.columns import COLUMNS, FORWARD, MEASURER, Column
from layouts.glyphs import sign
from layouts.markup import Child, Markup, tag
from layouts.says import UNHEARD, State
from layouts.sheet import follow, plain
from layouts.strings import METRICS, UNMEASURED, WITNESSES, WORDS
from layouts.strings_says import SILENT


def listing(
    topology: Topology,
    snapshot: Mapping[str, Any],
    now: datetime,
    *,
    order: str = "number",
) -> Markup:
    """The table with what it says of itself: that nothing matches, that its order is
    old."""
    clear = tag("button", strings_table.CLEAR, type="button", data_clear=True)
    again = tag("button", strings_table.OLD_ORDER, type="button", data_sort_again=True)
    return tag(
        "div",
        table(topology, snapshot, now, order=order),
        tag(
            "p", tag("span", strings_table.NONE), " ", clear,
            class_="none-match", data_none_match=True, hidden=True,
        ),
        tag("p", again, class_="order-old", data_order_old=True, hidden=True),
        class_="listing",
    )  # fmt: skip


def table(
    topology: Topology,
    snapshot: Mapping[str, Any],
    now: datetime,
    *,
    order: str = "number",
) -> Markup:
    """One row a connection, by `number` or by `status` (worst first)."""
    states = says.connection_states(snapshot)
    paired = [(c, states.get(c.number, UNHEARD)) for c in topology.connections]
    if order == "status":
        paired.sort(key=lambda pair: -RANK[Status(pair[1]["status"])])
    rows = [_row(topology, connection, state, now) for connection, state in paired]
    heads = [_head(column, order) for column in COLUMNS]
    return tag(
        "table",
        tag("caption", strings_table.caption(len(rows)), class_="unseen"),
        tag("thead", tag("tr", heads, role="row"), role="rowgroup"),
        tag("tbody", rows, role="rowgroup"),
        class_="connections",
        role="table",
    )


def _head(column: Column, sorted_by: str) -> Markup:
    forward = FORWARD[column.order] if column.key == sorted_by else None
    return tag(
        "th",
        tag("button", column.title, type="button", data_sort=column.key),
        scope="col",
        role="columnheader",
        aria_sort=forward,
        title=column.hint,
        data_column=column.key,
        hidden=not column.usual,
    )


def _row(
    topology: Topology, connection: Connection, state: State, now: datetime
) -> Markup:
    return tag(
        "tr",
        [_cell(column, topology, connection, state, now) for column in COLUMNS],
        role="row",
        tabindex=0 if connection.number == 1 else -1,
        data_connection=connection.number,
        data_status=state["status"],
        data_measured=says.opinion(state, MEASURER),
        data_from=connection.source,
        data_to=connection.destination,
        data_class=connection.classification,
        aria_label=says.connection_label(topology, connection, state),
    )


def _cell(
    column: Column,
    topology: Topology,
    connection: Connection,
    state: State,
    now: datetime,
) -> Markup:
    hidden = not column.usual
    if column.key == "number":
        return tag(
            "th", connection.number, scope="row", role="rowheader",
            data_column=column.key, hidden=hidden,
        )  # fmt: skip
    if column.key in METRICS:
        content: Child = _metric(column.key, state)
    elif column.key in _OF_STATE:
        content = _OF_STATE[column.key](state, now)
    else:
        content = _OF_CONNECTION[column.key](topology, connection)
    return tag("td", content, role="cell", data_column=column.key, hidden=hidden)


def _ends(topology: Topology, connection: Connection) -> Child:
    source, destination = says.ends(topology, connection)
    return [source, tag("span", strings_table.TO, class_="to"), destination]


def _status(state: State, _now: datetime) -> Child:
    word = tag("span", WORDS[state["status"]], data_part="word")
    return tag("span", sign(state["status"]), " ", word, class_="verdict")


def _reason(state: State, _now: datetime) -> Child:
    return tag("span", says.first_reason(state), data_part="reason")


def _witnesses(state: State, now: datetime) -> Child:
    """A mark each, and a sign of its own where they contradict each other."""
    sign_ = "≠" if says.apart(state) else ""
    marks = [_mark(name, state, now) for name in WITNESSES]
    apart = tag(
        "span", sign_, class_="differ", data_part="apart", title=strings_table.APART
    )
    return [apart, *marks]


def _mark(witness: str, state: State, now: datetime) -> Markup:
    """One opinion: initial, sign and age; the words for who can't see them."""
    opinion = says.opinion(state, witness)
    label = f"{WITNESSES[witness]}: {WORDS.get(opinion, SILENT)}"
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
    return "" if age is None else figures.shortest(age)


def _metric(name: str, state: State) -> Child:
    """The number; beside it, while it is old, its age: the browser's to tell."""
    value = figures.metric(name, state["metrics"].get(name))
    old = tag("span", class_="old-age", data_old_age=True)
    return [tag("span", value, data_part=f"metric {name}"), old]


def _aged(column: str, at: str | None, now: datetime) -> Markup:
    """An age that counts on; what is at the end of the column's way may change."""
    shown = UNMEASURED if at is None else times.heard(at, now)
    return tag("span", shown, data_age_of=column)


def _measured(state: State, now: datetime) -> Child:
    return _aged("measured", follow(state, ("heard", MEASURER, "at")), now)


_OF_STATE: Final[dict[str, Callable[[State, datetime], Child]]] = {
    "status": _status,
    "since": lambda state, now: times.since(state["since"], now, part="since"),
    "reason": _reason,
    "witnesses": _witnesses,
    "measured": _measured,
    "seen": lambda state, now: _aged("seen", state["observed_at"], now),
}
_OF_CONNECTION: Final[dict[str, Callable[[Topology, Connection], Child]]] = {
    "ends": _ends,
    "protocol": lambda _, connection: says.protocol(connection) or UNMEASURED,
    "classification": lambda _, connection: connection.classification,
    "data": lambda _, connection: plain(connection.data or UNMEASURED),
}
