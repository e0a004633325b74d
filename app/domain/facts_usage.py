"""What pods use, and how many of them there may be: shown, never judged."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.subject import FactKey, NodeId


@dataclass(frozen=True, slots=True)
class UsageFact:
    """What one target uses: `cpu` in cores, of late; `memory` in bytes.

    `by`: who measured it, where that is not the process itself (`cadvisor`).
    """

    node: NodeId
    target: str
    cpu: float | None = None
    memory: float | None = None
    by: str = ""

    @property
    def key(self) -> FactKey:
        return ("usage", self.node, self.target, self.by)


@dataclass(frozen=True, slots=True)
class AutoscalerFact:
    """A HorizontalPodAutoscaler of a box: how many replicas it may make of the workload
    of this `kind` that is called `target`."""

    node: NodeId
    workload: str
    namespace: str
    name: str
    kind: str
    target: str
    most: int

    @property
    def key(self) -> FactKey:
        return ("autoscaler", self.namespace, self.name)
