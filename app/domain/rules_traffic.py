"""What traffic says: errors, latency, saturation, silence.

A connection is judged by what its own caller counted, where the metrics name the peer;
otherwise by all that its destination served, and the reason then says "all callers".
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.facts import MeasureFact, TrafficFact
from app.domain.finding import Finding
from app.domain.kept import Kept, again
from app.domain.limits import Limits
from app.domain.quantiles import added, quantile
from app.domain.snapshot import Metrics
from app.domain.status import Status
from app.domain.subject import NodeId, Subject, Witness
from app.domain.view import Seen, View, Views

BY: Final = Witness.TRAFFIC
POOLS: Final = {NodeId("setting"): 9, NodeId("provisioning"): 23}
"""Whose database pool belongs to which connection."""
TOLD: Final = {
    "workspace_users": "{value:.0f} users on one pod, marks are {bound}",
    "event_loop_lag_s": "event loop lag {value:.2f} s, limit {bound}",
    "deadlocked_threads": "{value:.0f} deadlocked threads",
    "pool_saturation": "database pool {value:.0%} in use, limit {bound}",
    "connection_saturation": "{value:.0%} of its connections in use, limit {bound}",
}
BOUND_OF: Final = {
    "pool_saturation": "saturation",
    "connection_saturation": "saturation",
}
"""The bound of a measure that is not called like it."""
FEWEST_ERRORS: Final = 2
"""One failed request is no trend."""


@dataclass(frozen=True, slots=True)
class Load:
    """The traffic of one subject, its targets added up."""

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

    def ratio(self, part: float | None) -> float | None:
        if part is None or not self.requests:
            return None
        return part / self.requests

    def quantile_ms(self, q: float) -> float | None:
        found = quantile(self.buckets, q) if self.buckets else None
        return None if found is None else found * 1000


def loads(
    views: Views, before: Mapping[Subject, Kept[Load]]
) -> dict[Subject, Kept[Load]]:
    """The traffic of every subject of which any is freshly known."""
    found = {}
    for subject, view in views.items():
        seen = tuple(view.fresh(TrafficFact))
        if seen:
            make = functools.partial(_load, seen)
            found[subject] = again(before.get(subject), seen, make)
    return found


def _load(seen: Sequence[Seen[TrafficFact]]) -> Load:
    facts = [one.fact for one in seen]
    took = _sum([fact.duration_sum_s for fact in facts])
    count = _sum([fact.duration_count for fact in facts])
    return Load(
        window_s=max(fact.window_s for fact in facts),
        requests=_sum([fact.requests for fact in facts]),
        rate=_sum([_rate(fact) for fact in facts]),
        errors=_sum([fact.errors for fact in facts]),
        client_errors=_sum([fact.client_errors for fact in facts]),
        mean_s=None if took is None or not count else took / count,
        active=_sum([fact.active for fact in facts]),
        # All targets must have been read again before a sample counts as a second one.
        at=min(one.at for one in seen),
        buckets=added(fact.buckets for fact in facts),
    )


def _rate(fact: TrafficFact) -> float | None:
    return None if fact.requests is None else fact.requests / fact.window_s


def metrics(traffic: Load | None, saturation: float | None) -> Metrics:
    """The live numbers that the contract names."""
    if traffic is None:
        return Metrics(saturation=saturation)
    return Metrics(
        request_rate=traffic.rate,
        error_ratio=traffic.ratio(traffic.errors),
        latency_mean_ms=None if traffic.mean_s is None else traffic.mean_s * 1000,
        latency_p50_ms=traffic.quantile_ms(0.50),
        latency_p95_ms=traffic.quantile_ms(0.95),
        latency_p99_ms=traffic.quantile_ms(0.99),
        connections_active=traffic.active,
        saturation=saturation,
    )


def findings(
    traffic: Load | None, limits: Limits, destination: NodeId, callers: str
) -> list[Finding]:
    """Errors, latency and silence of one connection; `callers`: who was counted."""
    if traffic is None:
        return []
    found = [
        _errors(traffic, limits, callers),
        _client_errors(traffic, limits, callers),
        _latency(traffic, limits, destination, callers),
        _silence(traffic, limits, callers),
    ]
    bad = [finding for finding in found if finding is not None]
    return bad or [_well(traffic, callers)]


def measures(view: View, limits: Limits) -> list[Finding]:
    """Gauges of a box that have a limit of their own; the worst target of each."""
    worst: dict[str, Seen[MeasureFact]] = {}
    for seen in view.fresh(MeasureFact):
        known = worst.get(seen.fact.name)
        if known is None or seen.fact.value > known.fact.value:
            worst[seen.fact.name] = seen
    return [
        _measure(seen, limits) for name, seen in sorted(worst.items()) if name in TOLD
    ]


def saturation(view: View | None, name: str, limit: float = 1.0) -> float | None:
    """The fullest target's share of its limit, by the measure `name`."""
    seen = view.fresh(MeasureFact) if view else []
    values = [one.fact.value for one in seen if one.fact.name == name]
    return max(values) / limit if values else None


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _errors(traffic: Load, limits: Limits, callers: str) -> Finding | None:
    ratio = traffic.ratio(traffic.errors)
    broken = None if ratio is None else limits.bounds["error_ratio"].broken(ratio)
    if ratio is None or broken is None or (traffic.errors or 0) < FEWEST_ERRORS:
        return None
    few = (traffic.requests or 0) < limits.floor_requests
    status = Status.DEGRADED if few else Status(broken)
    text = f"{ratio:.1%} of requests fail (5xx or no answer), {callers}"
    return Finding("errors", BY, status, text, traffic.at, sampled=True)


def _client_errors(traffic: Load, limits: Limits, callers: str) -> Finding | None:
    ratio = traffic.ratio(traffic.client_errors)
    bound = limits.bounds["client_error_ratio"]
    few = (traffic.client_errors or 0) < FEWEST_ERRORS
    if ratio is None or few or bound.broken(ratio) is None:
        return None
    text = f"{ratio:.0%} of requests are refused (4xx), {callers}"
    return Finding("client-errors", BY, Status.DEGRADED, text, traffic.at, sampled=True)


def _latency(
    traffic: Load, limits: Limits, destination: NodeId, callers: str
) -> Finding | None:
    p95 = traffic.quantile_ms(0.95)
    mean = None if traffic.mean_s is None else traffic.mean_s * 1000
    value, name = (p95, "p95") if p95 is not None else (mean, "mean")
    bound = limits.latency_of(destination)
    broken = None if value is None else bound.broken(value)
    if value is None or broken is None:
        return None
    few = (traffic.requests or 0) < limits.floor_requests
    status = Status.DEGRADED if few else Status(broken)
    text = f"{name} {value:.0f} ms, limit {bound.mark(status):.0f} ms, {callers}"
    return Finding("latency", BY, status, text, traffic.at, sampled=True)


def _silence(traffic: Load, limits: Limits, callers: str) -> Finding | None:
    if traffic.requests is None or traffic.requests > 0:
        return None
    text = f"no request in the last {traffic.window_s:.0f} s, {callers}"
    still_s = max(0.0, limits.idle_after - traffic.window_s)
    return Finding("silence", BY, Status.IDLE, text, traffic.at, enter=still_s)


def _well(traffic: Load, callers: str) -> Finding:
    text = f"{traffic.rate or 0:.1f} requests/s within limits, {callers}"
    return Finding("traffic", BY, Status.OK, text, traffic.at)


def _measure(seen: Seen[MeasureFact], limits: Limits) -> Finding:
    fact = seen.fact
    bound = limits.bounds[BOUND_OF.get(fact.name, fact.name)]
    broken = bound.broken(fact.value)
    status = Status(broken) if broken else Status.OK
    marks = [m for m in (bound.degraded, bound.failing) if m is not None]
    told = TOLD[fact.name].format(
        value=fact.value, bound=" and ".join(f"{mark:g}" for mark in marks)
    )
    text = f"{told} ({fact.target})" if broken else told
    rule = f"measure-{fact.name}"
    return Finding(rule, BY, status, text, seen.at, sampled=True)
