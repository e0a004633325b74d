"""Whom to scrape and whom to probe: from what Kubernetes said, and what was configured.

The choice is bounded (so many pods a workload, spread over the machines they run on)
and stable: it depends on the pods' names alone, so that a pod that comes or goes moves
no other target.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from app.domain.facts import EndpointsFact, HttpTarget, PodFact, Port
from app.domain.knowledge import Knowledge
from app.domain.subject import NodeId
from app.domain.topology import Topology

SCRAPED_PER_WORKLOAD: Final = 20
"""Rates of a box are sums over its pods, so leave none out of any usual size."""
PROBED_PER_WORKLOAD: Final = 3

Member = tuple[NodeId, str]


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """One metrics page. `name` is `<pod>:<port>`, with the namespace if that is unique
    only with it."""

    node: NodeId
    name: str
    host: str
    port: int
    path: str
    tls: bool = False


@dataclass(frozen=True, slots=True)
class ScrapeRule:
    """A metrics page that no annotation tells of, as a PodMonitor would.

    Applies to a box's pods that declare `port` (a number, or a port's name) and carry
    no annotation. `workload`: only pods of this one.
    """

    node: NodeId
    port: int | str
    path: str = "/metrics"
    workload: str | None = None
    tls: bool = False


VENDOR_RULES: Final = (
    ScrapeRule(NodeId("iwd"), 4024, "/iwd/v3/metrics"),
    ScrapeRule(NodeId("digital-channels"), 4004, "/metrics"),
    ScrapeRule(NodeId("voicemail"), 8081, "/metrics"),
)
"""Pages that the vendor documents and scrapes by PodMonitor or ServiceMonitor."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What is said on a connection to hear whether somebody is there.

    `agrees`: the answer after which the other side waits for a TLS handshake, and would
    log a client that leaves instead.
    """

    says: bytes
    agrees: bytes | None = None


HELLOS: Final[Mapping[NodeId, Hello]] = {
    NodeId("redis"): Hello(b"PING\r\n"),
    NodeId("postgresql"): Hello(b"\0\0\0\x08\x04\xd2\x16\x2f", agrees=b"S"),
    NodeId("elasticsearch"): Hello(
        b"GET / HTTP/1.0\r\nUser-Agent: gws-observatory\r\n\r\n"
    ),
}
"""A store that accepts connections may still hang. What is asked for needs no account:
an inline PING, whether TLS is spoken (SSLRequest), the front page."""


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """One thing to reach. `kind`: `tcp`, `tls` (handshake only), `http` or `dns`.

    `host` is connected to and, for a name, asked for in TLS and HTTP. `verify`: say
    whether the certificate is trusted; a pod's own certificate never names its IP.
    `hello`: what to say after a `tcp` connect; `None`: connecting is enough. `server`:
    whom `dns` asks for the name `host`; `None`: the system's resolver.
    """

    node: NodeId
    kind: str
    name: str
    host: str
    port: int
    path: str | None = None
    tls: bool = False
    verify: bool = False
    hello: Hello | None = None
    server: str | None = None


def scrape_targets(
    topology: Topology,
    knowledge: Knowledge,
    rules: Sequence[ScrapeRule] = VENDOR_RULES,
    per_workload: int = SCRAPED_PER_WORKLOAD,
) -> tuple[ScrapeTarget, ...]:
    """Metrics pages of pods that have an address, ready or not."""
    found: list[tuple[PodFact, ScrapeTarget]] = []
    for pods in _reachable(topology, knowledge).values():
        paged = [(pod, _page(pod, rules)) for pod in pods]
        having = {pod: page for pod, page in paged if page is not None}
        for pod in spread(having, per_workload):
            found.append((pod, _scraped(pod, having[pod])))
    return _unambiguous(found)


def probe_targets(
    topology: Topology,
    knowledge: Knowledge,
    configured: Sequence[ProbeTarget] = (),
    per_workload: int = PROBED_PER_WORKLOAD,
) -> tuple[ProbeTarget, ...]:
    """What to reach: the configured targets first, then pods as their clients would.

    A client is only ever sent to ready pods, so those are probed; when none is ready,
    the others are, which tells why. A pod is probed by the health path of its
    readiness probe where it has one (a store's must be on the port of its clients, not
    on an exporter's), else by TCP, and a store with a hello.
    """
    stores = {box.id for box in topology.boxes if box.kind == "store"}
    ports = _service_ports(topology, knowledge)
    found: list[tuple[PodFact, ProbeTarget]] = []
    for member, pods in _reachable(topology, knowledge).items():
        serving = [pod for pod in pods if pod.ready] or pods
        for pod in spread(serving, per_workload):
            probe = _probe(pod, member[0] in stores, ports.get(member))
            if probe is not None:
                found.append((pod, probe))
    greeting = (_greeting(target) for target in dict.fromkeys(configured))
    return (*greeting, *_unambiguous(found))


def spread(pods: Iterable[PodFact], count: int) -> tuple[PodFact, ...]:
    """At most `count` pods, from as many machines as there are.

    Ranked by a hash of the name (rendezvous hashing): a pod's rank does not depend on
    which other pods there are.
    """
    by_host: dict[str, list[PodFact]] = defaultdict(list)
    for pod in sorted(pods, key=_rank):
        by_host[pod.host or ""].append(pod)
    turns = [
        (turn, _rank(pod), pod)
        for on_host in by_host.values()
        for turn, pod in enumerate(on_host)
    ]
    ranked = sorted(turns, key=lambda item: item[:2])
    return tuple(pod for _, _, pod in ranked[:count])


def _rank(pod: PodFact) -> tuple[bytes, str, str]:
    name = f"{pod.namespace}/{pod.name}".encode()
    return hashlib.sha256(name).digest(), pod.namespace, pod.name


def _reachable(
    topology: Topology, knowledge: Knowledge
) -> Mapping[Member, list[PodFact]]:
    """Pods that may be asked, by box and workload, in a fixed order."""
    drawn = {box.id for box in topology.boxes} - topology.absent
    members: dict[Member, list[PodFact]] = defaultdict(list)
    for pod, _ in sorted(knowledge.of(PodFact), key=lambda pair: pair[0].key):
        if pod.node in drawn and pod.ip and not (pod.terminating or pod.ended):
            members[pod.node, pod.workload].append(pod)
    return members


def _page(pod: PodFact, rules: Sequence[ScrapeRule]) -> HttpTarget | None:
    if pod.scrape is not None:
        return pod.scrape
    for rule in rules:
        if rule.node == pod.node and rule.workload in (None, pod.workload):
            for port in pod.ports:
                if rule.port in (port.number, port.name):
                    return HttpTarget(port.number, rule.path, rule.tls)
    return None


def _scraped(pod: PodFact, page: HttpTarget) -> ScrapeTarget:
    name = f"{pod.name}:{page.port}"
    return ScrapeTarget(pod.node, name, pod.ip or "", page.port, page.path, page.tls)


def _probe(pod: PodFact, store: bool, service_port: int | None) -> ProbeTarget | None:
    port = service_port or next((port.number for port in pod.ports), 0)
    if pod.health is not None and not (store and pod.health.port != port):
        port, path = pod.health.port, pod.health.path
        name = f"{pod.name}:{port}{path}"
        tls = pod.health.tls
        return ProbeTarget(pod.node, "http", name, pod.ip or "", port, path, tls)
    if not port:
        return None
    name = f"{pod.name}:{port}"
    return _greeting(ProbeTarget(pod.node, "tcp", name, pod.ip or "", port))


def _greeting(target: ProbeTarget) -> ProbeTarget:
    if target.kind != "tcp":
        return target
    return replace(target, hello=HELLOS.get(target.node))


def _service_ports(topology: Topology, knowledge: Knowledge) -> dict[Member, int]:
    """The pods' own port behind each workload's Service (an EndpointSlice tells it).

    With several ports the one of the picture is meant, else the one called `http`,
    else the first.
    """
    drawn = {(box.id, work.names[0]): work.port for box in topology.boxes
             for work in box.workloads}  # fmt: skip
    offered: dict[Member, list[Port]] = defaultdict(list)
    for fact, _ in sorted(knowledge.of(EndpointsFact), key=lambda pair: pair[0].key):
        offered[fact.node, fact.workload].extend(fact.ports)
    return {
        member: min(
            ports, key=lambda p: (p.number != drawn.get(member), p.name != "http")
        ).number
        for member, ports in offered.items()
        if ports
    }


def pod_of(name: str) -> str:
    """The pod in the name of a scrape target, a namespace before it or not."""
    return name.rpartition("/")[2].partition(":")[0]


T = TypeVar("T", ScrapeTarget, ProbeTarget)


def _unambiguous(found: Sequence[tuple[PodFact, T]]) -> tuple[T, ...]:
    """Names are feeds' names, so two namespaces may not share one."""
    often = Counter(target.name for _, target in found)
    return tuple(
        replace(target, name=f"{pod.namespace}/{target.name}")
        if often[target.name] > 1
        else target
        for pod, target in found
    )


def owners(knowledge: Knowledge) -> dict[str, NodeId]:
    """Whose pod has an address, as far as Kubernetes was heard.

    A pod that has ended may have left its address to another. One that uses its
    machine's own shares it with others, and nobody can tell them apart.
    """
    found: dict[str, set[NodeId]] = defaultdict(set)
    for pod, _ in knowledge.of(PodFact):
        if pod.ip and pod.phase == "Running":
            found[pod.ip].add(pod.node)
    return {ip: boxes.pop() for ip, boxes in found.items() if len(boxes) == 1}
