"""What the parts of the page about the dashboard itself have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from layouts import figures
from layouts.markup import Markup, tag

Row = tuple[Sequence[Any], str | None]
"""The cells, and the status of what the row is about, if it has one."""


def grid(name: str, columns: Sequence[str], rows: Iterable[Row]) -> Markup:
    """A table that scrolls by itself where it is too wide, also by keys."""
    head = tag("tr", [tag("th", column, scope="col") for column in columns])
    body = [
        tag(
            "tr",
            tag("th", cells[0], scope="row"),
            [tag("td", cell) for cell in cells[1:]],
            data_status=status,
        )
        for cells, status in rows
    ]
    table = tag("table", tag("thead", head), tag("tbody", body))
    return tag("div", table, class_="db-grid", role="region", tabindex=0,
               aria_label=name)  # fmt: skip


def seconds(value: float | None) -> str:
    """`<1 ms`, `14 ms`, `1.2 s`; a dash for what nobody timed."""
    if value is None or value < 10:
        return figures.latency(None if value is None else value * 1000)
    return figures.duration(value)
