"""The simulated deployment in virtual time: no socket, no thread, no waiting.

The parts are those of `simulate`; only what runs them differs: a clock that is moved by
hand. `benchmarks.rig_witnesses` reads the parts with the collectors' own readers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.simulator.cluster import Cluster
from app.simulator.cluster_records import WorkloadRecord
from app.simulator.cluster_rollout import Rollouts, Steps
from app.simulator.consul import Consul
from app.simulator.exposition_app import PodMetrics
from app.simulator.faults import Fault, Refusal, parse
from app.simulator.faults_effects import Way, scaled_to_zero, way_in
from app.simulator.run_conditions import PodConditions
from app.simulator.run_consul import Catalog, put_settings, servers
from app.simulator.run_procedures import EVICTING, ROLLING, STALLING, next_version
from app.simulator.stores_state import Stores
from app.simulator.truth import Truth, truth
from app.simulator.world import KUBERNETES_NODES, WORKLOADS, Pod, behind
from app.simulator.world_addresses import Block

MORNING: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BLOCK: Final = 10


class Rig:
    """`tick` moves the clock; `begin` and `end` change what is broken."""

    def __init__(self, seed: int, start: datetime = MORNING) -> None:
        self.now = start
        self.cluster = Cluster(WORKLOADS, Block(BLOCK), self.clock, seed)
        self.cluster.install()
        self.consul = Consul(self.clock, servers(self.cluster.pods()))
        put_settings(self.consul)
        self.metrics = PodMetrics(self, self.clock, seed)
        self.stores = Stores(self, self.clock, self.clock)
        self._catalog = Catalog(self.consul, KUBERNETES_NODES)
        self._conditions = PodConditions(self.cluster)
        self._procedures = _Procedures(self.cluster)
        self._faults: dict[str, Fault] = {}
        self._begun = 0
        self._follow()

    def clock(self) -> datetime:
        return self.now

    def pods(self) -> tuple[Pod, ...]:
        return self.cluster.pods()

    def pod_at(self, address: str, port: int) -> Pod | None:
        for pod in self.pods():
            if pod.ip == address and port in dict(pod.ports).values():
                return pod
        return None

    def way(self, pod: Pod, port: int) -> Way:
        """How a connect to one of the pod's ports would fare."""
        name = next(name for name, number in pod.ports if number == port)
        return way_in(self.faults(), pod, name)

    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults.values())

    def truth(self) -> Truth:
        return truth(self.faults())

    def begin(self, kind: str, target: str, **params: Any) -> str:
        """Put a fault in force; its id. Raises `ValueError` for one that can't be."""
        self._begun += 1
        id_ = f"f{self._begun}"
        body = {"kind": kind, "target": target, "params": params}
        fault = parse(body, id_, self.now)
        if isinstance(fault, Refusal):
            raise ValueError(f"{fault.field}: {fault.message}")
        self.metrics.settle()
        self._faults[id_] = fault
        self._procedures.begin(fault, self.now)
        self._follow()
        return id_

    def end(self, id_: str) -> None:
        self.metrics.settle()
        fault = self._faults.pop(id_)
        self._procedures.end(fault, self.now)
        self._follow()

    def scale(self, workload: str, replicas: int) -> None:
        """As an autoscaler would."""
        self.metrics.settle()
        self._procedures.scale(self.cluster.works[workload], replicas, self.now)
        self._follow()

    def tick(self, seconds: float = 1.0) -> None:
        self.now += timedelta(seconds=seconds)
        if self._procedures.run(self.now):
            self._follow()

    def _follow(self) -> None:
        faults = self.faults()
        self._conditions.follow(faults)
        self._procedures.scale_for(faults, self.now)
        pods = self.pods()
        self._catalog.follow(faults, pods)
        self.stores.links.follow(faults, pods, self.now)


class _Procedures:
    """What takes time in the cluster, a queue for each workload."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._rollouts = Rollouts(cluster)
        self._queues: dict[str, deque[Steps]] = {}
        self._due: dict[str, datetime] = {}
        self._wanted = {name: work.desired for name, work in cluster.works.items()}

    def begin(self, fault: Fault, now: datetime) -> None:
        for work in self._behind(fault):
            if fault.kind == ROLLING:
                version = next_version(work.version)
                pace_s = fault.number("pace_s")
                self._start(work, self._rollouts.roll(work, version, pace_s), now)
            if fault.kind == EVICTING:
                steps = self._rollouts.evict(work, fault.number("pace_s"))
                self._start(work, steps, now)
            if fault.kind == STALLING:
                recreate = fault.text("strategy") == "recreate"
                version = next_version(work.version)
                steps = self._rollouts.stall(work, version, recreate=recreate)
                self._start(work, steps, now)

    def end(self, fault: Fault, now: datetime) -> None:
        for work in self._behind(fault) if fault.kind == STALLING else ():
            self._start(work, self._rollouts.roll_back(work), now)

    def scale(self, work: WorkloadRecord, replicas: int, now: datetime) -> None:
        self._wanted[work.spec.name] = replicas
        self._start(work, self._rollouts.scale(work, replicas), now)

    def scale_for(self, faults: tuple[Fault, ...], now: datetime) -> None:
        """Bring every workload to the replicas that the faults leave it."""
        for name, work in self._cluster.works.items():
            wanted = 0 if scaled_to_zero(faults, work.spec) else work.spec.replicas
            if wanted not in (work.desired, self._wanted[name]):
                self.scale(work, wanted, now)

    def run(self, now: datetime) -> bool:
        """Take every step that is due; whether there was any."""
        due = [name for name, at in self._due.items() if at <= now]
        for name in due:
            self._step(name, now)
        return bool(due)

    def _behind(self, fault: Fault) -> Iterator[WorkloadRecord]:
        return (self._cluster.works[spec.name] for spec in behind(fault.target))

    def _start(self, work: WorkloadRecord, steps: Steps, now: datetime) -> None:
        name = work.spec.name
        self._queues.setdefault(name, deque()).append(steps)
        if name not in self._due:
            self._step(name, now)

    def _step(self, name: str, now: datetime) -> None:
        """The next step of the first procedure that has one left."""
        self._due.pop(name, None)
        queue = self._queues[name]
        while queue:
            pause_s = next(queue[0], None)
            if pause_s is not None:
                self._due[name] = now + timedelta(seconds=pause_s)
                return
            queue.popleft()
