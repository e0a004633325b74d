"""A group that is ill as a whole: most of the boxes in it fell ill at about one time.

One cause is likelier then than as many causes as there are boxes, and it is sought
where they are one: in the group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.charges import Charge, Charges
from app.domain.subject import NodeId, Subject
from app.domain.topology import Box, Topology

WITHIN: Final = timedelta(minutes=2)
"""One cause shows itself as late as this at a box that is seldom called: its page is
read once a minute, and must say so twice."""
FEWEST: Final = 2
"""One box is no whole."""


@dataclass(frozen=True, slots=True)
class Whole:
    """`parts`: the boxes in the group that fell ill together."""

    group: NodeId
    parts: frozenset[NodeId]
    charge: Charge
    since: datetime


def wholes(
    topology: Topology, charged: Charges, began: Mapping[Subject, datetime]
) -> Iterator[Whole]:
    """The groups that are ill as a whole. `began`: since when each is ill."""
    for group in topology.boxes:
        there = [member for member in group.members if member not in topology.absent]
        ill = {node: began[node] for node in there if node in began}
        parts = _together(ill)
        if len(parts) >= FEWEST and 2 * len(parts) > len(there):
            since = min(began[node] for node in parts)
            charge = _charge(topology, charged, parts, group, len(there))
            yield Whole(group.id, parts, charge, since)


def _together(began: Mapping[NodeId, datetime]) -> frozenset[NodeId]:
    """The most of them that fell ill within `WITHIN`, the first of equals."""
    waves = [
        frozenset(node for node, at in began.items() if first <= at <= first + WITHIN)
        for first in sorted(began.values())
    ]
    return max(waves, key=len, default=frozenset())


def _charge(
    topology: Topology, charged: Charges, parts: Collection[NodeId], group: Box, of: int
) -> Charge:
    """That of the box that is worst off, and how many there are."""
    told = [(charged.of[node], node) for node in group.members if node in parts]
    worst, node = max(told, key=lambda one: (one[0].by_own, one[0].rank))
    count = f"all {of}" if len(told) == of else f"{len(told)} of the {of}"
    why = f"{count} boxes in it at about one time, {topology.box(node).label}: "
    why += worst.why
    return Charge(all(one.by_own for one, _ in told), worst.rank, why)
