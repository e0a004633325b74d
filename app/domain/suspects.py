"""Which box to look at first: the fewest of the accused that explain what is bad.

A box explains a bad connection that ends at it (or at the group it belongs to), and
those that reach it through bad connections; so does a cluster node for all the boxes
that it took along, and a group that is ill as a whole for the boxes in it. A connection
explains itself, and what reaches its caller. Nobody accused, no suspect: blindness and
mere symptoms are never blamed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, groupby
from math import comb
from typing import Final

from app.domain.charges import Charge, Charges
from app.domain.snapshot import Suspect
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology
from app.domain.verdict import LEVELS, Track
from app.domain.wholes import Whole, wholes

MOST_TRIED: Final = 2000
"""Sets of accused that are tried for a smaller explanation: a millisecond or two."""


@dataclass(frozen=True, slots=True)
class Accused:
    """Somebody who may be to blame, what is held against them and what that explains.

    `node`, `connection` or `host` (a cluster node): one of them is given.
    """

    label: str
    charge: Charge
    since: datetime
    explains: frozenset[int]
    depth: int
    node: NodeId | None = None
    connection: int | None = None
    host: str | None = None

    @property
    def order(self) -> tuple[int, bool, int, int, float]:
        """More explained, then by their own witnesses, graver, deeper, earlier."""
        return (
            len(self.explains), self.charge.by_own, self.charge.rank, -self.depth,
            -self.since.timestamp(),
        )  # fmt: skip


def suspects(
    topology: Topology,
    charged: Charges,
    tracks: Mapping[Subject, Track],
    bad: Mapping[int, datetime],
) -> tuple[Suspect, ...]:
    """The smallest explanation of `bad` (number: bad since), the largest part first.

    Each explains a connection that none of the others does.
    """
    if not charged.of and not charged.hosts:
        return ()
    began = {subject: _since(topology, subject, tracks, bad) for subject in charged.of}
    ill = [*wholes(topology, charged, began)]
    hit = Hit(topology, bad, _sufferers(ill, charged))
    accused = [*_subjects(hit, charged, began)]
    accused += [_whole(hit, one) for one in ill]
    accused += _hosts(hit, charged, tracks)
    chosen = sorted(smallest(accused), key=lambda one: one.order, reverse=True)
    return tuple(_suspect(one, place, bad) for place, one in enumerate(chosen))


Sufferers = Mapping[NodeId, Collection[NodeId]]
"""Of groups that are ill as a whole, the boxes that only their answers accuse: what the
group can't reach, they can't."""
NOBODY: Final[Sufferers] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """What is bad, and in which picture."""

    topology: Topology
    bad: Mapping[int, datetime]
    sufferers: Sufferers

    def explained(self, *nodes: NodeId) -> frozenset[int]:
        return explained(self.topology, nodes, self.bad, self.sufferers)


def _sufferers(ill: Iterable[Whole], charged: Charges) -> Sufferers:
    return {
        one.group: [node for node in one.parts if not charged.of[node].by_own]
        for one in ill
    }


def _since(
    topology: Topology,
    subject: Subject,
    tracks: Mapping[Subject, Track],
    bad: Mapping[int, datetime],
) -> datetime:
    """Since when a subject is ill; a box that only those who call it accuse, since they
    are answered badly."""
    track = tracks[subject]
    if track.status in LEVELS:
        return track.bad_since or track.since
    callers = [c.number for c in topology.connections if c.destination == subject]
    return min(bad[number] for number in callers if number in bad)


def _subjects(
    hit: Hit, charged: Charges, began: Mapping[Subject, datetime]
) -> Iterator[Accused]:
    topology = hit.topology
    for subject, charge in charged.of.items():
        since = began[subject]
        if isinstance(subject, str):
            label, deep = topology.box(subject).label, depth(topology, subject)
            explains = hit.explained(subject)
            yield Accused(label, charge, since, explains, deep, node=subject)
            continue
        row = topology.connection(subject)
        ends = (topology.box(row.source).label, topology.box(row.destination).label)
        label = f"connection {subject} ({ends[0]} to {ends[1]})"
        explains = hit.explained(row.source) | {subject}
        deep = depth(topology, row.destination)
        yield Accused(label, charge, since, explains, deep, connection=subject)


def _whole(hit: Hit, ill: Whole) -> Accused:
    """The group, in the place of all that fell ill in it."""
    label, deep = hit.topology.box(ill.group).label, depth(hit.topology, ill.group)
    explains = hit.explained(ill.group, *ill.parts)
    return Accused(label, ill.charge, ill.since, explains, deep, node=ill.group)


def _hosts(
    hit: Hit, charged: Charges, tracks: Mapping[Subject, Track]
) -> Iterator[Accused]:
    topology = hit.topology
    for host in charged.hosts:
        boxes = sorted(host.boxes)
        labels = ", ".join(topology.box(node).label for node in boxes)
        rank = max(tracks[node].status.rank for node in boxes)
        why = f"none of the {host.pods} pods on it is ready ({labels})"
        explains = hit.explained(*boxes)
        since = min(tracks[node].bad_since or tracks[node].since for node in boxes)
        deep = min(depth(topology, node) for node in boxes)
        label, charge = (
            f"cluster node {host.name}",
            Charge(by_own=True, rank=rank, why=why),
        )
        yield Accused(label, charge, since, explains, deep, host=host.name)


def explained(
    topology: Topology,
    nodes: Iterable[NodeId],
    bad: Collection[int],
    sufferers: Sufferers = NOBODY,
) -> frozenset[int]:
    """Bad connections that a fault of all of `nodes` accounts for."""
    found: set[int] = set()
    reached = _with_groups(topology, nodes)
    while True:
        more = {
            c.number: c.source
            for c in topology.connections
            if c.number in bad and c.destination in reached and c.number not in found
        }
        if not more:
            return frozenset(found)
        found |= more.keys()
        callers = {*more.values()}
        for caller in more.values():
            callers |= {*sufferers.get(caller, ())}
        reached |= _with_groups(topology, callers)


def depth(topology: Topology, node: NodeId) -> int:
    """How far downstream a box is: 0 calls nobody, 1 calls such a box, and so on. What
    is in a group is further down than the group."""
    level, frontier, seen = 0, {node}, {node}
    while True:
        called = {c.destination for c in topology.connections if c.source in frontier}
        inside = {member for node in frontier for member in topology.box(node).members}
        frontier = (called | inside) - seen
        if not frontier:
            return level
        seen |= frontier
        level += 1


def _with_groups(topology: Topology, nodes: Iterable[NodeId]) -> set[NodeId]:
    own = {*nodes}
    return own | {box.id for box in topology.boxes if own.intersection(box.members)}


def smallest(accused: Sequence[Accused]) -> Sequence[Accused]:
    """The fewest who explain all that anybody explains; of equals, the likelier. Those
    without whom something is left unexplained are among them, whoever else is."""
    greedy = _greedy(accused)
    wanted = _all(greedy)
    able = [one for one in accused if not _outdone(one, accused)]
    sure = [one for one in able if one.explains - _all(o for o in able if o is not one)]
    rest = [one for one in able if one not in sure]
    open_ = wanted - _all(sure)
    for more in range(len(greedy) - len(sure)):
        if comb(len(rest), more) > MOST_TRIED:
            break
        covers = [few for few in combinations(rest, more) if _all(few) >= open_]
        if covers:
            return [*sure, *max(covers, key=_likelihood)]
    return greedy


def _greedy(accused: Sequence[Accused]) -> Sequence[Accused]:
    chosen: list[Accused] = []
    left = _all(accused)
    while left:
        best = max(accused, key=lambda one: (len(one.explains & left), one.order))
        chosen.append(best)
        left -= best.explains
    return [
        one
        for one in chosen
        if one.explains - _all([c for c in chosen if c is not one])
    ]


def _all(accused: Iterable[Accused]) -> frozenset[int]:
    return frozenset().union(*(one.explains for one in accused))


def _outdone(one: Accused, accused: Sequence[Accused]) -> bool:
    """Somebody likelier explains all that this one does."""
    others = (other for other in accused if other is not one)
    return any(o.explains >= one.explains and o.order > one.order for o in others)


def _likelihood(few: Sequence[Accused]) -> list[tuple[int, bool, int, int, float]]:
    return sorted((one.order for one in few), reverse=True)


def _suspect(one: Accused, place: int, bad: Mapping[int, datetime]) -> Suspect:
    ordered = tuple(sorted(one.explains, key=lambda number: (bad[number], number)))
    head = f"Then look at {one.label}" if place else f"Look at {one.label} first"
    alone = ordered == (one.connection,)
    tail = "" if alone else f" It explains {_told(ordered, bad)}."
    text = f"{head}: {one.charge.why}.{tail}"
    return Suspect(one.node, ordered, one.since, text, one.connection, one.host)


def _told(ordered: Sequence[int], bad: Mapping[int, datetime]) -> str:
    """ "connections 12, 18, then 24 after 4 s"."""
    first = bad[ordered[0]]
    waves = [
        (late, ", ".join(str(number) for number in numbers))
        for late, numbers in groupby(ordered, lambda n: (bad[n] - first) // SECOND)
    ]
    told = [
        waves[0][1],
        *(f"then {numbers} after {_lasting(s)}" for s, numbers in waves[1:]),
    ]
    return f"connection{'s' if ordered[1:] else ''} {', '.join(told)}"


SECOND: Final = timedelta(seconds=1)


def _lasting(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
