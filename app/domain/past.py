"""What was seen since the start: only what was there can be gone."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.facts import (
    CheckFact,
    PodFact,
    ProbeFact,
    RegistrationFact,
    WorkloadFact,
)
from app.domain.facts_stores import ClientsFact
from app.domain.subject import NodeId
from app.domain.topology import Topology
from app.domain.view import View, Views

EMPTY = View()
LISTED = (RegistrationFact, CheckFact)
STAFFED = (PodFact, WorkloadFact)


@dataclass(frozen=True, slots=True)
class Past:
    """What was seen since the start, and must not be forgotten when it goes.

    `reached`: probe targets that answered; `registered`: boxes that Consul listed;
    `staffed`: boxes that Kubernetes had workloads of; `connected`: (caller, store) of
    which a store saw connections.
    """

    reached: frozenset[str] = frozenset()
    registered: frozenset[NodeId] = frozenset()
    staffed: frozenset[NodeId] = frozenset()
    connected: frozenset[tuple[NodeId, NodeId]] = frozenset()


def remember(past: Past, topology: Topology, views: Views) -> Past:
    """`past`, with what is there now."""
    of = {box.id: views.get(box.id, EMPTY) for box in topology.boxes}
    listed = {node for node, view in of.items() if _any(view, LISTED)}
    staffed = {node for node, view in of.items() if _any(view, STAFFED)}
    return Past(
        past.reached | _reached(views),
        past.registered | listed,
        past.staffed | staffed,
        past.connected | _connected(views),
    )


def _any(view: View, kinds: tuple[type, ...]) -> bool:
    return any(view.seen.get(kind) for kind in kinds)


def _reached(views: Views) -> frozenset[str]:
    return frozenset(
        seen.fact.target
        for view in views.values()
        for seen in view.all(ProbeFact)
        if any(outcome.ok for outcome in seen.fact.outcomes)
    )


def _connected(views: Views) -> frozenset[tuple[NodeId, NodeId]]:
    return frozenset(
        (seen.fact.caller, seen.fact.node)
        for view in views.values()
        for seen in view.all(ClientsFact)
        if seen.fact.caller is not None
    )
