"""From the answers about connections to facts: who calls whom, and how well. Pure.

A series belongs to a connection by its two ends. What it says is added up per
connection; a ratio is never asked for, because one whose numerator is empty gives
nothing at all.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.facts import Fact
from app.domain.facts_traffic import TrafficFact, UndrawnFact
from app.domain.subject import NodeId
from collectors.telemetry import Answers, Asked, Series
from collectors.vendor_facts import bound_of

Ways = tuple[tuple[str, str], ...]
"""Pairs of labels, a name's and its namespace's ("": none), the surest first."""
Patterns = tuple[tuple[str, str], ...]
"""A label, and what its value looks like."""
Edge = tuple[NodeId, NodeId]


@dataclass(frozen=True, slots=True)
class Ends:
    """How one telemetry names both ends. `caller`: the only box that it speaks for.
    `unit_s`: what a bucket's bound and a time spent are counted in."""

    by: str
    source: Ways
    destination: Ways
    failed: Patterns = ()
    refused: Patterns = ()
    unit_s: float = 1.0
    caller: str | None = None

    @property
    def labels(self) -> str:
        """All of them, as PromQL groups by."""
        pairs = (*self.source, *self.destination)
        return ", ".join(
            dict.fromkeys(label for pair in pairs for label in pair if label)
        )


@dataclass(slots=True)
class _Sum:
    """What was counted of one connection."""

    counted: dict[str, float] = field(default_factory=dict)
    buckets: dict[float, float] = field(default_factory=lambda: defaultdict(float))
    failed: float = 0.0
    refused: float = 0.0
    age_s: float = math.inf
    """Of the newest of its samples; those of a pod that went may linger."""

    def add(self, name: str, value: float) -> None:
        self.counted[name] = self.counted.get(name, 0.0) + value


def read_edges(ends: Ends, answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """Traffic of every connection that is drawn, and what is seen and not drawn.

    A connection of which the newest sample is older than the window is left out. Where
    no age is told, what has grown within the window is no older than that.
    """
    sums: dict[Edge, _Sum] = defaultdict(_Sum)
    for name, series in answers.items():
        for one in series:
            edge = _edge(ends, one.labels, asked)
            if edge is not None and math.isfinite(one.value):
                _count(sums[edge], ends, name, one)
    for told in sums.values():
        told.age_s = asked.window_s if math.isinf(told.age_s) else told.age_s
    fresh = {edge: sum_ for edge, sum_ in sums.items() if sum_.age_s <= asked.window_s}
    return tuple(_fact(ends, edge, fresh[edge], asked) for edge in sorted(fresh))


def _edge(ends: Ends, labels: Mapping[str, str], asked: Asked) -> Edge | None:
    source = NodeId(ends.caller) if ends.caller else _end(ends.source, labels, asked)
    to = _end(ends.destination, labels, asked)
    return None if source is None or to is None else (source, to)


def _end(ways: Ways, labels: Mapping[str, str], asked: Asked) -> NodeId | None:
    for name, space in ways:
        if labels.get(name):
            box = asked.names.box(labels[name], labels.get(space) or None)
            if box is not None:
                return box
    return None


def _count(into: _Sum, ends: Ends, name: str, one: Series) -> None:
    if name == "age":
        into.age_s = min(into.age_s, one.value)
    elif name == "buckets":
        bound = bound_of(one.labels.get("le", ""))
        if bound is not None:
            into.buckets[bound * ends.unit_s] += one.value
    else:
        into.add(name, one.value)
    if name == "requests":
        into.failed += one.value * _matches(ends.failed, one.labels)
        into.refused += one.value * _matches(ends.refused, one.labels)


def _matches(patterns: Patterns, labels: Mapping[str, str]) -> bool:
    return any(
        re.fullmatch(pattern, labels[label])
        for label, pattern in patterns
        if labels.get(label)
    )


def _fact(ends: Ends, edge: Edge, told: _Sum, asked: Asked) -> Fact:
    number = asked.names.connection(*edge)
    if number is None:
        return UndrawnFact(*edge, ends.by)
    counted = told.counted
    requests = counted.get("requests")
    known = requests is not None
    buckets = tuple(sorted(told.buckets.items()))
    return TrafficFact(
        number,
        ends.by,
        asked.window_s,
        requests=requests,
        errors=told.failed + counted.get("failures", 0.0) if known else None,
        client_errors=told.refused if known and ends.refused else None,
        duration_sum_s=counted.get("spent"),
        duration_count=requests if "spent" in counted else None,
        buckets=buckets if _whole(told.buckets) else (),
        active=_active(counted),
        connects=_connects(counted),
        connect_failures=_failures(counted),
        by=ends.by,
        age_s=told.age_s,
    )


def _whole(bounds: Iterable[float]) -> bool:
    return any(math.isinf(bound) for bound in bounds)


def _active(counted: Mapping[str, float]) -> float | None:
    """Told as it is, or what was opened and not yet closed; never closed is 0."""
    if "opened" in counted:
        return max(0.0, counted["opened"] - counted.get("closed", 0.0))
    return counted.get("active")


def _connects(counted: Mapping[str, float]) -> float | None:
    """All tries. Where only the successful ones are told, the failed ones are added."""
    if "connects" in counted:
        return counted["connects"]
    if "opened_since" in counted or "connect_failures" in counted:
        failed = counted.get("connect_failures", 0.0)
        return counted.get("opened_since", 0.0) + failed
    return None


def _failures(counted: Mapping[str, float]) -> float | None:
    return None if _connects(counted) is None else counted.get("connect_failures", 0.0)
