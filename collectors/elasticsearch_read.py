"""What Elasticsearch's answers say, without any I/O.

The shapes are those of Elasticsearch 7.17's documentation; OpenSearch has kept them.
`http.clients` also lists connections that were closed a moment ago.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from app.domain.facts_stores import ACTIVE_S, ClientsFact, StoreFact
from app.domain.subject import NodeId
from collectors.errors import SourceMisread, shaped

ELASTICSEARCH: Final = NodeId("elasticsearch")
COLOURS: Final = frozenset({"green", "yellow", "red"})
MS: Final = 1000

Json = Mapping[str, Any]


@shaped("the nodes' statistics")
def read_nodes(body: bytes) -> tuple[Json, ...]:
    """The statistics of every node."""
    nodes = _object(body, "the nodes' statistics").get("nodes", {})
    if not isinstance(nodes, dict):
        raise SourceMisread("the nodes' statistics name no nodes")
    return tuple(node for node in nodes.values() if isinstance(node, dict))


@shaped("the cluster's health")
def read_health(
    body: bytes, nodes: tuple[Json, ...], target: str, rejected: int | None
) -> StoreFact:
    """The cluster about itself. `rejected`: what it has turned away since it was last
    asked."""
    clients = sum(int(_http(node).get("current_open", 0)) for node in nodes)
    return replace(_health(body, target), clients=clients, rejected=rejected)


@shaped("the cluster's health")
def read_health_alone(body: bytes, target: str, why: str) -> StoreFact:
    """The same of one that does not tell its statistics; `why`: what it said."""
    fact = _health(body, target)
    role = f"{fact.role}; who is connected is not told ({why})"
    return replace(fact, role=role, names_callers=False)


def _health(body: bytes, target: str) -> StoreFact:
    health = _object(body, "the cluster's health")
    colour = health.get("status")
    if colour not in COLOURS:
        raise SourceMisread("the cluster's health is no colour; is this Elasticsearch?")
    return StoreFact(
        node=ELASTICSEARCH,
        target=target,
        version="",
        role=f"{health.get('number_of_nodes', '?')} nodes",
        clients=None,
        state=str(colour),
        missing=int(health.get("unassigned_shards", 0)),
    )


@shaped("the nodes' statistics")
def read_rejected(nodes: tuple[Json, ...]) -> int:
    """What all thread pools have turned away since their nodes began."""
    return sum(
        int(pool.get("rejected", 0))
        for node in nodes
        for pool in node.get("thread_pool", {}).values()
    )


@shaped("the nodes' statistics")
def read_clients(
    nodes: tuple[Json, ...], target: str, owners: Mapping[str, NodeId]
) -> tuple[ClientsFact, ...]:
    """Callers by their box."""
    ages: dict[NodeId | None, list[int]] = defaultdict(list)
    active: dict[NodeId | None, int] = defaultdict(int)
    for host, age_s, idle_s in _open(nodes):
        caller = owners.get(host)
        ages[caller].append(age_s)
        active[caller] += idle_s <= ACTIVE_S
    return tuple(
        ClientsFact(ELASTICSEARCH, target, caller, len(of), active[caller], max(of))
        for caller, of in ages.items()
    )


def _open(nodes: tuple[Json, ...]) -> Iterator[tuple[str, int, int]]:
    """Address, age and idle seconds of every connection that is open."""
    for node in nodes:
        now = int(node.get("timestamp", 0))
        for client in _http(node).get("clients", ()):
            if "closed_time_millis" not in client:
                host = str(client.get("remote_address", "")).rpartition(":")[0]
                began = int(client.get("opened_time_millis", now))
                spoke = int(client.get("last_request_time_millis", began))
                yield host.strip("[]"), (now - began) // MS, (now - spoke) // MS


def _http(node: Json) -> Json:
    part = node.get("http", {})
    return part if isinstance(part, dict) else {}


def _object(body: bytes, what: str) -> Json:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise SourceMisread(f"{what}: not JSON") from exc
    if not isinstance(answer, dict):
        raise SourceMisread(f"{what}: not an object")
    return answer
