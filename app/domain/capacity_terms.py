"""The parts of which a capacity review is made: units, choices, measures, trends and
days left. `app.domain.capacity` puts them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, overload

from app.domain.expected import Calendar

NEAR: Final = 0.8
"""The share of a limit from which people have to act."""
FULL: Final = 1.0
HORIZON_DAYS: Final = 365
"""No day is told beyond it, nor beyond three times as far ahead as there is history
behind (`Trend.horizon_days`)."""
ENOUGH_DAYS: Final = 21
"""Three weeks: two to learn weekdays and a trend from, one to try the method on."""

Told = tuple[float | None, ...]


class Unit(StrEnum):
    """What a number counts. A `SHARE` is 0 to 1 here and shown in percent; `BYTES` are
    shown in MiB."""

    PER_SECOND = "requests/s"
    MILLISECONDS = "ms"
    SHARE = "%"
    CONNECTIONS = "connections"
    CLIENTS = "clients"
    USERS = "users"
    CORES = "cores"
    BYTES = "MiB"
    PODS = "pods"
    SECONDS = "s"
    DAYS = "days"


class Role(StrEnum):
    """What a metric tells of a subject."""

    LOAD = "load"
    LATENCY = "latency"
    ERRORS = "errors"
    SATURATION = "saturation"


class Shown(StrEnum):
    """Whether something counts: `in` or `out`, as it stands in an address."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Choices:
    """What is reviewed, and how. `begin` is within, `end` is not.

    `calendar`: its zone gives days and hours, its spans and holidays business hours;
    without a span all hours of all days count. `outages`: the steps in which a subject
    was failing. `outliers`: days far off the others of their weekday. `growth`: the
    what-if, 0.2 for a fifth more agents.
    """

    begin: datetime
    end: datetime
    calendar: Calendar = field(default_factory=Calendar)
    outages: Shown = Shown.OUT
    outliers: Shown = Shown.OUT
    growth: float = 0.2


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric over business hours. `within`: how far the quantiles may be off, as a
    share of each: they are read from buckets; `None`: quantiles of means, of which no
    error is known. `peak` is exact."""

    metric: str
    role: Role
    unit: Unit
    p50: float
    p95: float
    p99: float
    peak: float
    peak_at: datetime
    within: float | None


@dataclass(frozen=True, slots=True)
class Heat:
    """The mean load of each hour of the week, on the clocks of the zone, all hours
    (not only business hours): `cells[weekday][hour]`, 0 is Monday. `None`: never
    measured at that hour.

    `hour`: the busiest (weekday, hour); `weekday`: whose business hours are busiest on
    average; `day`: the date with the highest p95 in business hours.
    """

    unit: Unit
    cells: tuple[tuple[float | None, ...], ...]
    hour: tuple[int, int] | None
    weekday: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a trend. `value`: the day's p95 in business hours, `None`: none, or
    left out. `mid`, `low`, `high`: what the method gives for it; `None`: it was not
    used (before a step in the level)."""

    day: date
    value: float | None
    mid: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Points(Sequence[Point]):
    """Days in order, from `begin` on, a column of each number: a review of a year has a
    hundred thousand of them, and comes from another process."""

    begin: date
    values: Told
    mids: Told
    lows: Told
    highs: Told

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Point]:
        days = (self.begin + timedelta(days=at) for at in range(len(self)))
        return map(Point, days, self.values, self.mids, self.lows, self.highs)

    @overload
    def __getitem__(self, place: int) -> Point: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Point, ...]: ...

    def __getitem__(self, place: int | slice) -> Point | tuple[Point, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        at = range(len(self))[place]
        day = self.begin + timedelta(days=at)
        return Point(day, self.values[at], self.mids[at], self.lows[at], self.highs[at])


@dataclass(frozen=True, slots=True)
class Shift:
    """A step in the level: from `day` on it was `after`, it had been `before`."""

    day: date
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """The method, tried on the data that is shown: at each of `origins` days it knew
    only what was before, and told the following `ahead_days`.

    `error`: the mean of how far it was off, as a share of the mean value; `naive`: the
    same for "as on this weekday a week ago". `covered`: the share of days that came to
    lie within the band.
    """

    error: float
    naive: float
    origins: int
    ahead_days: int
    covered: float

    @property
    def better(self) -> bool:
        """Whether the method beats the naive one."""
        return self.error < self.naive


class Way(StrEnum):
    """Where a trend goes. `unknown`: not enough history."""

    RISING = "rising"
    FALLING = "falling"
    FLAT = "flat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trend:
    """How the daily p95 of one metric in business hours develops.

    `points`: the days of the review in order, then `horizon_days` ahead. `per_30_days`:
    the growth in the unit, with its band; `None`: not enough history. `way` is flat
    where it does not stand out from the noise, even if the band leaves zero out.
    `since`: the first day used. `used`: days used, `missing`: days of business without
    a value, `left_out`: days left out as outliers. `method` and `cautions` are
    sentences, to be printed with the figures.
    """

    metric: str
    unit: Unit
    way: Way
    points: Sequence[Point]
    per_30_days: float | None
    per_30_days_low: float | None
    per_30_days_high: float | None
    level: float | None
    """The method's value for the last day."""
    since: date | None
    used: int
    missing: int
    left_out: int
    horizon_days: int
    shifts: tuple[Shift, ...]
    back_test: BackTest | None
    method: str
    cautions: tuple[str, ...]


class Left(StrEnum):
    """What can be said of the days until a mark is reached."""

    REACHED = "reached"
    """The p95 of the last days is at the mark or beyond."""
    RANGE = "range"
    """Between `earliest` and `latest`, most likely `likely`."""
    BEYOND = "beyond"
    """Rising, but not reached within `horizon_days`, even by the band's upper edge."""
    NOT_RISING = "not_rising"
    """Flat or falling: there is no such day."""
    NOT_ENOUGH = "not_enough"
    """Not enough history: `have` days of `ENOUGH_DAYS`."""
    NO_LIMIT = "no_limit"
    """Nobody tells a limit."""


@dataclass(frozen=True, slots=True)
class DaysLeft:
    """Days from the end of the review. `latest` and `likely` are `None` where the lower
    edge of the band or its middle does not reach the mark within `horizon_days`."""

    left: Left
    earliest: int | None = None
    likely: int | None = None
    latest: int | None = None
    horizon_days: int = 0
    have: int = 0
