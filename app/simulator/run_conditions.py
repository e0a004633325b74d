"""Brings pods into the condition that the faults in force want for them."""

from __future__ import annotations

from app.simulator.cluster import Cluster
from app.simulator.cluster_records import PodRecord, Stage
from app.simulator.faults import Fault
from app.simulator.faults_effects import Condition, conditions

WELL = (Condition.WELL, "")


class PodConditions:
    """Changes nothing where nothing is wanted otherwise than the last time."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._was: dict[str, tuple[Condition, str]] = {}

    def follow(self, faults: tuple[Fault, ...]) -> None:
        records = [
            pod
            for work in self._cluster.works.values()
            for pod in work.living()
            if pod.stage is Stage.RUNNING
        ]
        wanted = conditions(faults, tuple(pod.outside() for pod in records))
        for pod in records:
            want = wanted.get(pod.name, WELL)
            if self._was.get(pod.uid, WELL) != want:
                self._was[pod.uid] = want
                self._bring(pod, *want)

    def _bring(self, pod: PodRecord, condition: Condition, reason: str) -> None:
        if condition is Condition.CRASHED:
            self._cluster.crash(pod, reason)
        elif condition is Condition.WELL:
            self._cluster.recover(pod)
        else:
            serving = condition is Condition.UNREADY
            self._cluster.unready(pod, serving=serving)
