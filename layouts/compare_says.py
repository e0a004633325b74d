"""Differences in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from app.domain.compare import METRICS, STATUS, Change, Difference, Value
from app.domain.timeline import Kind, Lane
from app.domain.topology import Topology
from layouts import figures, timeline_lines
from layouts import strings_compare as words
from layouts.strings import UNMEASURED, WORDS


def counted(found: Sequence[Difference]) -> str:
    """`2 are worse, 1 is better`."""
    if not found:
        return words.NONE
    tally = Counter(one.how for one in found)
    told = [
        one if tally[how] == 1 else many.format(count=tally[how])
        for how, (one, many) in words.COUNTED.items()
        if tally[how]
    ]
    return ", ".join(told)


def called(topology: Topology, lane: Lane) -> str:
    """`17 GWS Workspace Service → Voicemail`, `Redis`, `Source Consul`."""
    name = timeline_lines.called(topology, lane)
    if lane.kind is Kind.SOURCE:
        return words.SOURCE.format(name=name)
    if lane.kind is Kind.CONNECTION:
        return name.replace(", ", " ", 1).replace(" to ", " → ")
    return name


def values(change: Change) -> tuple[str, str]:
    """Both, as the page says them."""
    return _told(change.what, change.before), _told(change.what, change.after)


def _told(what: str, value: Value) -> str:
    if value is None:
        return words.GONE if what == STATUS else UNMEASURED
    return _READERS.get(what, str)(value)


def _metric(name: str) -> Callable[[Any], str]:
    return lambda value: figures.metric(name, value)


_READERS: Final[dict[str, Callable[[Any], str]]] = {
    STATUS: lambda status: WORDS[status],
    "memory": figures.size,
    "lag_s": figures.duration,
    **{name: _metric(name) for name in METRICS},
}
