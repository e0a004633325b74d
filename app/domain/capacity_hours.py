"""The steps of a review on the clocks of its zone: which day, which hour of the week,
and whether within business hours. Clocks that go back tell one hour twice, and it
counts twice; the hour that they leave out is never there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.domain.capacity_terms import Choices
from app.domain.expected import Calendar, Span
from app.domain.rollups import HOUR_S, TEN_MINUTES_S, Ints
from app.domain.subject import Subject

Mask = NDArray[np.bool_]
DAY_S: Final = 86_400
WEEK_H: Final = 7 * 24
FINE_DAYS: Final = 62
"""A review of more days is made of hours: nobody sees the difference, and it is a sixth
of the work."""
MONDAY: Final = 3
"""Days from 1 January 1970, a Thursday, back to a Monday."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Every step of a review, in order. `begin`: of the first, in seconds since 1970.
    By step: `day` counts from the first date of the review, `hour` from Monday's
    midnight (0 to 167). `days`: the dates."""

    begin: int
    step_s: int
    day: Ints
    hour: Ints
    days: tuple[date, ...]

    def places(self, at: Ints) -> Ints:
        """Where in the grid steps that begin at `at` stand; some may lie outside."""
        return (at - self.begin) // self.step_s

    def moment(self, place: int) -> datetime:
        """When a step begins."""
        return datetime.fromtimestamp(self.begin + place * self.step_s, UTC)

    @property
    def weekdays(self) -> Ints:
        """Of each date; 0 is Monday."""
        first = self.days[0].weekday()
        return (np.arange(len(self.days)) + first) % 7


def step_of(choices: Choices) -> int:
    """Seconds: the step of history that a review of this length is made of."""
    long = choices.end - choices.begin > timedelta(days=FINE_DAYS)
    return HOUR_S if long else TEN_MINUTES_S


def grid_of(choices: Choices) -> Grid:
    """`choices.end` must lie after the first full step from `choices.begin`."""
    step = step_of(choices)
    begin = -(-int(choices.begin.timestamp()) // step) * step
    at = np.arange(begin, int(choices.end.timestamp()), step)
    local = _local(at, choices.calendar)
    day = local // DAY_S
    hour = (day + MONDAY) % 7 * 24 + local % DAY_S // HOUR_S
    first = date(1970, 1, 1) + timedelta(days=int(day[0]))
    # Clocks that go back at midnight would go back to the day before.
    number = np.maximum.accumulate(day - day[0])
    days = tuple(first + timedelta(days=n) for n in range(int(number[-1]) + 1))
    return Grid(begin, step, number, hour, days)


def _local(at: Ints, calendar: Calendar) -> Ints:
    """What the clocks of the zone show then, as seconds without a zone."""
    moments = pd.to_datetime(at, unit="s", utc=True).tz_convert(calendar.zone)
    return moments.tz_localize(None).to_numpy("datetime64[s]").astype(np.int64)


def spans_about(calendar: Calendar, subject: Subject) -> tuple[Span, ...]:
    """The spans that say when a connection is busy; a box has those of all."""
    if isinstance(subject, int):
        return calendar.about(subject)
    return tuple(span for span in calendar.spans if not span.connections)


def business(grid: Grid, calendar: Calendar, spans: Sequence[Span]) -> Mask:
    """The steps whose middle lies within one of these spans; without any, all do."""
    if not spans:
        return np.ones(len(grid.day), dtype=bool)
    middle = grid.begin + grid.step_s * (np.arange(len(grid.day)) + 0.5)
    start = datetime.fromtimestamp(grid.begin, UTC)
    # A span may begin on the day before, and the days are the zone's own.
    stretches = calendar.stretches(start, -1, len(grid.days))
    own = [one for one in stretches if one.span in spans]
    begins = np.searchsorted(middle, [one.begin.timestamp() for one in own])
    ends = np.searchsorted(middle, [one.end.timestamp() for one in own])
    edges = np.zeros(len(middle) + 1, dtype=np.int64)
    np.add.at(edges, begins, 1)
    np.add.at(edges, ends, -1)
    return np.asarray(np.cumsum(edges)[:-1] > 0)


def told(calendar: Calendar) -> str:
    """`Mon-Fri 08:00-20:00 Europe/Berlin, but 2 holidays`."""
    spans = [span.told() for span in calendar.spans if not span.connections]
    some = [span for span in calendar.spans if span.connections]
    hours = ", ".join(spans) or "all hours of all days"
    many = len(calendar.holidays)
    holidays = f", but {many} holiday{'s' if many > 1 else ''}" if many else ""
    own = ", some connections have hours of their own" if some else ""
    return f"{hours} ({calendar.zone}){holidays}{own}"
