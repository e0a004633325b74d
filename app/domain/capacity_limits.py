"""Which metric is the load of a subject, which limits it has, and who tells them.

Demand is held against the limit as it is now: a limit does not grow by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from app.domain.capacity_figures import figure
from app.domain.capacity_terms import NEAR, Role, Unit
from app.domain.limits import Limits
from app.domain.rollups import Column
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology

Json = Mapping[str, Any]
Columns = Mapping[tuple[Subject, str], Column]
WORKSPACE: Final = NodeId("workspace")
REPLICAS: Final = "replicas"


class Kind(NamedTuple):
    role: Role
    unit: Unit


LOAD, LATENCY, ERRORS, FULL = Role.LOAD, Role.LATENCY, Role.ERRORS, Role.SATURATION
KINDS: Final[Mapping[str, Kind]] = {
    "request_rate": Kind(LOAD, Unit.PER_SECOND),
    "connections_active": Kind(LOAD, Unit.CONNECTIONS),
    "users": Kind(LOAD, Unit.USERS),
    "clients": Kind(LOAD, Unit.CLIENTS),
    "cpu": Kind(LOAD, Unit.CORES),
    "pods_memory": Kind(LOAD, Unit.BYTES),
    "latency_p95_ms": Kind(LATENCY, Unit.MILLISECONDS),
    "latency_p99_ms": Kind(LATENCY, Unit.MILLISECONDS),
    "latency_mean_ms": Kind(LATENCY, Unit.MILLISECONDS),
    "lag_s": Kind(LATENCY, Unit.SECONDS),
    "error_ratio": Kind(ERRORS, Unit.SHARE),
    "connect_failure_ratio": Kind(ERRORS, Unit.SHARE),
    "saturation": Kind(FULL, Unit.SHARE),
    "users_most": Kind(FULL, Unit.USERS),
    "memory": Kind(FULL, Unit.BYTES),
    "desired": Kind(FULL, Unit.PODS),
}
"""Every metric that is reviewed. Of each role a subject has the first that was
measured; what has a limit is held against it as well."""
LIMITS_TOLD: Final = (
    "clients_limit", "memory_limit", "cpu_limit", "pods_memory_limit", "replicas_max",
    "ready",
)  # fmt: skip
"""What is asked of history beside them: limits, and the pods that carry them."""
ASKED: Final = (*KINDS, *LIMITS_TOLD)


@dataclass(frozen=True, slots=True)
class Limit:
    """`metric` is what uses it up. `carried`: whether it shrinks when a pod is lost,
    and its use stays. `agents`: whether more agents use more of it."""

    name: str
    metric: str
    unit: Unit
    most: float
    mark: float
    source: str
    carried: bool
    agents: bool


class _Told(NamedTuple):
    """A limit that a box tells itself, by the name of its metric."""

    limit: str
    name: str
    unit: Unit
    source: str
    carried: bool
    agents: bool


_TOLD: Final[Mapping[str, _Told]] = {
    "clients": _Told("clients_limit", "clients", Unit.CLIENTS,
                     "the connections that its servers allow", True, True),
    "memory": _Told("memory_limit", "memory", Unit.BYTES,
                    "the memory that its servers may use", False, False),
    "cpu": _Told("cpu_limit", "cpu", Unit.CORES,
                 "the CPU limits of its ready pods", True, True),
    "pods_memory": _Told("pods_memory_limit", "pods_memory", Unit.BYTES,
                         "the memory limits of its ready pods", True, False),
    "desired": _Told("replicas_max", REPLICAS, Unit.PODS,
                     "the most pods that its autoscaler may start", False, True),
}  # fmt: skip


def measured(columns: Columns, subject: Subject, role: Role) -> str | None:
    """The metric that tells this role of a subject."""
    names = (name for name, kind in KINDS.items() if kind.role is role)
    return next((name for name in names if (subject, name) in columns), None)


def limits_of(
    columns: Columns, node: Json | None, subject: Subject, limits: Limits
) -> list[Limit]:
    """The limits of what was measured. `node`: the picture's item of a box."""
    if isinstance(subject, int):
        return _saturation() if (subject, "saturation") in columns else []
    told = [
        _limit(columns, node, subject, name, most)
        for name in _TOLD
        if (subject, name) in columns
        and (most := _now(columns, node, subject, _TOLD[name].limit))
    ]
    users = _users(columns, node, subject, limits) if subject == WORKSPACE else []
    return [*users, *told]


def _saturation() -> list[Limit]:
    source = "the fullest server or pod at its end, of what it allows"
    return [
        Limit("saturation", "saturation", Unit.SHARE, 1.0, NEAR, source, False, True)
    ]


def _limit(
    columns: Columns, node: Json | None, subject: Subject, metric: str, most: float
) -> Limit:
    told = _TOLD[metric]
    column = columns.get((subject, told.limit))
    first = most if column is None or not len(column.at) else float(column.last[0])
    changed = abs(first - most) > 0.01 * most
    before = f"; {figure(first, told.unit).text} when the review begins"
    source = told.source + (before if changed else "")
    return Limit(
        told.name,
        metric,
        told.unit,
        most,
        NEAR * most,
        source,
        told.carried,
        told.agents,
    )


def _now(
    columns: Columns, node: Json | None, subject: Subject, name: str
) -> float | None:
    """As the picture says, else as history told last."""
    told = (node or {}).get(name)
    if told is not None:
        return float(told)
    column = columns.get((subject, name))
    return None if column is None or not len(column.at) else float(column.last[-1])


def _users(
    columns: Columns, node: Json | None, subject: Subject, limits: Limits
) -> list[Limit]:
    """The vendor's marks of users on one Workspace pod; on all, times those ready."""
    bound, pods = (
        limits.bounds["workspace_users"],
        _now(columns, node, subject, "ready"),
    )
    most, mark = bound.mark("failing"), bound.mark("degraded")
    marks = f"{mark:.0f} and {most:.0f} users on one pod"
    found = []
    if (subject, "users") in columns and pods:
        times = f"{marks}, times {pods:.0f} ready pods"
        found.append(_of_users("users", most * pods, mark * pods, times, carried=True))
    if (subject, "users_most") in columns:
        fullest = f"{marks}, on the fullest"
        found.append(_of_users("users_most", most, mark, fullest, carried=True))
    return found


def _of_users(
    name: str, most: float, mark: float, source: str, *, carried: bool
) -> Limit:
    return Limit(name, name, Unit.USERS, most, mark, source, carried, True)


def subjects_of(topology: Topology) -> Iterator[tuple[Subject, str]]:
    """Every connection in number order, then every box, with what it is called."""
    for one in topology.connections:
        ends = (topology.box(one.source).label, topology.box(one.destination).label)
        yield one.number, " → ".join(ends)
    for box in topology.boxes:
        yield box.id, box.label
