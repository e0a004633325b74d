"""What is installed in the simulated deployment: its workloads, as plain values.

Names, ports, labels and annotations are those of the vendor's published sample and of
its neighbours; a port that no public source gives follows the two that are known
(48030 configuration, 48050 workspace). Not here: what happens to it (`faults`), and
the Kubernetes objects made of it (`cluster_objects`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.subject import NodeId
from app.domain.topology import Topology, standard

COLOUR: Final = "blue"
KUBERNETES_NODES: Final = ("n1", "n2", "n3")
ZONES: Final = {"n1": "zone-a", "n2": "zone-b", "n3": "zone-c"}
TOPOLOGY: Final[Topology] = standard()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A GET on one of the container's ports, by the port's name."""

    port: str
    path: str


@dataclass(frozen=True, slots=True)
class WorkloadSpec:
    """One Deployment or StatefulSet, with its Service, and where it is registered.

    `name` has no colour. `ports` are (name, number); the first one is what callers use.
    `health` without a path is a TCP check. `consul`: (service name, port name) pairs.
    `family`: which metrics its process has.
    """

    name: str
    box: NodeId
    namespace: str
    kind: str
    replicas: int
    ports: tuple[tuple[str, int], ...]
    family: str
    chart: str
    version: str
    coloured: bool = False
    service: str = ""
    service_port: int = 80
    health: Endpoint = Endpoint("http", "")
    scrape: Endpoint | None = None
    consul: tuple[tuple[str, str], ...] = ()

    @property
    def object_name(self) -> str:
        """The name of its Deployment or StatefulSet, and of its container."""
        return f"{self.name}-{COLOUR}" if self.coloured else self.name

    @property
    def service_name(self) -> str:
        return f"{self.object_name}-srv" if self.coloured else self.service or self.name

    def port(self, name: str) -> int:
        return dict(self.ports)[name]


@dataclass(frozen=True, slots=True)
class Pod:
    """One simulated pod, as everything but the Kubernetes API needs it.

    `serving`: its process runs and listens. `ready`: the readiness probe succeeds.
    `ports` are where it listens on `ip`, by name; they are the container's own ports
    wherever every pod has an address of its own.
    """

    spec: WorkloadSpec
    name: str
    uid: str
    ip: str
    host: str
    ports: tuple[tuple[str, int], ...]
    version: str
    started_at: datetime
    serving: bool = True
    ready: bool = True
    leaving: bool = False
    restarts: int = 0

    def port(self, name: str) -> int:
        return dict(self.ports)[name]


_METRICS: Final = Endpoint("management", "/prometheus")
_HEALTH: Final = Endpoint("management", "/health")


def _gws(
    name: str, box: str, replicas: int, port: int, version: str, family: str = "java"
) -> WorkloadSpec:
    """A workload of the vendor's `gws-services` chart."""
    return WorkloadSpec(
        name, NodeId(box), "gws", "Deployment", replicas,
        (("http", port), ("management", port + 1)), family, "gws-services", version,
        coloured=True, health=_HEALTH, scrape=_METRICS,
        consul=((name, "http"), (f"{name}-management", "management")),
    )  # fmt: skip


def _gauth(name: str, consul: str) -> WorkloadSpec:
    return WorkloadSpec(
        name, NodeId("authentication"), "gauth", "Deployment", 2,
        (("http", 8080), ("management", 8081)), "java", "gauth", "100.0.001",
        health=_HEALTH, scrape=_METRICS,
        consul=((consul, "http"), (f"{consul}-management", "management")),
    )  # fmt: skip


def _store(
    name: str, box: str, replicas: int, port: int, exporter: int, version: str,
    service: str = "", health: str = "",
) -> WorkloadSpec:  # fmt: skip
    return WorkloadSpec(
        name, NodeId(box), "infra", "StatefulSet", replicas,
        (("http", port), ("management", exporter)), box, "infra", version,
        service=service, service_port=port, health=Endpoint("http", health),
        scrape=Endpoint("management", "/metrics"),
    )  # fmt: skip


WORKLOADS: Final[tuple[WorkloadSpec, ...]] = (
    WorkloadSpec(
        "gws-service-proxy", NodeId("service-proxy"), "gws", "Deployment", 2,
        (("http", 8080), ("management", 8081), ("https", 8443)), "nginx",
        "gws-services", "9.0.000.29", health=Endpoint("http", "/health"),
        consul=(("gws-service-proxy", "http"),),
    ),
    _gws("gws-app-workspace", "workspace", 3, 48050, "9.0.001.03", "node"),
    _gws("gws-app-provisioning", "provisioning", 2, 48040, "9.0.001.09"),
    _gws("gws-ui-provisioning", "agent-setup", 1, 8080, "9.0.001.00", "ui"),
    _gws("gws-ui-crmworkspace", "gplus-adapter", 1, 8080, "9.0.000.97", "ui"),
    _gws("gws-platform-configuration", "configuration", 2, 48030, "9.0.000.94"),
    _gws("gws-platform-datacollector", "data-collector", 2, 48060, "9.0.000.63"),
    _gws("gws-platform-ixn", "interaction", 2, 48070, "9.0.000.56"),
    _gws("gws-platform-setting", "setting", 2, 48090, "9.0.000.65"),
    _gws("gws-platform-statistics", "statistics", 2, 48100, "9.0.000.74"),
    _gws("gws-platform-voice", "voice", 2, 48110, "9.0.000.79"),
    _gws("gws-platform-ocs", "platform-services", 1, 48080, "9.0.000.59"),
    _gws("gws-platform-chat", "platform-services", 1, 48120, "9.0.000.57"),
    _gws("gws-platform-ucs", "platform-services", 2, 48130, "9.0.000.55"),
    _gauth("gauth-auth", "gws-core-auth"),
    _gauth("gauth-environment", "gws-core-environment"),
    WorkloadSpec(
        "tenant", NodeId("tenant"), "voice", "StatefulSet", 2,
        (("configuration", 8888), ("events", 8000), ("health", 15000)), "tenant",
        "tenant", "100.0.1.0026", service_port=8888,
        health=Endpoint("health", "/tenant/health"),
        scrape=Endpoint("health", "/metrics"), consul=(("tenant", "configuration"),),
    ),
    WorkloadSpec(
        "voice-voicemail", NodeId("voicemail"), "voice", "Deployment", 2,
        (("http", 8081),), "voicemail", "voice-voicemail", "100.0.1.0015",
        service="voice-voicemail-service", service_port=8081,
        health=Endpoint("http", "/health"), scrape=Endpoint("http", "/metrics"),
        consul=(("voice-voicemail", "http"),),
    ),
    WorkloadSpec(
        "ucsx", NodeId("ucs"), "ucsx", "Deployment", 2, (("http", 8080),), "ucsx",
        "ucsx", "100.0.1.0017", service_port=8080,
        health=Endpoint("http", "/health"), scrape=Endpoint("http", "/metrics"),
    ),
    WorkloadSpec(
        "nexus", NodeId("digital-channels"), "nexus", "Deployment", 2,
        (("http", 4003), ("management", 4004)), "nexus", "nexus", "100.0.1.2317",
        health=Endpoint("http", "/health"), scrape=Endpoint("management", "/metrics"),
    ),
    WorkloadSpec(
        "iwd", NodeId("iwd"), "iwd", "Deployment", 1, (("http", 4024),), "iwd", "iwd",
        "100.0.0.0846", service_port=4024, health=Endpoint("http", "/iwd/v3/health"),
        scrape=Endpoint("http", "/iwd/v3/metrics"),
    ),
    WorkloadSpec(
        "consul-server", NodeId("consul"), "infra", "StatefulSet", 3,
        (("http", 8500),), "consul", "infra", "1.8.7", service_port=8500,
        health=Endpoint("http", "/v1/status/leader"),
    ),
    _store("infra-redis-redis-cluster", "redis", 3, 6379, 9121, "6.2.7"),
    _store("pgdb-gws", "postgresql", 1, 5432, 9187, "11.16.0"),
    _store("gws-elastic", "elasticsearch", 3, 9200, 9114, "7.17.3",
           "gws-elastic-es-http", "/_cluster/health"),
)  # fmt: skip

STORES: Final = tuple(NodeId(name) for name in ("redis", "postgresql", "elasticsearch"))


def behind(target: str) -> tuple[WorkloadSpec, ...]:
    """The workloads that a box id or a workload name stands for; none: unknown.

    A group stands for its own workloads and for those of the boxes drawn in it.
    """
    members: Iterable[NodeId] = next(
        (box.members for box in TOPOLOGY.boxes if box.id == target), ()
    )
    boxes = {target, *members}
    return tuple(spec for spec in WORKLOADS if spec.box in boxes or spec.name == target)
