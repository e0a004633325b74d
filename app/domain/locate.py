"""Whose is it? From the names and labels of a real cluster to the boxes.

Kubernetes tells us namespaces, names and labels; Consul tells us service names. An
index is made once a topology and asked for every object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.subject import NodeId
from app.domain.topology import Topology, Workload, stem

Found = tuple[NodeId, str]
"""The box, and the workload's first name."""


@dataclass(frozen=True, slots=True)
class Locator:
    """Look-up tables made by `locator`; names in them carry no colour."""

    workloads: Mapping[tuple[str, str], Found]
    services: Mapping[tuple[str, str], Found]
    labels: Mapping[tuple[str, str], Found]
    consul: Mapping[str, Found]
    colours: tuple[str, ...]

    def workload(
        self, namespace: str, name: str, labels: Mapping[str, str]
    ) -> Found | None:
        """Whose Deployment, StatefulSet or pod owner this is; `None`: not ours."""
        by_label = self.labels.get((namespace, labels.get("gws", "")))
        return by_label or self.workloads.get((namespace, stem(name, self.colours)))

    def service(
        self, namespace: str, name: str, labels: Mapping[str, str]
    ) -> Found | None:
        """Whose Kubernetes Service this is; `None`: not ours."""
        named = self.services.get((namespace, stem(name, self.colours)))
        return named or self.labels.get((namespace, labels.get("gws", "")))

    def consul_service(self, name: str) -> Found | None:
        """Whose Consul service this is; `None`: not ours."""
        return self.consul.get(name) or self.consul.get(stem(name, self.colours))


def locator(topology: Topology) -> Locator:
    """Tables for every workload of every box that is not configured away."""
    pairs = [
        (box.id, work)
        for box in topology.boxes
        if box.id not in topology.absent
        for work in box.workloads
    ]
    return Locator(
        workloads=_table(topology, pairs, "names"),
        services=_table(topology, pairs, "services"),
        labels=_labels(topology, pairs),
        consul={
            name: (node, work.names[0]) for node, work in pairs for name in work.consul
        },
        colours=topology.colours,
    )


def _table(
    topology: Topology, pairs: list[tuple[NodeId, Workload]], field: str
) -> dict[tuple[str, str], Found]:
    return {
        (topology.namespace_of(work.role), name): (node, work.names[0])
        for node, work in pairs
        for name in getattr(work, field)
    }


def _labels(
    topology: Topology, pairs: list[tuple[NodeId, Workload]]
) -> dict[tuple[str, str], Found]:
    labelled = [(node, work) for node, work in pairs if work.label]
    return {
        (topology.namespace_of(work.role), work.label or ""): (node, work.names[0])
        for node, work in labelled
    }
