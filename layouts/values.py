"""The one value that stands on each line, by the reader's choice.

`assets/values.js` says the same in the browser. Old facts show their age whatever is
chosen: a number of ten minutes ago is none of now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.domain.status import Status
from layouts import figures
from layouts.says import State
from layouts.strings import UNMEASURED
from layouts.strings_map import OPEN_UNIT, VALUE_CHOICES

DEFAULT: Final = ""


def known(asked: str | None) -> str:
    """A choice that there is; the default for anything else that an address says."""
    return asked if asked in VALUE_CHOICES else DEFAULT


def shown(choice: str, state: State, now: datetime) -> str:
    """What stands on a line."""
    age = figures.seconds_since(state["observed_at"], now)
    if choice == "age" or (state["status"] == Status.STALE and age is not None):
        return UNMEASURED if age is None else figures.short_age(age)
    return _READERS[choice](state)


def open_connections(count: float | None) -> str:
    """`12 con`, `1.2k con`: short enough for a badge."""
    if count is None:
        return UNMEASURED
    if count < 999.5:
        return f"{figures.count(count)} {OPEN_UNIT}"
    thousands = count / 1000
    return f"{figures.count(max(1, thousands))}k {OPEN_UNIT}"


_READERS: Final[dict[str, Callable[[State], str]]] = {
    DEFAULT: lambda state: figures.headline(state["metrics"]),
    "p95": lambda state: figures.latency(state["metrics"].get("latency_p95_ms")),
    "rate": lambda state: figures.rate(state["metrics"].get("request_rate")),
    "errors": lambda state: figures.ratio(state["metrics"].get("error_ratio")),
    "open": lambda state: open_connections(state["metrics"].get("connections_active")),
}
