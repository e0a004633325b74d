"""From the faults in force to the strain on one pod. Pure.

A fault at a box is seen from two sides: by its own pods, and by the pods of those who
call it, where their metrics name whom they called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.simulator.faults import Fault
from app.simulator.load import NOTHING, Strain
from app.simulator.load_profiles import CALLEES
from app.simulator.world import TOPOLOGY, WORKLOADS, Pod, WorkloadSpec, behind


@dataclass(slots=True)
class _Sum:
    slow_s: float = 0.0
    errors: float = 0.0
    peer_slow_s: dict[str, float] = field(default_factory=dict)
    peer_errors: dict[str, float] = field(default_factory=dict)
    full: dict[str, float] = field(default_factory=dict)


def strain_on(
    spec: WorkloadSpec,
    faults: Iterable[Fault],
    *,
    share: float = 1.0,
    down: Mapping[str, float] = NOTHING,
) -> Strain:
    """The strain on a pod of this workload.

    `share`: its part of the workload's demand; `down`: of a box's workloads, how many
    have no pod that is ready.
    """
    found = _Sum()
    peers = {str(peer) for peer in CALLEES.get(spec.box, ())}
    for peer in peers & down.keys():
        found.peer_errors[peer] = down[peer]
    for fault in faults:
        _add(found, spec, peers, fault)
    return Strain(
        share,
        found.slow_s,
        found.errors,
        found.peer_slow_s,
        found.peer_errors,
        found.full,
    )


def _add(found: _Sum, spec: WorkloadSpec, peers: set[str], fault: Fault) -> None:
    hit = behind(fault.target)
    own = spec in hit
    called = peers & {str(one.box) for one in hit} - {str(spec.box)}
    match fault.kind:
        case "slow" | "store_slow":
            _slow(found, own, called, _delay_s(fault))
        case "errors":
            share = fault.number("share")
            found.errors = max(found.errors, share if own else 0.0)
            _raise(found.peer_errors, called, share)
        case "store_down":
            _raise(found.peer_errors, called, 1.0)
        case "store_full":
            concerned = called | ({str(spec.box)} if own else set())
            _raise(found.full, concerned, fault.number("saturation"))
        case "partition":
            _raise(found.peer_errors, _cut_off(spec, fault.target), 1.0)


def _slow(found: _Sum, own: bool, called: set[str], delay_s: float) -> None:
    found.slow_s += delay_s if own else 0.0
    for peer in called:
        found.peer_slow_s[peer] = found.peer_slow_s.get(peer, 0.0) + delay_s


def _delay_s(fault: Fault) -> float:
    name = "latency_ms" if fault.kind == "slow" else "delay_ms"
    return fault.number(name) / 1000


def _raise(into: dict[str, float], peers: Iterable[str], to: float) -> None:
    for peer in peers:
        into[peer] = max(into.get(peer, 0.0), to)


def _cut_off(spec: WorkloadSpec, number: str) -> set[str]:
    connection = TOPOLOGY.connection(int(number))
    return {str(connection.destination)} if connection.source == spec.box else set()


def ready_pods(pods: Iterable[Pod]) -> dict[str, int]:
    """How many pods of each workload take work."""
    ready = dict.fromkeys((spec.name for spec in WORKLOADS), 0)
    for pod in pods:
        ready[pod.spec.name] += pod.serving and pod.ready and not pod.leaving
    return ready


def down_boxes(ready: Mapping[str, int]) -> dict[str, float]:
    """Boxes that have workloads without a ready pod: how many of its workloads."""
    states: dict[str, list[bool]] = {}
    for spec in WORKLOADS:
        states.setdefault(str(spec.box), []).append(ready[spec.name] == 0)
    return {box: sum(gone) / len(gone) for box, gone in states.items() if any(gone)}
