"""Whom a name means: from what meshes, agents and exporters call things to the boxes.

They name an end of a connection by its workload, its pod, its Service, Consul's name, a
host with a port, or an address. All of these come here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.facts import ServiceFact
from app.domain.knowledge import Knowledge
from app.domain.locate import Locator
from app.domain.subject import NodeId
from app.domain.targets import owners
from app.domain.topology import Topology

POD: Final = re.compile(
    r"-(?:[bcdfghjklmnpqrstvwxz2456789]{4,10}-[bcdfghjklmnpqrstvwxz2456789]{5}|\d+)$"
)
"""What Kubernetes puts behind a workload's name: its own alphabet, or a number."""
MANAGEMENT: Final = "-management"
IN_CONSUL: Final = ".service.consul"
CONTAINER: Final = "/k8s/"
"""How an agent on a node names a container: `/k8s/<namespace>/<pod>/<container>`."""
HOST: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(\[[^\]]*\]|[^/:]*)(?::\d+)?(?:/.*)?"
)


@dataclass(frozen=True, slots=True)
class Names:
    """`addresses`: whose address (of a pod, of a Service) one is, as known now."""

    topology: Topology
    locator: Locator
    addresses: Mapping[str, NodeId] = field(default_factory=dict)
    _known: dict[tuple[str, str, str | None], NodeId | None] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Every series names its ends anew, and a name is not looked up quickly."""

    def box(self, text: str, namespace: str | None = None) -> NodeId | None:
        """The box that `text` names; `None`: none of this picture."""
        key = ("box", text, namespace)
        return self._once(key, lambda: self._box(text, namespace))

    def _box(self, text: str, namespace: str | None) -> NodeId | None:
        if text.startswith(CONTAINER):
            space, _, rest = text.removeprefix(CONTAINER).partition("/")
            return self.pod(rest.partition("/")[0], space)
        found = HOST.fullmatch(text)
        host = (found[1] if found else text).strip("[]")
        if _is_address(host):
            return self.addresses.get(host)
        if host.endswith(IN_CONSUL):
            return self.in_consul(host.removesuffix(IN_CONSUL).rpartition(".")[2])
        name, _, rest = host.partition(".")
        within = rest.partition(".")[0] or namespace
        return self.runs(name, within) or self.in_consul(name, within)

    def pod(self, name: str, namespace: str | None) -> NodeId | None:
        """Whose pod has this name."""
        key = ("pod", name, namespace)
        return self._once(key, lambda: self.runs(POD.sub("", name), namespace))

    def _once(
        self,
        key: tuple[str, str, str | None],
        look: Callable[[], NodeId | None],
    ) -> NodeId | None:
        if key not in self._known:
            self._known[key] = look()
        return self._known[key]

    def runs(
        self,
        name: str,
        namespace: str | None,
        labels: Mapping[str, str] | None = None,
    ) -> NodeId | None:
        """Whose workload or Service has this name, in any watched namespace where none
        is given."""
        known = labels or {}
        for space in (namespace,) if namespace else self.topology.watched_namespaces():
            found = self.locator.workload(space, name, known) or self.locator.service(
                space, name, known
            )
            if found is not None:
                return found[0]
        return None

    def in_consul(self, name: str, namespace: str | None = None) -> NodeId | None:
        """Whose service of Consul has this name; it knows of no namespaces."""
        if namespace and namespace not in self.topology.watched_namespaces():
            return None
        found = self.locator.consul_service(name.removesuffix(MANAGEMENT))
        return found[0] if found else None

    def connection(self, source: NodeId, to: NodeId) -> int | None:
        """The one connection between two boxes, or their groups; several can't be told
        apart."""
        sources, ends = self._with_groups(source), self._with_groups(to)
        found = [
            c.number
            for c in self.topology.connections
            if c.source in sources and c.destination in ends
        ]
        return found[0] if len(found) == 1 else None

    def _with_groups(self, node: NodeId) -> set[NodeId]:
        return {node, *(box.id for box in self.topology.boxes if node in box.members)}


def addresses(knowledge: Knowledge) -> dict[str, NodeId]:
    """Whose an address is, of a pod or of a Service, as far as Kubernetes was heard."""
    services = {
        fact.cluster_ip: fact.node
        for fact, _ in knowledge.of(ServiceFact)
        if fact.cluster_ip
    }
    return services | owners(knowledge)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
