"""The metrics pages of the simulated cluster's own exporters, by path.

In a cluster they are one kube-state-metrics, and on each node a kubelet's cAdvisor and
a node-exporter; here the control server hands all of them out. They follow the pods:
replicas, readiness, restarts, and what each process has counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.simulator import exporters_ground as ground
from app.simulator.exporters_kube import kube_state
from app.simulator.exposition import Family, render
from app.simulator.exposition_app import PodMetrics
from app.simulator.faults_effects import scaled_to_zero
from app.simulator.world import KUBERNETES_NODES, WorkloadSpec

KUBE_STATE: Final = "kube-state-metrics"
CADVISOR: Final = "cadvisor"
NODE: Final = "node-exporter"
PATHS: Final = (
    KUBE_STATE,
    *(f"{kind}/{host}" for kind in (CADVISOR, NODE) for host in KUBERNETES_NODES),
)


class Exporters:
    """Not for several threads, like the pods' metrics that it reads."""

    def __init__(self, metrics: PodMetrics) -> None:
        self._metrics = metrics
        self._booted = metrics.now

    def page(self, path: str) -> str | None:
        """The page now; `None`: no exporter is there."""
        kind, _, host = path.partition("/")
        return None if path not in PATHS else render(self._families(kind, host))

    def _families(self, kind: str, host: str) -> Iterator[Family]:
        if kind == KUBE_STATE:
            return kube_state(self._metrics.deployment.pods(), self._desired)
        if kind == NODE:
            at, booted = self._metrics.now, self._booted
            return ground.node(host, at.timestamp(), booted.timestamp())
        return ground.cadvisor(self._running(host))

    def _desired(self, spec: WorkloadSpec) -> int:
        zero = scaled_to_zero(self._metrics.deployment.faults(), spec)
        return 0 if zero else spec.replicas

    def _running(self, host: str) -> list[ground.Running]:
        metrics, now = self._metrics, self._metrics.now
        return [
            ground.Running(pod, _since(pod.started_at, now), metrics.subject(pod))
            for pod in metrics.deployment.pods()
            if pod.host == host and pod.serving
        ]


def _since(start: datetime, now: datetime) -> float:
    return max(0.0, (now - start).total_seconds())
