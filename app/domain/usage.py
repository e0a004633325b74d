"""What a box's pods use, and what they may: users, processor, memory, replicas. Pure.

A sum tells of all ready pods or of none: where one of them is not measured (yet), there
is no sum. Processor and memory are told in hundredths of their limit: what moves with
every scrape would be news to every page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from app.domain.facts import PodFact, WorkloadFact
from app.domain.facts_traffic import MeasureFact
from app.domain.facts_usage import AutoscalerFact, UsageFact
from app.domain.limits import Bound, Limits
from app.domain.targets import pod_of
from app.domain.view import View

USERS: Final = "workspace_users"
"""The measure, and the limit with the vendor's marks."""
STEPS: Final = 100
CPU_STEP: Final = 0.05
MEMORY_STEP: Final = 16 * 2**20
"""Where there is no limit."""


class Usage(NamedTuple):
    """Of a box, by the names in the snapshot; `None`: nobody measures all of it."""

    users: int | None = None
    users_most: int | None = None
    users_marks: tuple[float, ...] = ()
    cpu: float | None = None
    cpu_limit: float | None = None
    pods_memory: int | None = None
    pods_memory_limit: int | None = None
    replicas_max: int | None = None


def usage(views: Sequence[View], limits: Limits) -> Usage:
    """What is known of a box's pods; `views`: its own, and those of its members."""
    pods = [seen.fact for view in views for seen in view.all(PodFact)]
    ready = [pod for pod in pods if pod.ready and not pod.terminating]
    users = _users(views, pods, ready)
    cores, bytes_ = _used(views)
    cpu_limit = _allowed([pod.cpu_limit for pod in ready])
    memory_limit = _allowed([pod.memory_limit for pod in ready])
    cpu = _coarse(_of_all(cores, ready), cpu_limit, CPU_STEP)
    memory = _coarse(_of_all(bytes_, ready), memory_limit, MEMORY_STEP)
    return Usage(
        users=round(sum(users)) if users else None,
        users_most=round(max(users)) if users else None,
        users_marks=_marks(limits.bounds[USERS]) if users else (),
        cpu=None if cpu is None else round(cpu, 4),
        cpu_limit=None if cpu_limit is None else round(cpu_limit, 4),
        pods_memory=None if memory is None else round(memory),
        pods_memory_limit=None if memory_limit is None else round(memory_limit),
        replicas_max=_replicas_max(views),
    )


def _users(
    views: Sequence[View], pods: Sequence[PodFact], ready: Sequence[PodFact]
) -> list[float]:
    """On each pod that tells, ready or not: an overloaded one has its users still.
    None at all where a ready one does not tell."""
    told: dict[str, float] = {}
    for view in views:
        for fact, _, _ in view.fresh(MeasureFact):
            if fact.name == USERS:
                # Its page may be read by us and by a Prometheus.
                pod = pod_of(fact.target)
                told[pod] = max(fact.value, told.get(pod, 0.0))
    if _lack(told, ready):
        return []
    there = {pod.name for pod in pods}
    return [users for pod, users in told.items() if not there or pod in there]


def _used(views: Sequence[View]) -> tuple[dict[str, float], dict[str, float]]:
    """Cores and bytes by pod. Who measures the whole container goes before what its
    process says of itself."""
    facts = [one.fact for view in views for one in view.fresh(UsageFact)]
    facts.sort(key=lambda fact: fact.by)
    cores = {pod_of(one.target): one.cpu for one in facts if one.cpu is not None}
    memory = {pod_of(one.target): one.memory for one in facts if one.memory is not None}
    return cores, memory


def _of_all(told: Mapping[str, float], ready: Sequence[PodFact]) -> float | None:
    """The sum over the ready pods; where no pod is known, over all that tell."""
    if not told or _lack(told, ready):
        return None
    return math.fsum(told[pod.name] for pod in ready) if ready else sum(told.values())


def _lack(told: Mapping[str, float], ready: Iterable[PodFact]) -> bool:
    return any(pod.name not in told for pod in ready)


def _allowed(limits: Sequence[float | None]) -> float | None:
    """The limits of the ready pods, added up; `None` where one has none."""
    known = [limit for limit in limits if limit is not None]
    return math.fsum(known) if known and len(known) == len(limits) else None


def _coarse(value: float | None, limit: float | None, step: float) -> float | None:
    """Up to the next step, so that something is never shown as nothing."""
    if value is None:
        return None
    step = limit / STEPS if limit else step
    return math.ceil(round(value / step, 6)) * step


def _marks(bound: Bound) -> tuple[float, ...]:
    return tuple(m for m in (bound.degraded, bound.failing) if m is not None)


def _replicas_max(views: Sequence[View]) -> int | None:
    """What the autoscalers allow; a workload beside them, that has none, stays as it
    is. `None`: there is no autoscaler, or none that we may see."""
    most = {
        (fact.kind, fact.namespace, fact.target): fact.most
        for view in views
        for fact, _, _ in view.fresh(AutoscalerFact)
    }
    works = [seen.fact for view in views for seen in view.all(WorkloadFact)]
    names = {(work.kind, work.namespace, work.name): work.desired for work in works}
    if names.keys().isdisjoint(most):
        return None
    return sum(most.get(name, desired) for name, desired in names.items())
