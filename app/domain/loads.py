"""Traffic, added up: what was counted about each box and connection lately.

Several may count one connection: the callers' own pages, a mesh, an agent. Their counts
are never added to each other; each makes a `Load` of its own.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from app.domain.facts_traffic import TrafficFact
from app.domain.kept import Kept, again
from app.domain.quantiles import added, quantile
from app.domain.snapshot import Metrics
from app.domain.subject import Subject
from app.domain.telemetry import TITLES
from app.domain.view import Seen, View, Views

PAGES: Final = ""
"""Counted by the pods' own pages, which we read ourselves."""
TWENTIETH: Final = 0.05
SAME_AS_PAGES: Final = "vendor"
"""The same pages, read by a Prometheus: told only where we read none ourselves."""

QUANTILES: Final = (0.50, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Slowest:
    """The mean of one of several targets: a twentieth of all requests, or more, went to
    targets that are as slow or slower. What a p95 would tell, where there are only
    means."""

    target: str
    mean_s: float


@dataclass(frozen=True)
class Load:
    """The traffic of one subject as one counter tells it, its targets added up."""

    window_s: float
    requests: float | None
    rate: float | None
    """Requests per second. Targets count over windows of their own."""
    errors: float | None
    client_errors: float | None
    mean_s: float | None
    active: float | None
    at: datetime
    buckets: tuple[tuple[float, float], ...] = field(default=())
    connects: float | None = None
    connect_failures: float | None = None
    by: str = PAGES
    slowest: Slowest | None = None

    def ratio(self, part: float | None) -> float | None:
        if part is None or not self.requests:
            return None
        return part / self.requests

    @property
    def connect_failure_ratio(self) -> float | None:
        if self.connect_failures is None or not self.connects:
            return None
        return self.connect_failures / self.connects

    def quantile_ms(self, q: float) -> float | None:
        found = quantile(self.buckets, q) if self.buckets else None
        return None if found is None else found * 1000

    @functools.cached_property
    def latencies_ms(self) -> tuple[float | None, ...]:
        """At the quantiles that are shown. Kept: each connection into a box tells them
        again, whatever changed about it."""
        return tuple(self.quantile_ms(q) for q in QUANTILES)

    def told(self, callers: str) -> str:
        """Whose requests were counted, and by whom."""
        return f"{callers}, by {TITLES.get(self.by, self.by)}" if self.by else callers


Loads = tuple[Load, ...]
"""One for each who counted, our own reading first."""


def loads(
    views: Views, before: Mapping[Subject, Kept[Loads]]
) -> dict[Subject, Kept[Loads]]:
    """The traffic of every subject of which any is freshly known."""
    counted = {
        subject: again(before.get(subject), (view,), functools.partial(_loads_of, view))
        for subject, view in views.items()
        if view.seen.get(TrafficFact)
    }
    return {subject: kept for subject, kept in counted.items() if kept.made}


def _loads_of(view: View) -> Loads:
    return loads_of(view.fresh(TrafficFact))


def loads_of(seen: Sequence[Seen[TrafficFact]]) -> Loads:
    """What was counted, added up for each who counted."""
    by: dict[str, list[Seen[TrafficFact]]] = defaultdict(list)
    for one in seen:
        by[one.fact.by].append(one)
    if PAGES in by:
        by.pop(SAME_AS_PAGES, None)
    return tuple(_load(name, by[name]) for name in sorted(by))


def _load(by: str, seen: Sequence[Seen[TrafficFact]]) -> Load:
    facts = [one.fact for one in seen]
    took = _sum(fact.duration_sum_s for fact in facts)
    count = _sum(fact.duration_count for fact in facts)
    return Load(
        window_s=max(fact.window_s for fact in facts),
        requests=_sum(fact.requests for fact in facts),
        rate=_sum(_rate(fact) for fact in facts),
        errors=_sum(fact.errors for fact in facts),
        client_errors=_sum(fact.client_errors for fact in facts),
        mean_s=None if took is None or not count else took / count,
        active=_sum(fact.active for fact in facts),
        # All targets must have been read again before a sample counts as a second one.
        at=min(one.at - timedelta(seconds=one.fact.age_s) for one in seen),
        buckets=added(fact.buckets for fact in facts),
        connects=_sum(fact.connects for fact in facts),
        connect_failures=_sum(fact.connect_failures for fact in facts),
        by=by,
        slowest=_slowest(facts),
    )


def _slowest(facts: Sequence[TrafficFact]) -> Slowest | None:
    """Of several targets; who served nothing has no say."""
    means = [
        (fact.duration_sum_s / fact.duration_count, fact.target, fact.duration_count)
        for fact in facts
        if fact.duration_sum_s is not None and fact.duration_count
    ]
    if len(means) < 2:
        return None
    means.sort(reverse=True)
    passed = [*accumulate(count for _, _, count in means)]
    last = bisect_left(passed, TWENTIETH * passed[-1])
    return Slowest(means[last][1], means[last][0])


def _rate(fact: TrafficFact) -> float | None:
    return None if fact.requests is None else fact.requests / fact.window_s


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def metrics(traffic: Loads, saturation: float | None) -> Metrics:
    """The live numbers that the contract names, each by the first who counts it."""
    p50, p95, p99 = (
        _first(one.latencies_ms[place] for one in traffic)
        for place in range(len(QUANTILES))
    )
    return Metrics(
        request_rate=_first(one.rate for one in traffic),
        error_ratio=_first(one.ratio(one.errors) for one in traffic),
        latency_mean_ms=_first(_ms(one.mean_s) for one in traffic),
        latency_p50_ms=p50,
        latency_p95_ms=p95,
        latency_p99_ms=p99,
        connections_active=_first(one.active for one in traffic),
        connect_failure_ratio=_first(one.connect_failure_ratio for one in traffic),
        saturation=saturation,
    )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def _first(values: Iterable[float | None]) -> float | None:
    return next((value for value in values if value is not None), None)
