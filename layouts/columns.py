"""The columns of the table of connections: on the page, in its CSV and in the API's.

The one list that all three are made from. A column's fields are ways into a connection
as the snapshot's JSON holds it, so that Python (`layouts/sheet.py`) and the browser
(`assets/csv.js`, `assets/table.js`) read the same by the same data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.domain.subject import Witness
from layouts.strings import METRICS
from layouts.strings_table import HINTS, TITLES

Way = tuple[str | int, ...]
"""From a connection's JSON to one value of it; a list is entered by its place."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a CSV: its name, with the unit where it has one.

    `form`: `label` tells a box by its name rather than its id; `plain` leaves the tags
    of the vendor's text out.
    """

    name: str
    way: Way
    form: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`order`: what the first click on its head brings to the top: `least` or `most` of
    a number, `words` by the alphabet, `newest` or `oldest` of times, `worst` of
    statuses. `fixed`: it can't be left out; `usual`: shown unless chosen otherwise."""

    key: str
    order: str
    fields: tuple[Field, ...]
    usual: bool = True
    fixed: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.key]

    @property
    def hint(self) -> str | None:
        return HINTS.get(self.key)


MEASURER: Final = Witness.TRAFFIC.value
"""The witness whose word the numbers are."""
USUAL_METRICS: Final = (
    "request_rate",
    "error_ratio",
    "latency_mean_ms",
    "latency_p95_ms",
    "connections_active",
)
_UNITS: Final = {
    "request_rate": "request_rate_per_s",
    "saturation": "saturation_ratio",
}
"""Where a metric's own name does not say its unit; a count has none."""


def _metric(name: str) -> Column:
    field = Field(_UNITS.get(name, name), ("metrics", name))
    return Column(name, "most", (field,), usual=name in USUAL_METRICS)


def _witnesses() -> tuple[Field, ...]:
    pairs = [
        (
            Field(f"witness_{name}", ("witnesses", name)),
            Field(f"witness_{name}_heard_utc", ("heard", name, "at")),
        )
        for name in (witness.value for witness in Witness)
    ]
    return tuple(field for pair in pairs for field in pair)


COLUMNS: Final = (
    Column("number", "least", (Field("number", ("number",)),), fixed=True),
    Column(
        "ends",
        "words",
        (
            Field("from", ("source",), "label"),
            Field("to", ("destination",), "label"),
        ),
        fixed=True,
    ),
    Column("status", "worst", (Field("status", ("status",)),)),
    Column("since", "newest", (Field("since_utc", ("since",)),)),
    Column("reason", "words", (Field("first_reason", ("reasons", 0, "text")),)),
    Column("witnesses", "worst", _witnesses()),
    Column("measured", "oldest", (Field("measured_utc", ("heard", MEASURER, "at")),)),
    *(_metric(name) for name in METRICS),
    Column(
        "protocol",
        "words",
        (Field("protocol", ("protocol",)), Field("port", ("port",))),
    ),
    Column("seen", "oldest", (Field("last_fact_utc", ("observed_at",)),), usual=False),
    Column(
        "classification",
        "words",
        (Field("classification", ("classification",)),),
        usual=False,
    ),
    Column("data", "words", (Field("data", ("data",), "plain"),), usual=False),
)
KEYS: Final = tuple(column.key for column in COLUMNS)
FORWARD: Final = {
    "least": "ascending",
    "words": "ascending",
    "oldest": "ascending",
    "most": "descending",
    "newest": "descending",
    "worst": "descending",
}
"""What `aria-sort` says of each order."""


def chosen(keys: Iterable[str]) -> tuple[Column, ...]:
    """The columns with these keys and those that can't be left out, in their places."""
    wanted = set(keys)
    return tuple(one for one in COLUMNS if one.fixed or one.key in wanted)


def fields(columns: Iterable[Column]) -> tuple[Field, ...]:
    """What the columns are in a CSV."""
    return tuple(field for column in columns for field in column.fields)


def for_browser() -> list[dict[str, Any]]:
    """The same list, as JSON."""
    return [asdict(column) | {"forward": FORWARD[column.order]} for column in COLUMNS]
