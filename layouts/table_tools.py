"""What stands above the table: search, filters, columns, CSV, and how many are shown.

Native controls, so that keyboard, screen reader and telephone know them. Without the
browser's part (`assets/table.js`) they can do nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.status import Status
from app.domain.topology import Topology
from layouts import columns
from layouts import strings_table as words
from layouts.columns import COLUMNS, Column
from layouts.markup import Markup, join, tag
from layouts.strings import WITNESSES, WORDS
from layouts.table import listing

Choices = Iterable[tuple[str, str]]
TROUBLE: Final = f"{Status.FAILING},{Status.DEGRADED}"
NOT_KNOWN: Final = f"{Status.STALE},{Status.NO_DATA}"


def searchable(
    topology: Topology, snapshot: Mapping[str, Any], now: datetime
) -> Markup:
    """The table with its tools over it."""
    judged = snapshot["version"] > 0
    return join((tools(topology, judged), listing(topology, snapshot, now)))


def for_browser() -> dict[str, Any]:
    """What `assets/table.js` goes by, as JSON."""
    return {
        "columns": columns.for_browser(),
        "measurer": columns.MEASURER,
        "trouble": TROUBLE,
        "words": words.for_browser(),
    }


def tools(topology: Topology, judged: bool) -> Markup:
    """`judged`: there is a picture to tell of."""
    number = len(topology.connections)
    tally = words.all_shown(number) if judged else words.for_browser()["waiting"]
    return tag(
        "form",
        _search(),
        _select("status", words.STATUS, words.ANY_STATUS, _statuses()),
        _select("classification", words.CLASS, words.ANY_CLASS, _classes(topology)),
        _select("witness", words.WITNESS, words.ANY_WITNESS, WITNESSES.items()),
        _select("box", words.BOX, words.ANY_BOX, _boxes(topology)),
        _select("sort", words.ORDER, None, _orders(), class_="order"),
        _columns(),
        tag("button", words.CSV, type="button", data_csv=True, disabled=True),
        tag("button", words.CLEAR, type="button", data_clear=True, disabled=True),
        tag("p", tally, role="status", data_tally=True),
        tag("noscript", tag("p", words.NO_SCRIPT)),
        class_="table-tools",
        role="search",
        aria_label=words.TOOLS,
        data_table_tools=True,
    )


def _search() -> Markup:
    field = tag(
        "input",
        type="search",
        name="q",
        autocomplete="off",
        spellcheck="false",
        enterkeyhint="search",
        maxlength=200,
        placeholder=words.SEARCH_HINT,
    )
    return tag("label", tag("span", words.SEARCH, class_="unseen"), field)


def _select(
    name: str,
    label: str,
    nothing: str | None,
    choices: Choices,
    class_: str | None = None,
) -> Markup:
    """`nothing`: the choice that filters nothing."""
    listed = [*([("", nothing)] if nothing else []), *choices]
    options = [tag("option", told, value=value) for value, told in listed]
    return tag(
        "label",
        tag("span", label, class_="unseen"),
        tag("select", options, name=name, autocomplete="off"),
        class_=class_,
    )


def _statuses() -> Choices:
    together = ((TROUBLE, words.IN_TROUBLE), (NOT_KNOWN, words.NOT_KNOWN))
    return (*together, *((status.value, WORDS[status]) for status in Status))


def _classes(topology: Topology) -> Choices:
    found = dict.fromkeys(one.classification for one in topology.connections)
    return ((name, name) for name in found)


def _boxes(topology: Topology) -> Choices:
    ends = {end for c in topology.connections for end in (c.source, c.destination)}
    labelled = [(box.label, box.id) for box in topology.boxes if box.id in ends]
    return ((id_, label) for label, id_ in sorted(labelled))


def _orders() -> Choices:
    """Where the heads that sort are not shown, on a telephone."""
    for column in COLUMNS:
        yield column.key, column.title
        yield f"-{column.key}", words.BACKWARDS.format(title=column.title)


def _columns() -> Markup:
    choices = [_column(column) for column in COLUMNS if not column.fixed]
    usual = tag("button", words.USUAL, type="button", data_usual_columns=True)
    return tag(
        "details",
        tag("summary", words.COLUMNS),
        tag("fieldset", tag("legend", words.COLUMNS, class_="unseen"), choices, usual),
        class_="columns",
        data_columns=True,
    )


def _column(column: Column) -> Markup:
    box = tag(
        "input",
        type="checkbox",
        name="columns",
        value=column.key,
        checked=column.usual,
        autocomplete="off",
    )
    hint = f" ({column.hint})" if column.hint else ""
    return tag(
        "label",
        box,
        tag("span", column.title, class_="name"),
        tag("span", hint, class_="quiet"),
    )
