"""When calls must be seen: as a site's calendar says, else as is usual at this hour.

In doubt nothing is expected: a colour that is false is worse than one that is missing.
The zone is handed in, so that all of this is a function of its arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from app.domain.habits import HOUR, WEEK, Habits, Hour, hour_of
from app.domain.limits import Limits

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY: Final = timedelta(days=1)
DAY_MIN: Final = 24 * 60
BACK: Final = -2
"""Days back within which what lasts now has begun; without a break, it lasts longer."""
AHEAD: Final = 8
"""Days within which every span of a week begins once more."""
QUARTER: Final = 15
"""Minutes. Hours end, and days end in every zone, at one of these."""


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of some days of the week (0 is Monday), in minutes since midnight.

    One that ends no later than it begins ends on the next day. `connections`: those
    that it is about; none named: all.
    """

    days: frozenset[int]
    begin: int
    end: int
    connections: frozenset[int] = frozenset()

    def about(self, number: int) -> bool:
        return not self.connections or number in self.connections

    def told(self) -> str:
        """`Mon-Fri 08:00-20:00`."""
        return f"{_days(self.days)} {_clock(self.begin)}-{_clock(self.end)}"


class Stretch(NamedTuple):
    """A span on one day: from `begin` on, and no longer at `end`."""

    span: Span
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """`spans`: when calls must be seen, on the clocks of `zone`. `learn`: where no span
    is about a connection, what is usual says."""

    zone: tzinfo = UTC
    spans: tuple[Span, ...] = ()
    holidays: frozenset[date] = frozenset()
    learn: bool = True

    def about(self, number: int) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.about(number))

    def learns(self, now: datetime) -> bool:
        """Whether this is a moment like others, that may be learnt from."""
        return self.learn and self._today(now) not in self.holidays

    def stretches(self, now: datetime, first: int, last: int) -> list[Stretch]:
        """Of the days from `first` to `last`; 0 is today."""
        days = [self._today(now) + number * DAY for number in range(first, last + 1)]
        every = (self._stretch(span, day) for day in days for span in self.spans)
        return [stretch for stretch in every if stretch is not None]

    def turns_at(self, now: datetime) -> datetime | None:
        """When it is to be looked at again; `None`: never."""
        if not self.spans:
            return None
        every = self.stretches(now, BACK, AHEAD)
        ends = [at for _, begin, end in every for at in (begin, end) if at > now]
        return min(ends, default=now + WEEK)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def _stretch(self, span: Span, day: date) -> Stretch | None:
        """The span that begins on this day; a holiday has none, and cuts it off."""
        if day.weekday() not in span.days or day in self.holidays:
            return None
        end = span.end
        if end <= span.begin:
            end = DAY_MIN + (0 if day + DAY in self.holidays else end)
        # What the clocks leave out or tell twice is in doubt, and left out here.
        begins, ends = max(self._at(day, span.begin)), min(self._at(day, end))
        return Stretch(span, begins, ends) if begins < ends else None

    def _at(self, day: date, minutes: int) -> tuple[datetime, datetime]:
        """What the clocks of the zone show, as the two moments that it may be."""
        wall = datetime.combine(day, time(), self.zone) + timedelta(minutes=minutes)
        first, second = wall.replace(fold=0), wall.replace(fold=1)
        return first.astimezone(UTC), second.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is said of calls on one connection, and `why`.

    `since`: from then on, without a break, they must be seen; `None`: not now.
    `learned`: by what is usual, not by the calendar.
    """

    why: str
    since: datetime | None
    zone: tzinfo = UTC
    learned: bool = False

    def told(self) -> str:
        """`no traffic is expected now; traffic is expected Mon-Fri 08:00-20:00 UTC`."""
        return (
            f"no traffic is expected now; {self.why}"
            if self.since is None
            else self.why
        )

    def silent(self, since: datetime, now: datetime) -> str:
        """What is told of a connection that had no request since then."""
        own, today = since.astimezone(self.zone), now.astimezone(self.zone).date()
        day = "" if own.date() == today else f"{own:%Y-%m-%d} "
        end = " UTC;" if self.learned else ","
        return f"silent since {day}{own:%H:%M}{end} {self.why}"


@dataclass(frozen=True, slots=True)
class Expectations:
    """By connection; of one that is not here nobody says anything. `until`: when it may
    change by time alone."""

    of: Mapping[int, Expected] = field(default_factory=dict)
    until: datetime | None = None


def expectations(
    calendar: Calendar,
    habits: Habits,
    limits: Limits,
    numbers: Iterable[int],
    minute: datetime,
) -> Expectations:
    """What is expected throughout this minute."""
    near = calendar.stretches(minute, BACK, 0)
    found: dict[int, Expected] = {}
    for number in numbers:
        if spans := calendar.about(number):
            found[number] = _by_calendar(calendar.zone, spans, near, minute)
        elif usual := _by_habit(calendar, habits, limits, number, hour_of(minute)):
            found[number] = usual
    return Expectations(found, _until(calendar, habits, minute))


def _by_calendar(
    zone: tzinfo, spans: Sequence[Span], near: Iterable[Stretch], now: datetime
) -> Expected:
    own = [stretch for stretch in near if stretch.span in spans]
    on = [stretch.span for stretch in own if stretch.begin <= now < stretch.end]
    told = ", ".join(span.told() for span in on[:1] or spans)
    since = _unbroken(own, now) if on else None
    return Expected(f"traffic is expected {told} {zone}", since, zone)


def _unbroken(stretches: Sequence[Stretch], now: datetime) -> datetime:
    """Since when one of them lasts, each going on where another ends."""
    since = now
    while earlier := [s.begin for s in stretches if s.begin < since <= s.end]:
        since = min(earlier)
    return since


def _by_habit(
    calendar: Calendar, habits: Habits, limits: Limits, number: int, hour: datetime
) -> Expected | None:
    idle_after = limits.of(number).idle_after

    def usual(at: datetime) -> tuple[Hour, ...]:
        return habits.usual(number, at, idle_after) if calendar.learns(at) else ()

    hours = usual(hour)
    if not hours:
        return None
    mean = sum(one.mean for one in hours) / len(hours)
    rate = f"{mean:.0f}" if mean >= 10 else f"{mean:.2g}"
    why = f"in this hour of the past {len(hours)} weeks it had {rate} requests/s"
    since, enough = hour, timedelta(seconds=idle_after)
    while hour - since < enough and usual(since - HOUR):
        since -= HOUR
    return Expected(why, since, learned=True)


def _until(calendar: Calendar, habits: Habits, minute: datetime) -> datetime | None:
    turns = calendar.turns_at(minute)
    if not (calendar.learn and habits.hours):
        return turns
    quarter = minute + timedelta(minutes=QUARTER - minute.minute % QUARTER)
    return quarter if turns is None else min(quarter, turns)


def _days(days: Iterable[int]) -> str:
    """`Mon-Wed, Sat`."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    ends = [(run[0], run[-1]) if run[1:] else run for run in runs]
    return ", ".join("-".join(WEEKDAYS[day] for day in both) for both in ends)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
