"""What could be asked: the cluster tells of it and the configuration does not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from app.domain.facts import ServiceFact
from app.domain.facts_settings import OfferFact
from app.domain.knowledge import Knowledge
from app.domain.subject import NodeId
from app.domain.topology import Topology

HOW: Final = {
    NodeId("redis"): '{{redis: {{url: "redis://{place}"}}}}',
    NodeId("elasticsearch"): '{{elasticsearch: {{url: "http://{place}"}}}}',
    NodeId("postgresql"): "{{postgresql: {{dsn_file: ...}}}} with the host and port "
    "{place} in that file",
}
"""How each store is configured, by its box."""
WHAT: Final = {"prometheus": "a Prometheus", "alertmanager": "an Alertmanager"}


def stores_found(
    topology: Topology, knowledge: Knowledge, asked: Collection[str]
) -> Iterator[str]:
    """A sentence for every store that has a Service and is not asked for its own view.

    `asked`: the sources that are configured.
    """
    for node, how in HOW.items():
        place = None if str(node) in asked else _place(topology, knowledge, node)
        if place is not None:
            label = topology.box(node).label
            yield (
                f"{label} is served at {place}: for its own view of who is connected "
                f"add backends: {how.format(place=place)}"
            )


def offers_found(knowledge: Knowledge, asked: Collection[str]) -> Iterator[str]:
    """A sentence for every Prometheus and Alertmanager in the watched namespaces, where
    none of its kind is configured."""
    offers = {fact for fact, _ in knowledge.of(OfferFact) if fact.source not in asked}
    for one in sorted(offers, key=lambda fact: (fact.source, fact.key)):
        place = f"{one.name}.{one.namespace}:{one.port}"
        yield (
            f"{WHAT[one.source]} is served at {place}: to ask it add "
            f'{one.source}: {{url: "http://{place}"}}'
        )


def _place(topology: Topology, knowledge: Knowledge, node: NodeId) -> str | None:
    """The Service on the store's own port, as a host and a port."""
    ports = {work.port for work in topology.box(node).workloads}
    places = sorted(
        f"{fact.name}.{fact.namespace}:{port.number}"
        for fact, _ in knowledge.of(ServiceFact)
        for port in fact.ports
        if fact.node == node and port.number in ports
    )
    return places[0] if places else None
