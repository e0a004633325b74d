"""What is installed: a box that was never there is `absent`, not broken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.facts import (
    CheckFact,
    EndpointsFact,
    PodFact,
    ProbeFact,
    RegistrationFact,
    ServiceFact,
    WorkloadFact,
)
from app.domain.knowledge import Knowledge
from app.domain.sight import Sight
from app.domain.subject import NodeId
from app.domain.topology import Box, Topology
from app.domain.view import Views

PROOFS: Final = (
    PodFact,
    WorkloadFact,
    ServiceFact,
    EndpointsFact,
    CheckFact,
    RegistrationFact,
    ProbeFact,
)
NEEDED: Final = ("pods", "deployments", "statefulsets")
"""Lists that must all have been read before "it is not there" can be said."""


def listed_namespaces(
    topology: Topology, knowledge: Knowledge, now: datetime
) -> Mapping[str, datetime]:
    """Namespaces whose pods and workloads are completely and freshly known."""
    listed: dict[str, datetime] = {}
    for space in topology.watched_namespaces():
        times = [
            knowledge.complete_at(("kubernetes", f"{plural}/{space}"), now)
            for plural in NEEDED
        ]
        known = [at for at in times if at is not None]
        if len(known) == len(NEEDED):
            listed[space] = min(known)
    return listed


def absent_boxes(topology: Topology, views: Views, sight: Sight) -> frozenset[NodeId]:
    """Boxes that configuration or discovery says are not installed."""
    found = {
        box.id for box in topology.boxes if _not_found(box, topology, views, sight)
    }
    return topology.absent | found


def _not_found(box: Box, topology: Topology, views: Views, sight: Sight) -> bool:
    """An optional box of which no trace was ever seen, where one would be seen."""
    past = sight.past
    if not box.optional or box.id in past.staffed or box.id in past.registered:
        return False
    spaces = {topology.namespace_of(work.role) for work in box.workloads}
    if not spaces or not spaces <= set(sight.listed):
        return False
    view = views.get(box.id)
    return view is None or not any(view.seen.get(kind) for kind in PROOFS)
