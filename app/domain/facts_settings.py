"""How a workload is set up, as far as the picture has a say in it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.subject import FactKey, NodeId


@dataclass(frozen=True, slots=True)
class SettingFact:
    """A plain environment variable in the pod template of a box's Deployment
    (Kubernetes); told, never judged. Of an address only scheme, host and port."""

    node: NodeId
    namespace: str
    deployment: str
    variable: str
    value: str

    @property
    def key(self) -> FactKey:
        return ("setting", self.namespace, self.deployment, self.variable)
