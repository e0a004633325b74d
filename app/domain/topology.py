"""The picture: 23 boxes, 31 connections, and how to find each box in a real cluster.

The vendor's table (`app.domain.seed`) gives the connections; `BOXES` says which
workloads stand behind a box. `customise` lays a site's own names over that. Facts about
workload names, labels and ports: the vendor's published sample deployment.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.seed import NODE_OF, ROWS
from app.domain.subject import NodeId, Subject

COLOURS: Final = ("blue", "green")
"""Suffixes that a blue/green deployment puts behind an object's name."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One Kubernetes workload behind a box.

    `names`: what its Deployment or StatefulSet may be called, without colour suffix;
    the first one is used for display. `services`: likewise for its Services. `label`:
    the value of the pods' `gws` label. `role`: which configured namespace it is in.
    """

    names: tuple[str, ...]
    role: str
    services: tuple[str, ...] = ()
    label: str | None = None
    port: int | None = None
    consul: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """One node of the picture.

    `kind`: `actor`, `service`, `group`, `store` or `neighbour`. `members`: boxes that
    are drawn inside a group and count as part of it. `needs_all`: with several
    workloads, one that is down takes the box down (Authentication: both are called).
    """

    id: NodeId
    label: str
    kind: str
    workloads: tuple[Workload, ...] = ()
    members: tuple[NodeId, ...] = ()
    optional: bool = False
    needs_all: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """One numbered row of the vendor's table."""

    number: int
    source: NodeId
    destination: NodeId
    protocol: str | None
    port: int | None
    classification: str
    data: str | None


@dataclass(frozen=True)
class Topology:
    boxes: tuple[Box, ...]
    connections: tuple[Connection, ...]
    namespaces: tuple[tuple[str, str], ...]
    """(role, namespace) pairs; several roles may name one namespace."""
    absent: frozenset[NodeId] = frozenset()
    """Boxes that configuration says are not installed."""
    colours: tuple[str, ...] = COLOURS

    def box(self, node: NodeId) -> Box:
        """The box with this id. Raises `KeyError` for an unknown one."""
        return self._box_of[node]

    def connection(self, number: int) -> Connection:
        """The connection with this number. Raises `KeyError` for an unknown one."""
        return self._connection_of[number]

    def namespace_of(self, role: str) -> str:
        """The namespace configured for a role; the role's own name by default."""
        return self._namespace_of.get(role, role)

    # Made once: every judgement asks for each box and connection many times.

    @functools.cached_property
    def parts(self) -> Mapping[NodeId, frozenset[Subject]]:
        """By box: itself and what is drawn inside it."""
        return {box.id: frozenset((box.id, *box.members)) for box in self.boxes}

    @functools.cached_property
    def around(self) -> Mapping[int, frozenset[Subject]]:
        """By connection: both ends, with their parts, and all that its caller calls."""
        return {
            one.number: self.parts[one.source]
            | self.parts[one.destination]
            | {c.number for c in self.connections if c.source == one.source}
            for one in self.connections
        }

    @functools.cached_property
    def _box_of(self) -> Mapping[NodeId, Box]:
        return {box.id: box for box in self.boxes}

    @functools.cached_property
    def _connection_of(self) -> Mapping[int, Connection]:
        return {connection.number: connection for connection in self.connections}

    @functools.cached_property
    def _watched(self) -> tuple[str, ...]:
        roles = [work.role for box in self.boxes for work in box.workloads]
        return tuple(dict.fromkeys(self.namespace_of(role) for role in roles))

    @functools.cached_property
    def _namespace_of(self) -> Mapping[str, str]:
        return dict(self.namespaces)

    def watched_namespaces(self) -> tuple[str, ...]:
        """Every namespace that some box may live in, once each, in order."""
        return self._watched


def _gws(name: str, *, port: int | None = 80) -> Workload:
    """A workload of the vendor's `gws-services` chart."""
    return Workload(
        names=(name,),
        role="gws",
        services=(name, f"{name}-srv"),
        label=name,
        port=port,
        consul=(name, f"{name}-management"),
    )


def _near(role: str, port: int | None, *names: str) -> Workload:
    """A neighbour's or a store's workload, whose Service is called as it is."""
    consul = (*names, *(f"{name}-management" for name in names))
    return Workload(names=names, role=role, services=names, port=port, consul=consul)


def _box(
    id_: str,
    label: str,
    kind: str,
    *workloads: Workload,
    members: tuple[NodeId, ...] = (),
    optional: bool = False,
    needs_all: bool = False,
) -> Box:
    return Box(NodeId(id_), label, kind, workloads, members, optional, needs_all)


GROUPED: Final = tuple(
    NodeId(name)
    for name in (
        "statistics", "voice", "interaction", "data-collector", "setting",
        "configuration",
    )
)  # fmt: skip

BOXES: Final[tuple[Box, ...]] = (
    _box("clients", "Clients / WWE / Agent Setup", "actor"),
    _box("service-proxy", "Service proxy", "service",
         Workload(("gws-service-proxy",), "gws", ("gws-service-proxy",),
                  "gws-service-proxy", 80, ("gws-service-proxy",))),
    _box("platform-services", "Platform services", "group",
         _gws("gws-platform-ocs"), _gws("gws-platform-chat"), _gws("gws-platform-ucs"),
         members=GROUPED),
    _box("consul", "Consul", "store", _near("infra", 8500, "consul-server", "consul")),
    _box("gplus-adapter", "Gplus Adapter for Salesforce", "service",
         _gws("gws-ui-crmworkspace"), optional=True),
    _box("agent-setup", "Agent Setup", "service", _gws("gws-ui-provisioning"),
         optional=True),
    _box("workspace", "GWS Workspace Service", "service", _gws("gws-app-workspace")),
    _box("provisioning", "GWS Provisioning Service", "service",
         _gws("gws-app-provisioning")),
    _box("setting", "GWS Setting Service", "service", _gws("gws-platform-setting")),
    _box("data-collector", "GWS Data Collector Service", "service",
         _gws("gws-platform-datacollector")),
    _box("configuration", "GWS Configuration Service", "service",
         _gws("gws-platform-configuration")),
    _box("interaction", "GWS Interaction Service", "service",
         _gws("gws-platform-ixn")),
    _box("voice", "GWS Voice Service", "service", _gws("gws-platform-voice")),
    _box("statistics", "GWS Statistics Service", "service",
         _gws("gws-platform-statistics")),
    _box("postgresql", "PostgreSQL", "store",
         _near("infra", 5432, "pgdb-gws", "pgdb-gws-postgresql", "postgresql",
               "postgres")),
    _box("redis", "Redis", "store",
         _near("infra", 6379, "infra-redis-redis-cluster", "redis-cluster", "redis")),
    _box("elasticsearch", "Elasticsearch", "store",
         _near("infra", 9200, "gws-elastic-es-http", "gws-elastic", "elasticsearch",
               "gws-elastic-es", "gws-elastic-es-default")),
    _box("tenant", "Tenant Service", "neighbour", _near("voice", 8888, "tenant")),
    _box("authentication", "Authentication Service", "neighbour",
         _near("gauth", 80, "gauth-auth", "gws-core-auth"),
         _near("gauth", 80, "gauth-environment", "gws-core-environment"),
         needs_all=True),
    _box("voicemail", "Voicemail", "neighbour",
         _near("voice", 8081, "voice-voicemail", "voice-voicemail-service",
               "voicemail"), optional=True),
    _box("iwd", "Intelligent Workload Distribution", "neighbour",
         _near("iwd", 4024, "iwd"), optional=True),
    _box("digital-channels", "Digital Channels", "neighbour",
         _near("nexus", 80, "nexus"), optional=True),
    _box("ucs", "Universal Contact Service", "neighbour",
         _near("ucsx", 8080, "ucsx"), optional=True),
)  # fmt: skip

CONNECTIONS: Final[tuple[Connection, ...]] = tuple(
    Connection(
        number=row.number,
        source=NodeId(NODE_OF[row.source]),
        destination=NodeId(NODE_OF[row.destination]),
        protocol=row.protocol,
        port=row.port,
        classification=row.classification.lower(),
        data=row.data,
    )
    for row in ROWS
)

ROLES: Final = ("gws", "gauth", "voice", "ucsx", "nexus", "iwd", "infra")


def standard(namespaces: Mapping[str, str] | None = None) -> Topology:
    """The vendor's picture, in namespaces named as the vendor's sample names them."""
    named = {role: role for role in ROLES} | dict(namespaces or {})
    return Topology(BOXES, CONNECTIONS, tuple(named.items()))


def stem(name: str, colours: Iterable[str] = COLOURS) -> str:
    """A name without its colour: `x-blue` and `x` are `x`, `x-blue-srv` is `x-srv`."""
    for colour in colours:
        if name.endswith(f"-{colour}"):
            return name.removesuffix(f"-{colour}")
        if name.endswith(f"-{colour}-srv"):
            return name.removesuffix(f"-{colour}-srv") + "-srv"
    return name
