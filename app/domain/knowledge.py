"""What we know: the newest facts of every feed, and how well each feed is heard.

`learn` folds one reading in. Nothing is ever lost to a bad answer: a feed in trouble
keeps the facts it had, and `fresh` says whether they may still be believed. The order
in which readings arrive does not matter: an older one never replaces a newer one.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from app.domain.facts import ConsulClusterFact, Fact, ProbeFact
from app.domain.facts_alerts import AlertFact, SilenceFact
from app.domain.facts_traffic import TrafficFact
from app.domain.reading import Feed, FeedName, Reading, Trouble
from app.domain.subject import FactKey, NodeId, Subject

F = TypeVar("F")
EPOCH: Final = datetime.fromtimestamp(0, UTC)
CLOCK_SET_BACK: Final = timedelta(seconds=60)
"""No reading is on its way for so long."""
CONSUL: Final = NodeId("consul")
SHOWN: Final = timedelta(seconds=10)
"""So often it is told anew when what watches merely confirm was last seen, of all of it
at once: each time all that rests on them is judged and told again."""
PATIENT: Final = frozenset(
    (
        "traffic", "undrawn", "measure", "usage", "event", "revision", "setting",
        "offer", "autoscaler",
    )
)  # fmt: skip
"""Kinds of fact (the first part of their key) that never colour at once."""


@dataclass(frozen=True, slots=True)
class Held:
    """A fact, the feed it came from, and when that was read; of a watch, for the first
    time: what it says again it confirms."""

    fact: Fact
    feed: FeedName
    at: datetime
    subject: Subject


@dataclass(frozen=True)
class FeedState:
    feed: Feed
    last_success: datetime | None = None
    trouble: Trouble | None = None
    trouble_since: datetime | None = None
    settled: datetime | None = None
    """The last success in an earlier step of the grid; `None` where the feed was not
    heard then."""

    def confirmed(self, step: datetime) -> datetime | None:
        """The success as of which a watch's older facts are shown: the last before
        `step`, which runs. So news of a step brings no forty ages along."""
        last = self.last_success
        if last is None or last < step:
            return last
        return self.settled or step

    @functools.cached_property
    def good_until(self) -> datetime | None:
        """The last moment at which its last word may be believed. Kept, since every
        judgement asks for that of each feed."""
        if self.last_success is None:
            return None
        return self.last_success + lasting(self.feed.max_age_s)


@dataclass(frozen=True, slots=True)
class Knowledge:
    held: Mapping[FactKey, Held] = field(default_factory=dict)
    feeds: Mapping[FeedName, FeedState] = field(default_factory=dict)
    shown: timedelta = SHOWN
    grid: datetime = EPOCH
    """The steps of the grid are so long, and one of them begins at this moment."""

    def of(self, kind: type[F]) -> list[tuple[F, Held]]:
        """Every fact of one kind, fresh or old, with its place in the knowledge."""
        return [
            (held.fact, held)
            for held in self.held.values()
            if isinstance(held.fact, kind)
        ]

    def step(self, at: datetime) -> datetime:
        """The beginning of the step of the grid that runs at a moment."""
        return at - (at - self.grid) % self.shown

    def complete_at(self, feed: FeedName, now: datetime) -> datetime | None:
        """When a feed last told all it knows, if that may still be believed now."""
        state = self.feeds.get(feed)
        if state is None or state.good_until is None or state.trouble is not None:
            return None
        return state.last_success if now <= state.good_until else None


@functools.cache
def lasting(seconds: float) -> timedelta:
    """A stretch of time. Feeds have few different ones, and each is asked for often."""
    return timedelta(seconds=seconds)


def subject_of(fact: Fact) -> Subject:
    """The box or connection that a fact is about."""
    if isinstance(fact, TrafficFact | AlertFact | SilenceFact):
        return fact.subject
    return CONSUL if isinstance(fact, ConsulClusterFact) else fact.node


def urgent(knowledge: Knowledge, reading: Reading) -> bool:
    """Whether a verdict may change at once, or the next regular look is soon enough.

    Measurements and events only ever colour after a hold, so they can wait a second;
    what is news about a pod, a check, a probe or a feed itself can not.
    """
    state = knowledge.feeds.get(reading.feed.key)
    if state is None or (reading.trouble is None) != (state.trouble is None):
        return True
    if any(key in knowledge.held and key[0] not in PATIENT for key in reading.gone):
        return True
    told = {fact.key: fact for fact in reading.facts}
    hasty = [(key, fact) for key, fact in told.items() if key[0] not in PATIENT]
    known = knowledge.held
    return any(
        key not in known or _news(known[key].fact, fact) for key, fact in hasty
    ) or (reading.complete and _drops(knowledge, reading.feed.key, told))


def confirms(knowledge: Knowledge, reading: Reading) -> bool:
    """Whether a reading that is not `urgent` tells nothing but that its feed still says
    what is known: then no verdict and no number can be another by it."""
    known = knowledge.held
    if reading.trouble is not None or reading.retired or reading.gone:
        return False
    for fact in reading.facts:
        held = known.get(fact.key)
        if held is None or held.fact != fact:
            return False
    if not reading.complete:
        return True
    name = reading.feed.key
    told = {fact.key for fact in reading.facts}
    return all(key in told for key, held in known.items() if held.feed == name)


def _drops(knowledge: Knowledge, name: FeedName, told: Collection[FactKey]) -> bool:
    """A complete answer that no longer holds something urgent."""
    return any(
        held.feed == name and key not in told and key[0] not in PATIENT
        for key, held in knowledge.held.items()
    )


def _news(old: Fact, new: Fact) -> bool:
    if isinstance(old, ProbeFact) and isinstance(new, ProbeFact):
        return [o.ok for o in old.outcomes] != [o.ok for o in new.outcomes]
    return old != new


def learn(knowledge: Knowledge, reading: Reading) -> Knowledge:
    """The knowledge after hearing `reading`."""
    name = reading.feed.key
    before = knowledge.feeds.get(name, FeedState(reading.feed))
    if reading.retired:
        return _without_feed(knowledge, name)
    if before.last_success is not None and overtaken(reading.at, before.last_success):
        return knowledge
    trouble = reading.trouble or _unbelievable(knowledge, name, reading)
    if trouble is not None:
        return _with_feed(knowledge, name, _troubled(before, reading, trouble))
    settled = _settled(before, reading.at, knowledge.step(reading.at))
    state = FeedState(reading.feed, last_success=reading.at, settled=settled)
    held = _held_after(knowledge, name, reading)
    return replace(knowledge, held=held, feeds={**knowledge.feeds, name: state})


def _settled(before: FeedState, at: datetime, step: datetime) -> datetime | None:
    """What a feed that was well all the time had confirmed before the step of `at`."""
    last, good_until = before.last_success, before.good_until
    if last is None or good_until is None or before.trouble is not None:
        return None
    if not last <= at <= good_until:
        return None
    return last if last < step else before.settled


def overtaken(at: datetime, last: datetime) -> bool:
    """Whether a reading was overtaken by a newer one on its way. Much older than that,
    and it is the clock that was set back: then the later word is the newer one."""
    return last - CLOCK_SET_BACK < at < last


def _unbelievable(
    knowledge: Knowledge, name: FeedName, reading: Reading
) -> Trouble | None:
    if not (reading.complete and reading.feed.expects_some) or reading.facts:
        return None
    had = sum(held.feed == name for held in knowledge.held.values())
    if not had:
        return None
    return Trouble("empty", f"{name[1]}: an empty answer where there were {had} things")


def _troubled(before: FeedState, reading: Reading, trouble: Trouble) -> FeedState:
    since = before.trouble_since or reading.at
    return replace(before, feed=reading.feed, trouble=trouble, trouble_since=since)


def _with_feed(knowledge: Knowledge, name: FeedName, state: FeedState) -> Knowledge:
    return replace(knowledge, feeds={**knowledge.feeds, name: state})


def _without_feed(knowledge: Knowledge, name: FeedName) -> Knowledge:
    return replace(
        knowledge,
        held={key: held for key, held in knowledge.held.items() if held.feed != name},
        feeds={key: state for key, state in knowledge.feeds.items() if key != name},
    )


def _held_after(
    knowledge: Knowledge, name: FeedName, reading: Reading
) -> Mapping[FactKey, Held]:
    if not (reading.complete or reading.facts or reading.gone):
        return knowledge.held  # A sign of life: all stands as it was.
    told = {fact.key: fact for fact in reading.facts}
    before = knowledge.held
    news = {
        key: _hold(before.get(key), fact, name, reading) for key, fact in told.items()
    }
    gone = [key for key in reading.gone if key in before]
    if reading.complete:
        # What is told again keeps its place: a view is known by its facts, in order.
        had = [key for key, one in before.items() if one.feed == name]
        gone += [key for key in had if key not in news]
    if not gone and all(before.get(key) is one for key, one in news.items()):
        return before
    held = {**before}
    for key in gone:
        held.pop(key, None)
    held.update(news)
    return held


def _hold(known: Held | None, fact: Fact, name: FeedName, reading: Reading) -> Held:
    """A watch that repeats itself confirms what it said; it makes no news of it."""
    if known is not None and known.feed == name and known.fact == fact:
        if reading.feed.continuous and known.at <= reading.at:
            return known
    return Held(fact, name, reading.at, subject_of(fact))
