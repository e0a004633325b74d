"""Which box to look at first: the fewest accused boxes that explain what is bad.

A box is accused by its own witnesses only. It explains a bad connection that ends at
it (or at the group it belongs to), and those that reach it through bad connections. No
accused box, no suspect: blindness and mere symptoms are never blamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.snapshot import Suspect
from app.domain.subject import NodeId
from app.domain.topology import Topology


@dataclass(frozen=True, slots=True)
class Accused:
    """A box, how gravely it is accused (rank of its status), since when, and why."""

    node: NodeId
    rank: int
    since: datetime
    why: str


def suspects(
    topology: Topology, accused: Iterable[Accused], bad: Mapping[int, datetime]
) -> tuple[Suspect, ...]:
    """The smallest explanation of `bad` (number: bad since), gravest first.

    Every suspect explains a connection that no suspect before it explains.
    """
    left = set(bad)
    claims = [(one, explained(topology, one.node, bad)) for one in accused]
    found: list[Suspect] = []
    while claims:
        one, explains = max(claims, key=lambda claim: _order(claim, left, topology))
        if not explains & left:
            break
        found.append(_suspect(topology, one, explains, bad))
        left -= explains
        claims.remove((one, explains))
    return tuple(found)


def explained(
    topology: Topology, node: NodeId, bad: Mapping[int, datetime]
) -> frozenset[int]:
    """Bad connections that a fault of `node` accounts for."""
    found: set[int] = set()
    reached = {node, *_groups_of(topology, node)}
    while True:
        more = {
            c.number
            for c in topology.connections
            if c.number in bad and c.destination in reached and c.number not in found
        }
        if not more:
            return frozenset(found)
        found |= more
        reached |= {c.source for c in topology.connections if c.number in more}


def depth(topology: Topology, node: NodeId) -> int:
    """How far downstream a box is: 0 calls nobody, 1 calls such a box, and so on."""
    level, frontier, seen = 0, {node}, {node}
    while True:
        called = {c.destination for c in topology.connections if c.source in frontier}
        frontier = called - seen
        if not frontier:
            return level
        seen |= frontier
        level += 1


def _order(
    claim: tuple[Accused, frozenset[int]], left: set[int], topology: Topology
) -> tuple[int, int, int, float]:
    """More explained, then graver, then deeper downstream, then earlier."""
    one, explains = claim
    return (
        len(explains & left),
        one.rank,
        -depth(topology, one.node),
        -one.since.timestamp(),
    )


def _groups_of(topology: Topology, node: NodeId) -> list[NodeId]:
    return [box.id for box in topology.boxes if node in box.members]


def _suspect(
    topology: Topology,
    one: Accused,
    explains: frozenset[int],
    bad: Mapping[int, datetime],
) -> Suspect:
    ordered = tuple(sorted(explains, key=lambda number: (bad[number], number)))
    label = topology.box(one.node).label
    told = ", ".join(str(number) for number in ordered)
    plural = "connections" if len(ordered) > 1 else "connection"
    text = f"Look at {label} first: {one.why}. It explains {plural} {told}."
    return Suspect(one.node, ordered, one.since, text)
