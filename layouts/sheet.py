"""Connections as CSV (RFC 4180): the same bytes that `assets/csv.js` writes.

Whoever opens it in a spreadsheet is safe: a text that would be taken for a formula
(names and errors come from the cluster) gets an apostrophe in front of it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.domain.topology import Topology
from layouts.columns import Column, Field, Way, fields

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that spreadsheets take for a formula."""
TAG: Final = re.compile(r"<[^>]*>")

State = Mapping[str, Any]


def sheet(
    topology: Topology, states: Iterable[State], columns: Iterable[Column]
) -> str:
    """A line of names, then one for each of `states`, in their order."""
    shown = fields(columns)
    labels: dict[str, str] = {box.id: box.label for box in topology.boxes}
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(field.name for field in shown)
    lines.writerows([cell(state, field, labels) for field in shown] for state in states)
    return out.getvalue()


def cell(state: State, field: Field, labels: Mapping[str, str]) -> str:
    """One value as the CSV holds it; empty where nobody knows it."""
    value = follow(state, field.way)
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0")
    text = str(value)
    if field.form == "label":
        text = labels.get(text, text)
    return harmless(plain(text) if field.form == "plain" else text)


def follow(state: Any, way: Way) -> Any:
    """The value at the end of the way; `None` where it leads to nothing."""
    for step in way:
        try:
            state = state[step]
        except (KeyError, IndexError, TypeError):
            return None
    return state


def plain(text: str) -> str:
    """The vendor's text without its tags."""
    return TAG.sub("", text)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
