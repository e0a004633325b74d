"""Runs the cluster's step-by-step procedures in real time, one at a time a workload."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from app.simulator.cluster import Cluster
from app.simulator.cluster_records import WorkloadRecord
from app.simulator.cluster_rollout import Rollouts, Steps
from app.simulator.faults import Fault
from app.simulator.faults_effects import scaled_to_zero
from app.simulator.world import behind

STALLING: Final = "image_pull"
ROLLING: Final = "rolling_update"
EVICTING: Final = "evict"


class Procedures:
    """What faults start in the cluster that takes time."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._rollouts = Rollouts(cluster)
        self._locks = {name: asyncio.Lock() for name in cluster.works}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, fault: Fault) -> None:
        """Start what this fault starts once."""
        for work in self._behind(fault):
            if fault.kind == ROLLING:
                self._start(work, self._roll(work, fault.number("pace_s")))
            if fault.kind == EVICTING:
                self._start(work, self._evict(work, fault.number("pace_s")))
            if fault.kind == STALLING:
                recreate = fault.text("strategy") == "recreate"
                self._start(work, self._stall(work, recreate))

    def end(self, fault: Fault) -> None:
        """Undo what does not end by itself."""
        for work in self._behind(fault) if fault.kind == STALLING else ():
            self._start(work, self._undo(work))

    def scale(self, faults: tuple[Fault, ...]) -> None:
        """Bring every workload to the replicas that the faults leave it."""
        for work in self._cluster.works.values():
            wanted = 0 if scaled_to_zero(faults, work.spec) else work.spec.replicas
            if work.desired != wanted:
                self._start(work, self._scale(work, wanted))

    async def close(self) -> None:
        """End whatever still runs."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _behind(self, fault: Fault) -> Iterable[WorkloadRecord]:
        return [self._cluster.works[spec.name] for spec in behind(fault.target)]

    def _roll(self, work: WorkloadRecord, pace_s: float) -> Callable[[], Steps]:
        return lambda: self._rollouts.roll(work, next_version(work.version), pace_s)

    def _evict(self, work: WorkloadRecord, pace_s: float) -> Callable[[], Steps]:
        return lambda: self._rollouts.evict(work, pace_s)

    def _stall(self, work: WorkloadRecord, recreate: bool) -> Callable[[], Steps]:
        version = next_version(work.version)
        return lambda: self._rollouts.stall(work, version, recreate=recreate)

    def _undo(self, work: WorkloadRecord) -> Callable[[], Steps]:
        return lambda: self._rollouts.roll_back(work)

    def _scale(self, work: WorkloadRecord, replicas: int) -> Callable[[], Steps]:
        return lambda: self._rollouts.scale(work, replicas)

    def _start(self, work: WorkloadRecord, steps: Callable[[], Steps]) -> None:
        task = asyncio.get_running_loop().create_task(self._run(work, steps))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, work: WorkloadRecord, steps: Callable[[], Steps]) -> None:
        async with self._locks[work.spec.name]:
            for pause_s in steps():
                await asyncio.sleep(pause_s)


def next_version(version: str) -> str:
    """The version after this one: its last number grows."""
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1:0{len(last)}d}"
