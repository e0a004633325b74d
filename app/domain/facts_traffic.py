"""What was counted and measured: traffic, and gauges that have a limit."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.subject import FactKey, NodeId, Subject


@dataclass(frozen=True, slots=True)
class TrafficFact:
    """What one scraped target counted about a box or a connection over `window_s`.

    `subject` a box: all that was served by it, whoever called. `subject` a number: only
    what the metric itself attributes to that connection. Rates are per second; ratios
    follow from the counts, so that targets can be added. `buckets` are cumulative
    (upper bound in seconds, requests in the window); a mean is
    `duration_sum_s / duration_count`. `connects` counts tries, failed ones included.
    `by`: who counted, where it was not the target's own page (`istio`); `age_s`: how
    old that was already when it was read.
    """

    subject: Subject
    target: str
    window_s: float
    requests: float | None = None
    errors: float | None = None
    client_errors: float | None = None
    duration_sum_s: float | None = None
    duration_count: float | None = None
    buckets: tuple[tuple[float, float], ...] = ()
    active: float | None = None
    connects: float | None = None
    connect_failures: float | None = None
    by: str = ""
    age_s: float = 0.0

    @property
    def key(self) -> FactKey:
        return ("traffic", str(self.subject), self.target, self.by)


@dataclass(frozen=True, slots=True)
class UndrawnFact:
    """A call that somebody saw and the picture does not have; told, never judged."""

    node: NodeId
    to: NodeId
    by: str

    @property
    def key(self) -> FactKey:
        return ("undrawn", self.node, self.to, self.by)


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """A gauge of one target that has a limit of its own: `workspace_users`,
    `event_loop_lag_s`, `deadlocked_threads`, `pool_saturation` (a caller's pool) or
    `connection_saturation` (a store's own limit)."""

    node: NodeId
    target: str
    name: str
    value: float

    @property
    def key(self) -> FactKey:
        return ("measure", self.node, self.target, self.name)
