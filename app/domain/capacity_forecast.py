"""Where many daily series go: which days count, since when they are at one level,
whether they grow, how sure that is, and how well the same method did on their own past.

A series is told to rise or fall only where its slope stands out from its noise (by one
chance in a hundred thousand, and the noise of a day may resemble that of the day
before), is worth speaking of, and foretold the past better than no slope did. In doubt
it is flat: a day that never comes is worse than one that is told a week later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.stattools import durbin_watson

from app.domain.capacity_backtest import Tried, TriedWay, tried
from app.domain.capacity_fits import BAND, Fits, Told, fit
from app.domain.capacity_hours import Mask
from app.domain.capacity_shifts import SHORTEST, outliers, strongest_step
from app.domain.capacity_terms import ENOUGH_DAYS, HORIZON_DAYS, BackTest, Way
from app.domain.rollups import Floats, Ints

CHANCE: Final = 0.00001
"""How seldom noise alone may look like a slope."""
WORTH: Final = 0.02
"""A slope that moves the level by a smaller share of it over all days used is none."""
BETTER: Final = 0.9
"""With its slope the method must have been off by so much less than without."""
LAGS: Final = 7
"""Days over which the noise may resemble itself (Newey and West)."""
AHEAD_OF_PAST: Final = 3
"""A forecast goes so many times as far ahead as its days go back."""


@dataclass(slots=True, eq=False)
class Series:
    """One series. `values`: by day, NaN where there is none or it is left out. `told`:
    from row `since` on, and `horizon` days beyond the last."""

    values: Floats
    since: int
    left_out: Mask
    shifts: list[tuple[int, float, float]] = field(default_factory=list)
    way: Way = Way.UNKNOWN
    slope: float | None = None
    slope_half: float = 0.0
    level: float | None = None
    told: Told | None = None
    horizon: int = 0
    back_test: BackTest | None = None

    @property
    def used(self) -> int:
        return int((~np.isnan(self.values[self.since :])).sum())


def forecasts(table: pd.DataFrame, weekday: Ints, *, drop: bool) -> list[Series]:
    """`table`: a row a day without a gap, a column a series. `drop`: outliers."""
    found = outliers(table, weekday)
    plain = table.to_numpy(float)
    values = np.where(found, np.nan, plain) if drop else plain
    every = [_series(values[:, n], found[:, n]) for n in range(plain.shape[1])]
    for several in _alike([one for one in every if one.used >= ENOUGH_DAYS]):
        _at_one_level(several, weekday)
    for several in _alike([one for one in every if one.used >= ENOUGH_DAYS]):
        _told(several, weekday)
    return every


def _series(values: Floats, left_out: Mask) -> Series:
    known = np.flatnonzero(~np.isnan(values))
    first = int(known[0]) if len(known) else len(values)
    return Series(values.copy(), first, left_out)


def _alike(every: list[Series]) -> Iterator[list[Series]]:
    """Those that begin in one week can be worked on at once."""
    weeks: dict[int, list[Series]] = {}
    for one in every:
        weeks.setdefault(one.since // SHORTEST, []).append(one)
    yield from weeks.values()


def _at_one_level(several: list[Series], weekday: Ints) -> None:
    """Forget what was before the last step of the level that stands out."""
    while several:
        values, day, weekdays = _stacked(several, weekday)
        season = fit(values, day, weekdays).season[weekdays]
        step = strongest_step(values, season, day)
        begin = len(weekday) - len(values)
        for n in np.flatnonzero(step.there):
            one, row = several[n], begin + int(step.row[n])
            one.shifts.append((row, float(step.before[n]), float(step.after[n])))
            one.since = row
        several = [several[n] for n in np.flatnonzero(step.there)]
        several = [one for one in several if one.used >= ENOUGH_DAYS]


def _stacked(several: list[Series], weekday: Ints) -> tuple[Floats, Ints, Ints]:
    """Their values from the first day that any uses, its days (0 is the last), and its
    weekdays. What is not used is NaN."""
    rows = np.arange(len(weekday))
    columns = [np.where(rows >= one.since, one.values, np.nan) for one in several]
    first = min(one.since for one in several)
    return np.column_stack(columns)[first:], rows[first:] - rows[-1], weekday[first:]


def _told(several: list[Series], weekday: Ints) -> None:
    values, day, weekdays = _stacked(several, weekday)
    sloped = fit(values, day, weekdays)
    each = range(len(several))
    inflated = np.array([_inflation(values, day, weekdays, sloped, n) for n in each])
    past = tried(values, day, weekdays, inflated)
    clear = _stands_out(sloped, inflated, len(values), past)
    half = _half(sloped, inflated, BAND)
    horizon = min(HORIZON_DAYS, AHEAD_OF_PAST * len(values))
    days = np.arange(day[0], horizon + 1)
    weekly = (weekdays[0] + np.arange(len(days))) % 7
    flat = fit(values, day, weekdays, sloping=False)
    lines = {True: sloped.at(days, weekly, inflated), False: flat.at(days, weekly)}
    for n, one in enumerate(several):
        stands_out = bool(clear[n])
        fits = sloped if stands_out else flat
        one.level = float(fits.level[n] * np.nanmax(fits.season[:, n]))
        one.way = _way(float(fits.slope[n]))
        first = one.since - len(weekday) + len(values)
        one.told = Told(*(part[first:, n] for part in lines[stands_out]))
        one.horizon = min(horizon, AHEAD_OF_PAST * (len(weekday) - one.since))
        one.slope, one.slope_half = float(sloped.slope[n]), float(half[n])
        one.back_test = _scored(past, past.sloped if stands_out else past.flat, n)


def _stands_out(fits: Fits, inflated: Floats, days: int, past: Tried) -> Mask:
    clear = np.abs(fits.slope) > _half(fits, inflated, 1 - CHANCE)
    worth = np.abs(fits.slope) * days > WORTH * np.abs(fits.level)
    better = past.sloped.off < BETTER * past.flat.off
    return np.asarray(clear & worth & better)


def _way(slope: float) -> Way:
    if not slope:
        return Way.FLAT
    return Way.RISING if slope > 0 else Way.FALLING


def _half(fits: Fits, inflated: Floats, share: float) -> Floats:
    """Half of the slope's confidence interval."""
    error = fits.sigma * np.sqrt(fits.v22 * inflated)
    return np.asarray(stats.t.ppf((1 + share) / 2, fits.freedom) * error)


def _inflation(table: Floats, day: Ints, weekday: Ints, fits: Fits, n: int) -> float:
    """By how much the slope's variance is larger than if days were independent: by
    their own resemblance over a week, or by that of neighbours, whichever is worse."""
    values = table[:, n]
    known = ~np.isnan(values)
    season, many = fits.season[weekday[known], n], int(known.sum())
    design = np.column_stack([season, season * day[known]])
    plain = OLS(values[known], design).fit()
    if plain.ssr <= 1e-12 * plain.uncentered_tss:
        return 1.0
    lags = min(LAGS, many // 4)
    alike = plain.get_robustcov_results("HAC", maxlags=lags, use_correction=True)
    by_week = (alike.bse[1] / plain.bse[1]) ** 2
    near = 1 - durbin_watson(plain.resid) / 2
    near = min(0.95, max(0.0, near + (2 + 4 * near) / many))
    return float(max(1.0, by_week, (1 + near) / (1 - near)))


def _scored(past: Tried, way: TriedWay, n: int) -> BackTest | None:
    """How the way that is told did; `None`: nothing but zeros came."""
    if not past.came[n]:
        return None
    return BackTest(
        error=float(way.off[n] / past.came[n]),
        naive=float(past.naive[n] / past.came[n]),
        origins=int(past.origins[n]),
        ahead_days=past.ahead,
        covered=float(way.covered[n] / past.days[n]),
    )
