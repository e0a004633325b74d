"""Which turns belong together: joined in the picture, and close in time.

Two subjects are joined when they share a box, or when one's answering box calls the
other's calling one: the way that trouble travels. A box counts as a connection to
itself, and a group as its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.incidents import JOIN, Incident
from app.domain.snapshot import Suspect
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology

Joins = Mapping[Subject, frozenset[Subject]]
_Ends = tuple[NodeId, NodeId]
"""The box that calls, and the one that answers."""


@dataclass(frozen=True, slots=True)
class Part:
    """What may belong with others: an incident, or (`None`) one subject that turned."""

    incident: Incident | None
    began: Mapping[Subject, datetime]
    bad: frozenset[Subject]

    @property
    def ended(self) -> bool:
        return self.incident is not None and not self.incident.open


def joins(topology: Topology) -> Joins:
    """For each subject, the subjects that it is joined to; itself among them."""
    same = {box.id: _same(topology, box.id) for box in topology.boxes}
    ends: dict[Subject, _Ends] = {box.id: (box.id, box.id) for box in topology.boxes}
    ends |= {c.number: (c.source, c.destination) for c in topology.connections}
    calls = {
        (caller, answering)
        for connection in topology.connections
        for caller in same[connection.source]
        for answering in same[connection.destination]
    }

    def joined(one: _Ends, other: _Ends) -> bool:
        shared = any(end in same[own] for own in one for end in other)
        return shared or (one[1], other[0]) in calls or (other[1], one[0]) in calls

    return {
        one: frozenset(other for other, there in ends.items() if joined(here, there))
        for one, here in ends.items()
    }


def of_incident(incident: Incident) -> Part:
    members = incident.members
    bad = frozenset(member.subject for member in members if member.bad)
    return Part(incident, {m.subject: m.began for m in members}, bad)


def of_subject(subject: Subject, since: datetime) -> Part:
    return Part(None, {subject: since}, frozenset({subject}))


def together(
    parts: Sequence[Part], joined: Joins, suspects: Iterable[Suspect]
) -> list[list[Part]]:
    """The parts in groups that belong together, whatever their order."""
    blamed: list[frozenset[Subject]] = [
        frozenset({*one.explains, *([one.node] if one.node else [])})
        for one in suspects
    ]
    groups: list[list[Part]] = []
    for part in parts:
        linked = [
            group
            for group in groups
            if any(_linked(part, other, joined, blamed) for other in group)
        ]
        rest = [group for group in groups if group not in linked]
        groups = [*rest, [*(one for group in linked for one in group), part]]
    return groups


def _linked(
    one: Part, other: Part, joined: Joins, blamed: Iterable[frozenset[Subject]]
) -> bool:
    """What has ended is reopened by a new turn only."""
    if (one.ended and other.incident) or (other.ended and one.incident):
        return False
    if any(one.bad & same and other.bad & same for same in blamed):
        return True
    return _near(one, other, joined)


def _near(one: Part, other: Part, joined: Joins) -> bool:
    return any(
        subject == neighbour
        or (neighbour in joined.get(subject, ()) and abs(began - other_began) <= JOIN)
        for subject, began in one.began.items()
        for neighbour, other_began in other.began.items()
    )


def _same(topology: Topology, node: NodeId) -> frozenset[NodeId]:
    """The box, the groups that it is in, and its own members."""
    groups = {box.id for box in topology.boxes if node in box.members}
    return frozenset({node, *groups, *topology.box(node).members})
