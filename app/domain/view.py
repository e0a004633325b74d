"""Knowledge, sorted by subject: what each box and connection has going for it.

Made anew for every evaluation in one pass. Old facts are kept beside the fresh ones:
they are shown, with their age, and never judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Generic, NamedTuple, TypeVar

from app.domain.facts import (
    CheckFact,
    ConsulClusterFact,
    EndpointsFact,
    Fact,
    KeysFact,
    PodFact,
    ProbeFact,
    RegistrationFact,
    WorkloadFact,
)
from app.domain.facts_alerts import AlertFact, SilenceFact
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.knowledge import Knowledge
from app.domain.subject import NodeId, Subject, Witness

F = TypeVar("F")
SHOWN_GRID_S: Final = 10
"""A confirmed fact's time is shown to this many seconds: it saves needless news."""
CONSUL: Final = NodeId("consul")

WITNESS_OF: Final[dict[type, Witness]] = {
    PodFact: Witness.KUBERNETES,
    WorkloadFact: Witness.KUBERNETES,
    EndpointsFact: Witness.KUBERNETES,
    CheckFact: Witness.CONSUL,
    RegistrationFact: Witness.CONSUL,
    ConsulClusterFact: Witness.CONSUL,
    KeysFact: Witness.CONSUL,
    TrafficFact: Witness.TRAFFIC,
    MeasureFact: Witness.TRAFFIC,
    ProbeFact: Witness.PROBE,
    AlertFact: Witness.ALERTS,
    StoreFact: Witness.BACKEND,
    ClientsFact: Witness.BACKEND,
}
"""Facts that can be judged. Services, revisions, events and settings are only shown; a
silence is no witness's word."""


class Seen(NamedTuple, Generic[F]):
    """A fact, when it last held, and whether it may be judged."""

    fact: F
    at: datetime
    fresh: bool


class Heard(NamedTuple):
    """When a witness was last heard about a subject: at all, and freshly."""

    at: datetime
    fresh_at: datetime | None

    def joined(self, other: Heard | None) -> Heard:
        """Both, as if heard about one subject."""
        if other is None:
            return self
        at = self.at if self.at > other.at else other.at
        mine, theirs = self.fresh_at, other.fresh_at
        if mine is None or theirs is None:
            return Heard(at, mine or theirs)
        return Heard(at, mine if mine > theirs else theirs)


@dataclass(slots=True)
class View:
    """Everything heard about one subject."""

    seen: dict[type, list[Seen[Fact]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _heard: dict[Witness, Heard] | None = None

    def all(self, kind: type[F]) -> list[Seen[F]]:
        return self.seen.get(kind, [])  # type: ignore[return-value]  # keyed by type

    def fresh(self, kind: type[F]) -> list[Seen[F]]:
        return [seen for seen in self.all(kind) if seen.fresh]

    def heard(self) -> dict[Witness, Heard]:
        """Who said anything that can be judged, and when; asked only once complete."""
        if self._heard is None:
            self._heard = {}
            for kind, seen in self.seen.items():
                witness = WITNESS_OF.get(kind)
                if witness is not None:
                    known = self._heard.get(witness)
                    self._heard[witness] = _newest(seen).joined(known)
        return self._heard


def _newest(seen: list[Seen[Fact]]) -> Heard:
    fresh = [at for _, at, fresh in seen if fresh]
    newest = max([at for _, at, _ in seen])
    return Heard(newest, max(fresh) if fresh else None)


def heard(views: Iterable[View]) -> dict[Witness, Heard]:
    """Who was heard about several subjects together."""
    joined: dict[Witness, Heard] = {}
    for view in views:
        for witness, one in view.heard().items():
            joined[witness] = one.joined(joined.get(witness))
    return joined


Views = dict[Subject, View]


def sort(knowledge: Knowledge, now: datetime) -> Views:
    """A view for every subject that anything was ever heard about."""
    views: Views = defaultdict(View)
    grid: dict[datetime, datetime] = {}
    for held, at, fresh in knowledge.sightings(now):
        shown = held.at
        if at > shown:
            if at not in grid:
                grid[at] = _on_grid(at)
            shown = max(shown, grid[at])
        seen = Seen(held.fact, shown, fresh)
        views[_subject(held.fact)].seen[type(held.fact)].append(seen)
    return views


def _on_grid(confirmed: datetime) -> datetime:
    seconds = confirmed.timestamp() // SHOWN_GRID_S * SHOWN_GRID_S
    return datetime.fromtimestamp(seconds, UTC)


def _subject(fact: Fact) -> Subject:
    if isinstance(fact, TrafficFact | AlertFact | SilenceFact):
        return fact.subject
    return CONSUL if isinstance(fact, ConsulClusterFact) else fact.node
