"""The simulated pods' metrics without a cluster: a deployment of values, and a reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from app.simulator.exposition_app import PodMetrics
from app.simulator.faults import Fault, parse
from app.simulator.world import WORKLOADS, Pod

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
Wanted = tuple[str, dict[str, str]]
"""A metric's name, and labels that the series have to have."""


class Deployment:
    """Every pod of the simulated deployment, a week old, on an address of its own."""

    def __init__(self) -> None:
        self.now = START
        self.in_force: list[Fault] = []
        self._pods = [
            Pod(spec, f"{spec.name}-{n}", f"{spec.name}-{n}", "127.0.0.1", "n1", spec.ports,
                spec.version, START - timedelta(days=7))
            for spec in WORKLOADS
            for n in range(spec.replicas)
        ]  # fmt: skip
        self.metrics = PodMetrics(self, lambda: self.now, seed=1)

    def pods(self) -> list[Pod]:
        return self._pods

    def pod_at(self, address: str, port: int) -> Pod | None:
        return next(
            (pod for pod in self._pods if port in dict(pod.ports).values()), None
        )

    def faults(self) -> list[Fault]:
        return self.in_force

    def pod(self, workload: str) -> Pod:
        return next(pod for pod in self._pods if pod.spec.name == workload)

    def keep(self, pods: list[Pod]) -> None:
        """From now on there are these pods."""
        self.metrics.settle()
        self._pods = pods

    def change(self, workload: str, **changes: object) -> None:
        """Something happens to every pod of a workload."""
        self.metrics.settle()
        self._pods = [
            replace(pod, **changes) if pod.spec.name == workload else pod
            for pod in self._pods
        ]

    def begin(self, kind: str, target: str, **params: object) -> None:
        self.metrics.settle()
        fault = parse({"kind": kind, "target": target, "params": params}, "1", self.now)
        assert isinstance(fault, Fault), fault
        self.in_force.append(fault)

    def text(self, workload: str) -> str:
        text = self.metrics.page(self.pod(workload))
        assert text is not None
        return text

    def scraped(self, workload: str, after_s: float = 0) -> dict:
        """(name, labels): value."""
        self.now += timedelta(seconds=after_s)
        return samples(self.text(workload))


def samples(text: str) -> dict:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(page: dict, name: str, **labels: str) -> float:
    wanted = set(labels.items())
    found = [v for (n, has), v in page.items() if n == name and wanted <= has]
    assert found, f"no {name} {labels}"
    return sum(found)


def grown(deployment: Deployment, workload: str, *counters: Wanted) -> list[float]:
    """How much each counter grows in one minute; what is not there is at zero."""
    pages = [deployment.scraped(workload, seconds) for seconds in (0, 60)]
    before, after = ([_sum(page, wanted) for wanted in counters] for page in pages)
    return [now - then for then, now in zip(before, after, strict=True)]


def _sum(page: dict, wanted: Wanted) -> float:
    name, labels = wanted
    has = set(labels.items())
    return sum(
        value for (n, given), value in page.items() if n == name and has <= given
    )


def calls_of(deployment: Deployment, category: str) -> tuple[float, float]:
    """Workspace's outgoing requests of a minute: all, and those that failed."""
    labels = {"metricName": "count", "type": "outgoing", "category": category}
    name = "gws_app_workspace_requests"
    failed = {**labels, "statusCode": "500"}
    all_, lost = grown(deployment, "gws-app-workspace", (name, labels), (name, failed))
    return all_, lost
