"""Where readings wait for the pipeline: bounded by what there is to know.

A reporter never waits, and nothing that it says is lost, however fast it speaks: what a
feed says while the pipeline is busy is folded together, the newest word on each fact
winning. So the inbox holds at most each feed's facts once and its two troubles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.facts import Fact
from app.domain.knowledge import overtaken
from app.domain.reading import Feed, FeedName, Reading
from app.domain.subject import FactKey


@dataclass(slots=True)
class _News:
    """Readings of one feed that were understood, folded into one."""

    feed: Feed
    at: datetime
    complete: bool
    facts: dict[FactKey, Fact] = field(default_factory=dict)
    gone: set[FactKey] = field(default_factory=set)

    def add(self, reading: Reading) -> None:
        if overtaken(reading.at, self.at):
            return
        self.feed, self.at = reading.feed, reading.at
        if reading.complete:
            self.complete = True
            self.facts.clear()
            self.gone.clear()
        for key in reading.gone:
            self.facts.pop(key, None)
            self.gone.add(key)
        for fact in reading.facts:
            self.facts[fact.key] = fact
            self.gone.discard(fact.key)

    def reading(self) -> Reading:
        facts, gone = tuple(self.facts.values()), tuple(self.gone)
        return Reading(self.feed, self.at, facts, self.complete, gone)


@dataclass(slots=True)
class _Waiting:
    """What one feed has said and nobody has heard yet, in this order."""

    retired: Reading | None = None
    news: _News | None = None
    doubts: tuple[Reading, ...] = ()
    """The first and the last answer since `news` from which nothing can be learnt, or
    nothing may: the first tells since when, the last tells why."""

    def add(self, reading: Reading) -> None:
        if reading.retired:
            self.retired, self.news, self.doubts = reading, None, ()
        elif reading.trouble is not None or _doubtful(reading):
            self.doubts = (*self.doubts[:1], reading)
        else:
            self.doubts = ()
            self._learn(reading)

    def _learn(self, reading: Reading) -> None:
        if self.news is None:
            self.news = _News(reading.feed, reading.at, reading.complete)
        self.news.add(reading)

    def readings(self) -> Iterator[Reading]:
        if self.retired is not None:
            yield self.retired
        if self.news is not None:
            yield self.news.reading()
        yield from self.doubts


def _doubtful(reading: Reading) -> bool:
    """An empty answer that may have to be disbelieved: it must not replace, here,
    facts that the knowledge has not yet seen."""
    return reading.complete and reading.feed.expects_some and not reading.facts


class Inbox:
    """Not thread-safe by itself: the pipeline guards it."""

    def __init__(self) -> None:
        self._feeds: dict[FeedName, _Waiting] = {}

    def __len__(self) -> int:
        """How many feeds have said something that nobody has heard yet."""
        return len(self._feeds)

    def add(self, reading: Reading) -> None:
        self._feeds.setdefault(reading.feed.key, _Waiting()).add(reading)

    def drain(self, feeds: Collection[FeedName] | None = None) -> tuple[Reading, ...]:
        """What waits from `feeds`, or from all of them, in the order in which they
        began to speak."""
        readings = self.waiting(feeds)
        for name in [*self._feeds] if feeds is None else feeds:
            self._feeds.pop(name, None)
        return readings

    def waiting(self, feeds: Collection[FeedName] | None = None) -> tuple[Reading, ...]:
        """The same, left where it is."""
        asked = self._feeds.items()
        wanted = [one for name, one in asked if feeds is None or name in feeds]
        return tuple(reading for one in wanted for reading in one.readings())
