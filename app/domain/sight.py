"""What a rule needs besides the facts: what was seen before, and how far we can see.

A thing that is missing is known to be gone only where its list was read to its end; a
probe that fails accuses a box only while others answer us.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.facts import PodFact, ProbeFact
from app.domain.kept import Kept, again
from app.domain.knowledge import CONSUL
from app.domain.past import Past
from app.domain.rules_registered import LISTED
from app.domain.subject import NodeId
from app.domain.turns import Turns
from app.domain.view import EMPTY, View, Views

SEVERAL: Final = 3
"""Boxes that must be lost together before it is no box's own fault."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What all probes together say of our place."""

    blind: bool = False
    at: datetime | None = None
    """When any probe was answered last; `None`: too few boxes are probed to tell by."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen before, and which feeds are complete and fresh."""

    past: Past
    listed: Mapping[str, datetime]
    """Namespace: when its pods and workloads were last known completely."""
    catalog_at: datetime | None
    """When Consul's catalog was; `None`: not now, or we may not see what is in it."""
    answers: Answers
    turning: Mapping[NodeId, tuple[Turns, ...]]
    """The checks of a box that came and went too often."""


def catalog_at(complete: datetime | None, views: Views, past: Past) -> datetime | None:
    """`complete`: when the catalog was last heard to its end.

    Where not one of several boxes is left in it, our token may not read them any more:
    Consul leaves out what it may not show, and does not say so.
    """
    known = past.registered.keys() - {CONSUL}
    if complete is None or len(known) < SEVERAL:
        return complete
    heard = [views.get(node, EMPTY) for node in known]
    return complete if any(v.fresh(kind) for v in heard for kind in LISTED) else None


def answers(views: Views, before: Kept[Answers] | None) -> Kept[Answers]:
    """Whether we are blind, and when we were answered last."""
    telling = tuple(
        view
        for view in views.values()
        if view.seen.get(ProbeFact) or view.seen.get(PodFact)
    )
    return again(before, telling, lambda: _answers(telling))


def _answers(telling: tuple[View, ...]) -> Answers:
    probes = _probes(telling)
    return Answers(_blind(telling, probes), _answered_at(probes))


def _blind(telling: tuple[View, ...], probes: list[ProbeFact]) -> bool:
    """Nothing answers us any more though its pods were ready when last heard of: that
    is our place, or all of it at once, and no box's own fault.

    Who only accepts a connection has not answered: its machine does that for it.
    """
    if any(fact.outcomes[-1].ok for fact in probes):
        return False
    lost = {fact.node for fact in probes}
    ready = [v for v in telling if any(s.fact.ready for s in v.all(PodFact))]
    return len(lost) >= SEVERAL and len(ready) >= SEVERAL


def _answered_at(probes: list[ProbeFact]) -> datetime | None:
    """When anything answered us last, where enough boxes are probed to tell by that."""
    if len({fact.node for fact in probes}) < SEVERAL:
        return None
    answered = [o.at for fact in probes for o in fact.outcomes if o.ok]
    return max(answered, default=None)


def _probes(telling: tuple[View, ...]) -> list[ProbeFact]:
    """Fresh probes that were answered, or would have been. A name is told by whoever
    keeps it, not by who has it."""
    fresh = [seen.fact for view in telling for seen in view.fresh(ProbeFact)]
    probed = [fact for fact in fresh if fact.outcomes and fact.kind != "dns"]
    return [fact for fact in probed if fact.kind != "tcp"] or probed
