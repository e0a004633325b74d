"""What traffic says: errors, latency, saturation, silence.

A connection is judged by what its own caller counted, where the metrics name the peer;
otherwise by all that its destination served, and the reason then says "all callers".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from app.domain.facts_traffic import MeasureFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.loads import Load, Loads
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.view import Seen, View

BY: Final = Witness.TRAFFIC
POOLS: Final = {NodeId("setting"): 9, NodeId("provisioning"): 23}
"""Whose database pool belongs to which connection."""
TOLD: Final = {
    "workspace_users": "{value:.0f} users on one pod, marks are {bound}",
    "event_loop_lag_s": "event loop lag {value:.2f} s, limit {bound}",
    "deadlocked_threads": "{value:.0f} deadlocked threads",
    "pool_saturation": "database pool {value:.0%} in use, limit {bound}",
    "connection_saturation": "{value:.0%} of its connections in use, limit {bound}",
    "memory_share": "{value:.0%} of its memory limit in use, limit {bound}",
    "cpu_throttled": "throttled in {value:.0%} of its turns, limit {bound}",
}
OWN_AFFAIR: Final = frozenset({"memory_share", "cpu_throttled"})
"""What may yet harm a box's callers and does not so far."""
BOUND_OF: Final = {
    "pool_saturation": "saturation",
    "connection_saturation": "saturation",
}
"""The bound of a measure that is not called like it."""
FEWEST_ERRORS: Final = 2
"""One failed request is no trend."""


def findings(
    traffic: Loads, limits: Limits, destination: NodeId, callers: str
) -> list[Finding]:
    """What each who counted says; `callers`: whose requests."""
    return [
        replace(finding, rule=f"{finding.rule}-{load.by}") if load.by else finding
        for load in traffic
        for finding in _findings(load, limits, destination, load.told(callers))
    ]


def _findings(
    traffic: Load, limits: Limits, destination: NodeId, callers: str
) -> list[Finding]:
    """Errors, latency, silence and refused connections, as one counted them."""
    found = [
        _errors(traffic, limits, callers),
        _client_errors(traffic, limits, callers),
        _connects(traffic, limits, callers),
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
        if known is None or _worse(seen.fact, known.fact):
            worst[seen.fact.name] = seen
    return [
        _measure(seen, limits) for name, seen in sorted(worst.items()) if name in TOLD
    ]


def _worse(one: MeasureFact, other: MeasureFact) -> bool:
    """Of equals always the same one, so that the words do not change by turns."""
    return (one.value, one.target) > (other.value, other.target)


def saturation(view: View | None, name: str, limit: float = 1.0) -> float | None:
    """The fullest target's share of its limit, by the measure `name`."""
    seen = view.fresh(MeasureFact) if view else []
    values = [one.fact.value for one in seen if one.fact.name == name]
    return max(values) / limit if values else None


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


def _connects(traffic: Load, limits: Limits, callers: str) -> Finding | None:
    ratio = traffic.connect_failure_ratio
    bound = limits.bounds["connect_failure_ratio"]
    few = (traffic.connect_failures or 0) < FEWEST_ERRORS
    broken = None if ratio is None or few else bound.broken(ratio)
    if ratio is None or broken is None:
        return None
    scarce = (traffic.connects or 0) < limits.floor_requests
    status = Status.DEGRADED if scarce else Status(broken)
    text = f"{ratio:.1%} of connects fail, {callers}"
    return Finding("connects", BY, status, text, traffic.at, sampled=True)


def _latency(
    traffic: Load, limits: Limits, destination: NodeId, callers: str
) -> Finding | None:
    bound = limits.latency_of(destination)
    took = max(
        _times(traffic), key=lambda one: _rank(bound.broken(one.ms)), default=None
    )
    broken = None if took is None else bound.broken(took.ms)
    if took is None or broken is None:
        return None
    few = (traffic.requests or 0) < limits.floor_requests
    status = Status.DEGRADED if few else Status(broken)
    text = (
        f"{took.name} {took.ms:.0f} ms, limit {bound.mark(status):.0f} ms, "
        f"{callers}{took.where}"
    )
    return Finding("latency", BY, status, text, traffic.at, sampled=True)


class _Took(NamedTuple):
    """How long requests took, by what measure, and where, unless everywhere."""

    name: str
    ms: float
    where: str = ""


def _times(traffic: Load) -> Iterator[_Took]:
    """What the limit is held against. Where there are only means, a target that many
    requests went to speaks for itself: others may serve something else."""
    p95, mean_s, slowest = traffic.quantile_ms(0.95), traffic.mean_s, traffic.slowest
    if p95 is not None:
        yield _Took("p95", p95)
        return
    if mean_s is not None:
        yield _Took("mean", mean_s * 1000)
    if slowest is not None:
        yield _Took("mean", slowest.mean_s * 1000, f" ({slowest.target})")


def _rank(broken: str | None) -> int:
    return 0 if broken is None else Status(broken).rank


def _silence(traffic: Load, limits: Limits, callers: str) -> Finding | None:
    if traffic.requests is None or traffic.requests > 0:
        return None
    text = f"no request in the last {traffic.window_s:.0f} s, {callers}"
    still_s = max(0.0, limits.idle_after - traffic.window_s)
    return Finding("silence", BY, Status.IDLE, text, traffic.at, enter=still_s)


def _well(traffic: Load, callers: str) -> Finding:
    if traffic.rate is None:
        return _open(traffic, callers)
    text = f"{traffic.rate:.1f} requests/s within limits, {callers}"
    return Finding("traffic", BY, Status.OK, text, traffic.at)


def _open(traffic: Load, callers: str) -> Finding:
    """Of a protocol that nobody looks into, connections are all that is counted."""
    told = "connections within limits"
    if traffic.active is not None:
        told = f"{traffic.active:.0f} connections open, within limits"
    return Finding("traffic", BY, Status.OK, f"{told}, {callers}", traffic.at)


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
    rule, own = f"measure-{fact.name}", fact.name in OWN_AFFAIR
    return Finding(rule, BY, status, text, seen.at, sampled=True, node_only=own)
