"""What is usual: how much each connection was asked at each hour of the past weeks.

`counted` folds one look after another into the hour that goes on. An hour that was seen
for most of its time is remembered for four weeks (`Habits`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(weeks=1)
MOST_WEEKS: Final = 4
"""What is older says little of today, and 31 connections stay within 20,832 hours."""
FEWEST_WEEKS: Final = 2
"""Once may have been chance."""
SEEN_S: Final = 3000.0
"""An hour seen for less than fifty minutes may have been silent in the rest."""
PACE_S: Final = 15.0
"""Rates are counted over a minute: to look more often would tell nothing more."""
GAP_S: Final = 300.0
"""What was counted before a longer pause says nothing of the pause."""
USUAL: Final = 20.0
"""So many requests must usually come within `idle_after`. Were each sent by itself, all
twenty would stay away once in half a billion times; since they come in bursts, there
must have been no silent minute in the hour besides."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One connection in the hour from `at` on: requests per second, in the mean and at
    the least."""

    number: int
    at: datetime
    mean: float
    least: float

    def busy(self, idle_after: float) -> bool:
        """Whether a silence of so many seconds would have been out of the ordinary."""
        return self.least > 0 and self.mean * idle_after >= USUAL


@dataclass(frozen=True, slots=True)
class Habits:
    """The hours that are remembered, by connection and beginning."""

    hours: Mapping[tuple[int, datetime], Hour] = field(default_factory=dict)

    def learnt(self, hours: Iterable[Hour], now: datetime) -> Habits:
        """With these too, and without what is too old; what a wrong clock has made the
        future is not believed."""
        known = {**self.hours, **{(one.number, one.at): one for one in hours}}
        oldest = hour_of(now) - MOST_WEEKS * WEEK
        return Habits(
            {key: one for key, one in known.items() if oldest <= key[1] < now}
        )

    def usual(self, number: int, at: datetime, idle_after: float) -> tuple[Hour, ...]:
        """The same hour of past weeks, where calls were usual in it; else none.

        Each that is remembered must have been busy, and so must the hours beside it:
        mornings begin earlier or later, and clocks are changed.
        """
        for beside in (at - HOUR, at, at + HOUR):
            hours = self._same(number, beside)
            busy = all(hour.busy(idle_after) for hour in hours)
            if len(hours) < FEWEST_WEEKS or not busy:
                return ()
        return self._same(number, at)

    def _same(self, number: int, at: datetime) -> tuple[Hour, ...]:
        keys = [(number, at - weeks * WEEK) for weeks in range(1, MOST_WEEKS + 1)]
        return tuple(self.hours[key] for key in keys if key in self.hours)


class Tally(NamedTuple):
    """What was seen of one connection in the hour that goes on."""

    seconds: float
    requests: float
    least: float


@dataclass(frozen=True, slots=True)
class Count:
    """The hour that goes on. `rates`: what was counted when it was `looked` at last."""

    at: datetime
    looked: datetime
    rates: Mapping[int, float]
    seen: Mapping[int, Tally] = field(default_factory=dict)


def hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def counted(
    before: Count | None, rates: Mapping[int, float], now: datetime
) -> tuple[Count, tuple[Hour, ...]]:
    """The count after a look at `now`, and the hours that have ended since the last.

    `rates`: requests per second of each connection of which they are known.
    """
    at = hour_of(now)
    if before is None or before.at != at:
        ended = _ended(before) if before is not None and before.at < at else ()
        return Count(at, now, rates), ended
    passed_s = (now - before.looked).total_seconds()
    if 0 <= passed_s < PACE_S:
        return before, ()
    after = replace(before, looked=now, rates=rates)
    if not 0 <= passed_s <= GAP_S:
        return after, ()
    more = {
        number: _more(before.seen.get(number), rate, passed_s)
        for number, rate in before.rates.items()
        if number in rates
    }
    return replace(after, seen={**before.seen, **more}), ()


def _more(tally: Tally | None, rate: float, passed_s: float) -> Tally:
    if tally is None:
        return Tally(passed_s, rate * passed_s, rate)
    seconds, requests = tally.seconds + passed_s, tally.requests + rate * passed_s
    return Tally(seconds, requests, min(tally.least, rate))


def _ended(count: Count) -> tuple[Hour, ...]:
    return tuple(
        Hour(number, count.at, tally.requests / tally.seconds, tally.least)
        for number, tally in sorted(count.seen.items())
        if tally.seconds >= SEEN_S
    )
