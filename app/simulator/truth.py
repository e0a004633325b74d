"""What is really broken now, by the faults in force and the architecture alone.

Pure, and deliberately without the dashboard's own rules: campaigns hold its verdicts
against this. A connection that is not told is well. How a fault counts:

* no ready pod behind a destination: its connections fail
* some of its pods gone: degraded where Consul lists it (a check is critical), else well
* slow, errors, store_slow, store_full: by the limits of the product's verdicts
* a group with a bad member is degraded; it fails when all of its members fail
* a source that is wholly down: its outgoing connections are idle, whatever they lead to
* faults in what can be seen (the API, metrics, ACLs, the clock) break nothing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from app.domain.subject import NodeId
from app.domain.topology import Box, Topology
from app.simulator.faults import Fault
from app.simulator.world import TOPOLOGY, WORKLOADS, WorkloadSpec, behind


class Health(IntEnum):
    WELL = 0
    DEGRADED = 1
    FAILING = 2


@dataclass(frozen=True, slots=True)
class Truth:
    """`connections`: those that are not well. `causes`: boxes, or a connection's number
    where only that one is bad."""

    connections: Mapping[int, str]
    causes: tuple[str, ...]


LATENCY_MS: Final = (1000.0, 5000.0)
STORE_LATENCY_MS: Final = {
    "redis": (5.0, 50.0),
    "postgresql": (100.0, 1000.0),
    "elasticsearch": (500.0, 5000.0),
}
ERROR_SHARE: Final = (0.01, 0.10)
SATURATION: Final = (0.80, 0.95)
CERTIFICATE_DAYS: Final = (14.0, 2.0)
CERTIFICATE_ON: Final = 1
PODS_GONE: Final = ("pod_crash", "pod_not_ready")
CONSUL_OUT: Final = ("consul_down", "consul_leader_lost")


def truth(faults: Iterable[Fault], topology: Topology = TOPOLOGY) -> Truth:
    """What these faults together break, and which of them are to blame."""
    found = tuple(faults)
    broken = _broken(found, topology)
    blamed = (_cause(fault) for fault in found if _broken((fault,), topology))
    return Truth(broken, tuple(dict.fromkeys(blamed)))


def _cause(fault: Fault) -> str:
    named = next((spec.box for spec in WORKLOADS if spec.name == fault.target), None)
    return str(named or fault.target)


def _broken(faults: tuple[Fault, ...], topology: Topology) -> dict[int, str]:
    told: dict[int, str] = {}
    for connection in topology.connections:
        if _down(topology.box(connection.source), faults):
            told[connection.number] = "idle"
            continue
        destination = topology.box(connection.destination)
        health = max(
            _box(destination, faults, topology), _alone(connection.number, faults)
        )
        if health is not Health.WELL:
            told[connection.number] = health.name.lower()
    return told


def _alone(number: int, faults: Iterable[Fault]) -> Health:
    """What is wrong with this one connection and not with its destination."""
    health = Health.WELL
    for fault in faults:
        if fault.kind == "partition" and fault.target == str(number):
            health = Health.FAILING
        if fault.kind == "certificate_near_end" and number == CERTIFICATE_ON:
            health = max(health, _falling(fault.number("days"), CERTIFICATE_DAYS))
    return health


def _box(box: Box, faults: tuple[Fault, ...], topology: Topology) -> Health:
    own = [_workload(spec, faults) for spec in _specs(box.id)]
    if box.needs_all:
        return max(own)
    parts = own + [_box(topology.box(one), faults, topology) for one in box.members]
    if not parts or min(parts) is Health.FAILING:
        return max(parts, default=Health.WELL)
    return min(max(parts), Health.DEGRADED) if len(parts) > 1 else parts[0]


def _specs(box: NodeId) -> list[WorkloadSpec]:
    return [spec for spec in WORKLOADS if spec.box == box]


def _down(box: Box, faults: tuple[Fault, ...]) -> bool:
    """Nothing of the box runs, so that it calls nobody."""
    specs = behind(box.id)
    return bool(specs) and all(_gone(spec, faults) >= spec.replicas for spec in specs)


def _gone(spec: WorkloadSpec, faults: Iterable[Fault]) -> int:
    """How many of the workload's pods are out of service."""
    return max((_takes(spec, fault) for fault in faults), default=0)


def _takes(spec: WorkloadSpec, fault: Fault) -> int:
    if spec not in behind(fault.target):
        return 0
    if fault.kind in PODS_GONE:
        return int(fault.number("pods")) or spec.replicas
    recreates = fault.kind == "image_pull" and fault.text("strategy") == "recreate"
    wholly = recreates or fault.kind in ("scale_zero", "store_down")
    return spec.replicas if wholly else 0


def _workload(spec: WorkloadSpec, faults: tuple[Fault, ...]) -> Health:
    if spec.box == "consul":
        return _consul(spec, faults)
    gone = _gone(spec, faults)
    if gone >= spec.replicas:
        return Health.FAILING
    short = Health.DEGRADED if gone and spec.consul else Health.WELL
    mine = [fault for fault in faults if spec in behind(fault.target)]
    return max([short, *(_judge(spec, fault) for fault in mine)])


def _consul(spec: WorkloadSpec, faults: Iterable[Fault]) -> Health:
    """Without a majority of its servers there is no leader."""
    found = tuple(faults)
    no_majority = (spec.replicas - _gone(spec, found)) * 2 <= spec.replicas
    if no_majority or any(fault.kind in CONSUL_OUT for fault in found):
        return Health.FAILING
    return Health.WELL


def _judge(spec: WorkloadSpec, fault: Fault) -> Health:
    judge = JUDGES.get(fault.kind)
    return judge(spec, fault) if judge else Health.WELL


def _checks(spec: WorkloadSpec, fault: Fault) -> Health:
    critical = int(fault.number("pods")) or spec.replicas
    return Health.FAILING if critical >= spec.replicas else Health.DEGRADED


JUDGES: Final[Mapping[str, Callable[[WorkloadSpec, Fault], Health]]] = {
    "slow": lambda spec, fault: _rising(fault.number("latency_ms"), LATENCY_MS),
    "errors": lambda spec, fault: _rising(fault.number("share"), ERROR_SHARE),
    "store_slow": lambda spec, fault: _rising(
        fault.number("delay_ms"), STORE_LATENCY_MS[spec.box]
    ),
    "store_full": lambda spec, fault: _rising(fault.number("saturation"), SATURATION),
    "consul_critical": _checks,
    "consul_deregistered": lambda spec, fault: Health.DEGRADED,
}


def _rising(value: float, marks: tuple[float, float]) -> Health:
    """The marks are where degraded and failing begin."""
    return Health(sum(value >= mark for mark in marks))


def _falling(value: float, marks: tuple[float, float]) -> Health:
    return Health(sum(value < mark for mark in marks))
