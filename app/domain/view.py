"""Knowledge, sorted by subject: what each box and connection has going for it.

Old facts are kept beside the fresh ones: they are shown, with their age, and never
judged. Between two moments most subjects hear nothing new, and keep their view.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
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
from app.domain.facts_alerts import AlertFact
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.hearing import Hearing, Sign, Signs
from app.domain.knowledge import Held, Knowledge
from app.domain.reading import FeedName
from app.domain.subject import FactKey, Subject, Witness

F = TypeVar("F")

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
"""Facts that can be judged. Services, offers, revisions, events, settings, autoscalers
and what pods use are only shown; a silence is no witness's word."""


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


@dataclass(slots=True, eq=False)
class View:
    """Everything heard about one subject. The same view says the same: it is known by
    its identity, and never changed once it is handed on."""

    seen: dict[type, list[Seen[Fact]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    of: list[Held] = field(default_factory=list)
    """What it was made of."""
    signs: tuple[tuple[FeedName, Sign | None], ...] = ()
    """What the watches lent to it."""
    until: datetime | None = None
    """The last moment at which all that is fresh in it still is, if its feeds are
    silent from now on."""
    ages: datetime | None = None
    """The same of what no watch confirms."""
    _heard: dict[Witness, Heard] | None = None

    def lasts(self, now: datetime) -> bool:
        """Whether everything is as fresh, or as old, as it was."""
        return self.until is None or now <= self.until

    def grows_old(self, until: datetime, *, by_itself: bool) -> None:
        """Take note of a fact that is fresh until then."""
        self.until = until if self.until is None else min(self.until, until)
        if by_itself:
            self.ages = until if self.ages is None else min(self.ages, until)

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


EMPTY: Final = View()
"""Of a subject that nothing was ever heard about."""


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


Views = Mapping[Subject, View]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A view for every subject that anything was ever heard about.

    `held`: the facts that they were made of. `changed`: those that are not as they
    were; `lost`: what they were before.
    """

    held: Mapping[FactKey, Held] = field(default_factory=dict)
    views: Views = field(default_factory=dict)
    signs: Signs = field(default_factory=dict)
    changed: tuple[View, ...] = ()
    lost: tuple[View, ...] = ()

    def has_other(self, kind: type) -> bool:
        """Whether the facts of a kind may not be those that were there before."""
        return _facts(self.changed, kind) != _facts(self.lost, kind)


def _facts(views: Sequence[View], kind: type) -> list[Fact]:
    return [seen.fact for view in views for seen in view.seen.get(kind, ())]


def sort(knowledge: Knowledge, now: datetime, before: Sorted | None = None) -> Sorted:
    """Everything that is known, by subject; the views of `before`, an earlier moment,
    where nothing was heard since then and nothing has grown old."""
    before = before or Sorted()
    hearing = Hearing(knowledge, now)
    silent = hearing.signs == before.signs
    if silent and knowledge.held is before.held and _last(before.views, now):
        return replace(before, changed=(), lost=())
    about: dict[Subject, list[Held]] = defaultdict(list)
    for held in knowledge.held.values():
        about[held.subject].append(held)
    views, changed = {}, []
    for subject, helds in about.items():
        view = before.views.get(subject)
        if view is None or not _same(view, helds, hearing, silent=silent):
            view = _view(helds, hearing)
            changed.append(view)
        views[subject] = view
    lost = [v for subject, v in before.views.items() if views.get(subject) is not v]
    return Sorted(knowledge.held, views, hearing.signs, tuple(changed), tuple(lost))


def _last(views: Views, now: datetime) -> bool:
    """Whether none of them has grown old."""
    return all(view.lasts(now) for view in views.values())


def _same(view: View, helds: list[Held], hearing: Hearing, *, silent: bool) -> bool:
    """`silent`: no feed gave a sign since."""
    if view.of != helds or not view.lasts(hearing.now):
        return False
    return silent or all(hearing.signs.get(name) == sign for name, sign in view.signs)


def _view(helds: list[Held], hearing: Hearing) -> View:
    view = View(of=helds)
    names = dict.fromkeys(held.feed for held in helds)
    view.signs = tuple((name, hearing.signs.get(name)) for name in names)
    for held in helds:
        _, shown, until, continuous = hearing.sighting(held)
        fresh = until >= hearing.now
        view.seen[type(held.fact)].append(Seen(held.fact, shown, fresh))
        if fresh:
            view.grows_old(until, by_itself=not continuous)
    return view
