"""Knowledge, sorted by subject: what each box and connection has going for it.

Made anew for every evaluation in one pass. Old facts are kept beside the fresh ones:
they are shown, with their age, and never judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from app.domain.facts import (
    CheckFact,
    ConsulClusterFact,
    EndpointsFact,
    Fact,
    MeasureFact,
    NodeId,
    PodFact,
    ProbeFact,
    RegistrationFact,
    Subject,
    TrafficFact,
    Witness,
    WorkloadFact,
)
from app.domain.knowledge import Held, Knowledge

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
    TrafficFact: Witness.TRAFFIC,
    MeasureFact: Witness.TRAFFIC,
    ProbeFact: Witness.PROBE,
}
"""Facts that can be judged. Services, revisions and events are only shown."""


@dataclass(frozen=True, slots=True)
class Seen(Generic[F]):
    """A fact, when it last held, and whether it may be judged."""

    fact: F
    at: datetime
    fresh: bool


@dataclass(slots=True)
class View:
    """Everything heard about one subject."""

    seen: dict[type, list[Seen[Fact]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def all(self, kind: type[F]) -> list[Seen[F]]:
        return self.seen.get(kind, [])  # type: ignore[return-value]  # keyed by type

    def fresh(self, kind: type[F]) -> list[Seen[F]]:
        return [seen for seen in self.all(kind) if seen.fresh]

    def judged(self) -> Iterator[tuple[Witness, Seen[Fact]]]:
        """Every fact that can be judged, fresh or old, with its witness."""
        for kind, seen in self.seen.items():
            witness = WITNESS_OF.get(kind)
            if witness is not None:
                yield from ((witness, one) for one in seen)


Views = dict[Subject, View]


def sort(knowledge: Knowledge, now: datetime) -> Views:
    """A view for every subject that anything was ever heard about."""
    views: Views = defaultdict(View)
    for held in knowledge.held.values():
        at = _shown(held, knowledge.confirmed_at(held))
        seen = Seen(held.fact, at, knowledge.fresh(held, now))
        views[_subject(held.fact)].seen[type(held.fact)].append(seen)
    return views


def newest(times: Iterable[datetime]) -> datetime | None:
    return max(times, default=None)


def _shown(held: Held, confirmed: datetime) -> datetime:
    if confirmed <= held.at:
        return held.at
    seconds = confirmed.timestamp() // SHOWN_GRID_S * SHOWN_GRID_S
    return max(held.at, datetime.fromtimestamp(seconds, UTC))


def _subject(fact: Fact) -> Subject:
    if isinstance(fact, TrafficFact):
        return fact.subject
    return CONSUL if isinstance(fact, ConsulClusterFact) else fact.node
