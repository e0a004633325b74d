"""What the witnesses said: facts, as values.

A `Reading` (`app.domain.reading`) brings them; `app.domain.knowledge` keeps the newest.

Every fact has a `key`: a later fact with the same key replaces the earlier one. `None`
means that nobody measured it, which is never zero. Durations are in seconds, times are
aware UTC datetimes, ratios are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.facts_alerts import AlertFact, SilenceFact
from app.domain.facts_settings import OfferFact, SettingFact
from app.domain.facts_stores import ClientsFact, StoreFact, UnreadFact
from app.domain.facts_traffic import MeasureFact, TrafficFact, UndrawnFact
from app.domain.facts_usage import AutoscalerFact, UsageFact
from app.domain.subject import FactKey, NodeId

ENDED = ("Succeeded", "Failed")
"""Phases of a pod that runs no more and never will."""


@dataclass(frozen=True, slots=True)
class Port:
    name: str | None
    number: int


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """Where to GET: `port` and `path` on a pod's own address."""

    port: int
    path: str
    tls: bool = False


@dataclass(frozen=True, slots=True)
class PodFact:
    """One pod that belongs to a box (Kubernetes).

    `evicted`: it is, or was, taken off its cluster node, and why, in Kubernetes' own
    word (`EvictionByEvictionAPI`). `zone`: where its own labels tell it. `cpu_limit`:
    cores, `memory_limit`: bytes that all its containers together may use at most;
    `None`: one of them has no limit.
    """

    node: NodeId
    workload: str
    namespace: str
    name: str
    phase: str
    ready: bool
    restarts: int
    terminating: bool
    ip: str | None = None
    host: str | None = None
    zone: str | None = None
    image: str | None = None
    started_at: datetime | None = None
    waiting_reason: str | None = None
    waiting_message: str | None = None
    last_exit: str | None = None
    ports: tuple[Port, ...] = ()
    scrape: HttpTarget | None = None
    health: HttpTarget | None = None
    evicted: str | None = None
    cpu_limit: float | None = None
    memory_limit: int | None = None

    @property
    def key(self) -> FactKey:
        return ("pod", self.namespace, self.name)

    @property
    def ended(self) -> bool:
        """What the kubelet evicted may be listed so for days."""
        return self.phase in ENDED


@dataclass(frozen=True, slots=True)
class WorkloadFact:
    """One Deployment or StatefulSet that belongs to a box (Kubernetes).

    `rolling`: the controller has not yet brought every replica to the newest template.
    `stuck`: the controller itself says the rollout does not progress.
    """

    node: NodeId
    workload: str
    namespace: str
    kind: str
    name: str
    desired: int
    ready: int
    rolling: bool = False
    stuck: str | None = None

    @property
    def key(self) -> FactKey:
        return ("workload", self.kind, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class RevisionFact:
    """One ReplicaSet of a box: which revision it is and how many pods it holds."""

    node: NodeId
    workload: str
    namespace: str
    name: str
    revision: int | None
    desired: int
    ready: int

    @property
    def key(self) -> FactKey:
        return ("revision", self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """One Kubernetes Service in front of a box."""

    node: NodeId
    workload: str
    namespace: str
    name: str
    cluster_ip: str | None
    ports: tuple[Port, ...]

    @property
    def key(self) -> FactKey:
        return ("service", self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class EndpointsFact:
    """One EndpointSlice: how many addresses behind a Service are ready."""

    node: NodeId
    workload: str
    namespace: str
    service: str
    name: str
    ready: int
    total: int
    ports: tuple[Port, ...] = ()
    addresses: tuple[str, ...] = ()
    """The ready addresses."""

    @property
    def key(self) -> FactKey:
        return ("endpoints", self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class EventFact:
    """A Kubernetes Event about an object of a box; shown, never judged."""

    node: NodeId
    namespace: str
    name: str
    about: str
    type: str
    reason: str
    message: str
    count: int
    last_seen: datetime

    @property
    def key(self) -> FactKey:
        return ("event", self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class CheckFact:
    """A Consul check of an instance: passing, warning, critical or maintenance."""

    node: NodeId
    service: str
    instance: str
    consul_node: str
    check: str
    status: str
    output: str = ""

    @property
    def key(self) -> FactKey:
        return ("check", self.consul_node, self.check)


@dataclass(frozen=True, slots=True)
class RegistrationFact:
    """A service name that Consul's catalog lists, for a box of the picture."""

    node: NodeId
    service: str
    tags: tuple[str, ...] = ()

    @property
    def key(self) -> FactKey:
        return ("registration", self.service)


@dataclass(frozen=True, slots=True)
class ConsulClusterFact:
    """Consul about itself. `leader` "": there is none. `None`: not allowed to ask."""

    leader: str
    peers: int
    autopilot_healthy: bool | None = None
    failure_tolerance: int | None = None

    @property
    def key(self) -> FactKey:
        return ("consul-cluster",)


@dataclass(frozen=True, slots=True)
class KeysFact:
    """How many entries stand under a prefix of Consul's KV store, never what they hold.

    `count` `None`: the token may not read them.
    """

    prefix: str
    count: int | None
    node: NodeId = NodeId("consul")

    @property
    def key(self) -> FactKey:
        return ("keys", self.prefix)


@dataclass(frozen=True, slots=True)
class ProbeOutcome:
    at: datetime
    ok: bool
    text: str
    """What happened, in words an operator can act on: "connect timed out"."""
    connect_s: float | None = None
    first_byte_s: float | None = None


@dataclass(frozen=True, slots=True)
class ProbeFact:
    """The newest outcomes (at most three, newest last) of probing one target of a box.

    `kind`: `tcp`, `tls`, `http` or `dns`.
    """

    node: NodeId
    kind: str
    target: str
    outcomes: tuple[ProbeOutcome, ...]
    certificate_days: float | None = None

    @property
    def key(self) -> FactKey:
        return ("probe", self.node, self.kind, self.target)


Fact = (
    PodFact
    | WorkloadFact
    | RevisionFact
    | ServiceFact
    | EndpointsFact
    | EventFact
    | CheckFact
    | RegistrationFact
    | ConsulClusterFact
    | KeysFact
    | SettingFact
    | OfferFact
    | TrafficFact
    | UndrawnFact
    | MeasureFact
    | UsageFact
    | AutoscalerFact
    | ProbeFact
    | AlertFact
    | SilenceFact
    | StoreFact
    | ClientsFact
    | UnreadFact
)
