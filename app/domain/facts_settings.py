"""How the cluster is set up, as far as the picture or its watcher has use for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.subject import FactKey, NodeId

NOBODY: Final = NodeId("")
"""The subject of what concerns no box."""


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


@dataclass(frozen=True, slots=True)
class OfferFact:
    """A Service (Kubernetes) of something that could be asked and is no box of the
    picture; told, never judged. `source`: what it would be configured as."""

    source: str
    namespace: str
    name: str
    port: int
    node: NodeId = NOBODY

    @property
    def key(self) -> FactKey:
        return ("offer", self.namespace, self.name)
