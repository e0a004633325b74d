"""A forecast as it is told: points, growth, days left, and in words how it was made and
what to beware of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from app.domain.capacity_figures import figure
from app.domain.capacity_forecast import Series
from app.domain.capacity_hours import Mask
from app.domain.capacity_terms import (
    ENOUGH_DAYS,
    DaysLeft,
    Left,
    Points,
    Shift,
    Trend,
    Unit,
    Way,
)
from app.domain.rollups import Floats

MONTH: Final = 30
METHOD: Final = (
    "A straight line times a factor for each day of the week, fitted by least squares "
    "to the p95 of every day in business hours. The band is made to hold nine of ten "
    "days if all goes on as before; it is widened where days resemble those before "
    "them (Newey-West, 7 days). Growth is told only where noise alone would look like "
    "it once in a hundred thousand times, and where it foretold the past better than "
    "no growth did."
)


def trend_of(
    series: Series,
    days: Sequence[date],
    open_days: Mask,
    metric: str,
    unit: Unit,
    factor: float = 1.0,
) -> Trend:
    """`factor` turns the values of the series into `unit`. `open_days`: those that have
    business hours."""
    since = series.since if series.since < len(days) else None
    missing = open_days & np.isnan(series.values) & ~series.left_out
    growth = None if series.slope is None else series.slope * MONTH * factor
    half = series.slope_half * MONTH * factor
    return Trend(
        metric=metric,
        unit=unit,
        way=series.way,
        points=_points(series, days[0], factor),
        per_30_days=growth,
        per_30_days_low=None if growth is None else growth - half,
        per_30_days_high=None if growth is None else growth + half,
        level=None if series.level is None else series.level * factor,
        since=None if since is None else days[since],
        used=series.used,
        missing=int(missing.sum()),
        left_out=int((series.left_out & np.isnan(series.values)).sum()),
        horizon_days=series.horizon,
        shifts=tuple(
            Shift(days[row], before * factor, after * factor)
            for row, before, after in series.shifts
        ),
        back_test=series.back_test,
        method=METHOD,
        cautions=tuple(_cautions(series, days, int(missing.sum()), unit, factor)),
    )


def _points(series: Series, begin: date, factor: float) -> Points:
    values = _plain(series.values, factor)
    if series.told is None:
        none = (None,) * len(values)
        return Points(begin, values, none, none, none)
    ends = len(values) - series.since + series.horizon
    before = (None,) * series.since
    told = (before + _plain(part[:ends], factor) for part in series.told)
    return Points(begin, values + (None,) * series.horizon, *told)


def _plain(values: Floats, factor: float) -> tuple[float | None, ...]:
    return tuple(None if one != one else one for one in (values * factor).tolist())


def _cautions(
    series: Series, days: Sequence[date], missing: int, unit: Unit, factor: float
) -> Iterator[str]:
    for row, before, after in series.shifts:
        first, second = figure(before * factor, unit), figure(after * factor, unit)
        yield (
            f"The level stepped from {first.text} to {second.text} on {days[row]}: "
            "only the days since then are used."
        )
    if series.used < ENOUGH_DAYS:
        yield (
            f"Not enough history: {series.used} days, and {ENOUGH_DAYS} are needed to "
            "tell a trend from the days of the week, and to try it."
        )
    if missing:
        yield f"{missing} days have no value: too little of them was measured."
    if series.left_out[-1]:
        yield (
            "The last day is far off the others: if it is the first of a new level, "
            "this is told a week later."
        )
    yield from _of_method(series)


def _of_method(series: Series) -> Iterator[str]:
    if series.way is Way.FLAT:
        yield "No growth stands out from the noise of the days."
    test = series.back_test
    if test is not None and not test.better:
        yield (
            "Here the same weekday of the week before foretold as well as the method: "
            f"off by {figure(test.naive, Unit.SHARE).text} "
            f"and by {figure(test.error, Unit.SHARE).text}."
        )


def days_until(series: Series, mark: float, used: float) -> DaysLeft:
    """`mark`, `used`: in the unit of the series; `used` is the p95 of the review."""
    level = used if series.level is None else series.level
    if series.way is not Way.FALLING:
        level = max(level, used)
    if level >= mark:
        return DaysLeft(Left.REACHED, horizon_days=series.horizon, have=series.used)
    if series.told is None:
        return DaysLeft(Left.NOT_ENOUGH, have=series.used)
    if series.way is not Way.RISING:
        return DaysLeft(Left.NOT_RISING, horizon_days=series.horizon, have=series.used)
    begin = len(series.values) - series.since
    likely, latest, earliest = (
        _first(part[begin : begin + series.horizon], mark) for part in series.told
    )
    left = Left.BEYOND if earliest is None else Left.RANGE
    return DaysLeft(left, earliest, likely, latest, series.horizon, series.used)


def _first(values: Floats, mark: float) -> int | None:
    """The first day on which it is at the mark."""
    found = np.flatnonzero(values >= mark)
    return int(found[0]) + 1 if len(found) else None
