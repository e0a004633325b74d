"""What was seen since the start: only what was there can be gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.facts import (
    CheckFact,
    KeysFact,
    PodFact,
    ProbeFact,
    RegistrationFact,
    WorkloadFact,
)
from app.domain.facts_stores import ClientsFact
from app.domain.subject import NodeId
from app.domain.topology import Topology
from app.domain.turns import Turning, turned
from app.domain.view import View, Views

EMPTY = View()
LISTED = (RegistrationFact, CheckFact)
STAFFED = (PodFact, WorkloadFact)


@dataclass(frozen=True, slots=True)
class Past:
    """What was seen since the start, and must not be forgotten when it goes.

    `reached`: probe targets that answered; `registered`: boxes that Consul listed;
    `staffed`: boxes that Kubernetes had workloads of; `connected`: (caller, store) of
    which a store saw connections; `keyed`: prefixes of Consul's KV store that had keys;
    `turning`: how often each of its checks changed of late.
    """

    reached: frozenset[str] = frozenset()
    registered: frozenset[NodeId] = frozenset()
    staffed: frozenset[NodeId] = frozenset()
    connected: frozenset[tuple[NodeId, NodeId]] = frozenset()
    keyed: frozenset[str] = frozenset()
    turning: Turning = field(default_factory=dict)


def remember(
    past: Past, topology: Topology, views: Views, now: datetime, window: timedelta
) -> Past:
    """`past`, with what is there now. `window`: how long a change of a check counts."""
    of = {box.id: views.get(box.id, EMPTY) for box in topology.boxes}
    listed = {node for node, view in of.items() if _any(view, LISTED)}
    staffed = {node for node, view in of.items() if _any(view, STAFFED)}
    return Past(
        past.reached | _reached(views),
        past.registered | listed,
        past.staffed | staffed,
        past.connected | _connected(views),
        past.keyed | _keyed(views),
        turned(past.turning, _checks(views), now, window),
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


def _keyed(views: Views) -> frozenset[str]:
    return frozenset(
        seen.fact.prefix
        for view in views.values()
        for seen in view.all(KeysFact)
        if seen.fact.count
    )


def _checks(views: Views) -> Iterator[CheckFact]:
    return (seen.fact for view in views.values() for seen in view.all(CheckFact))
