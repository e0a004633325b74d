"""Days that are unlike the others: single ones, and those from which on all is at
another level (a release, a move, a new site). All series at once: rows are days."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from app.domain.capacity_hours import Mask
from app.domain.rollups import Floats, Ints

WINDOW: Final = 15
"""Days in whose middle the usual level is looked for: it and two of each weekday."""
BESIDE: Final = 13
"""Days on one side; an odd number, of which one is the middle."""
FEWEST: Final = 5
FAR: Final = 5.0
"""An outlier is so many standard deviations off what is usual, told robustly,"""
FAR_SHARE: Final = 0.2
"""and so large a share of it."""
ROBUST: Final = 1.4826
"""The standard deviation of a normal spread, in medians of its absolute deviations."""

SHORTEST: Final = 7
"""A level that lasts less than a week is not one."""
STEP_F: Final = 30.0
"""How much better (an F statistic) a step must explain the days than a line alone,"""
STEP_SIGMA: Final = 4.0
"""how many standard deviations of the noise it must be high,"""
STEP_SHARE: Final = 0.1
"""and what share of the mean."""


class Step(NamedTuple):
    """By series: the row of the strongest step, the levels before and after it, and
    whether there is one."""

    row: Ints
    before: Floats
    after: Floats
    there: Mask


def outliers(frame: pd.DataFrame, weekday: Ints) -> Mask:
    """The days that are far off the others of their weekday, both of those before them
    and of those after: the first days of a new level are not. Medians tell what is
    usual, which a few such days can't move."""
    around = frame.rolling(WINDOW, center=True, min_periods=FEWEST).median()
    level = around.where(around > 0)
    season = (frame / level).groupby(weekday).transform("median")
    even = frame / season.where(season > 0)
    before = (even - _usual(even)).abs()
    after = (even - _usual(even[::-1])[::-1]).abs()
    off = before.where(~(after < before), after).fillna(after)
    far = (off > FAR * ROBUST * off.median()) & (off > FAR_SHARE * level)
    return far.to_numpy(bool)


def _usual(even: pd.DataFrame) -> pd.DataFrame:
    """The median of the days before each."""
    return even.shift(1).rolling(BESIDE, min_periods=FEWEST).median()


def strongest_step(values: Floats, season: Floats, day: Ints) -> Step:
    """Of every possible day: how much a step there adds to a line. `season`: of every
    day, as in the fit. Sums over the days from each one on give all of it at once."""
    known = ~np.isnan(values) & (season > 0)
    z = np.where(known, values / np.where(known, season, 1.0), 0.0)
    t = np.where(known, day[:, None], 0).astype(float)
    n = np.maximum(known.sum(axis=0), 1)
    mean = z.sum(axis=0) / n
    centred = np.where(known, t - t.sum(axis=0) / n, 0.0)
    sxx = np.maximum((centred * centred).sum(axis=0), 1e-12)
    slope = (centred * z).sum(axis=0) / sxx
    left = np.where(known, z - mean - slope * centred, 0.0)
    rest = (left * left).sum(axis=0)

    many, side, gain = _from_each(known), _from_each(centred), _from_each(left)
    free = many - many**2 / n - side**2 / sxx
    possible = (many >= SHORTEST) & (n - many >= SHORTEST) & known & (free > 1e-9)
    size = np.where(possible, gain / np.where(possible, free, 1.0), 0.0)
    explained = size * gain
    row = explained.argmax(axis=0)
    at = (row, np.arange(values.shape[1]))
    remains = np.maximum(rest - explained[at], 1e-12 * n * mean**2)
    there = explained[at] > STEP_F * remains / np.maximum(n - 3, 1)
    least = np.fmax(STEP_SIGMA * _noise(z, known), STEP_SHARE * np.abs(mean))
    there &= np.abs(size[at]) > least
    return Step(row, *_levels(z, known, row), there)


def _noise(z: Floats, known: Mask) -> Floats:
    """From one day to the next, told robustly: neither a slope nor a step, be it
    another one, makes it larger."""
    days = pd.DataFrame(np.where(known, z, np.nan))
    return ROBUST / math.sqrt(2) * days.diff().abs().median().to_numpy()


def _from_each(values: Floats | Mask) -> Floats:
    """By row: the sum of it and all that follow."""
    return np.cumsum(values[::-1], axis=0, dtype=float)[::-1]


def _levels(z: Floats, known: Mask, row: Ints) -> tuple[Floats, Floats]:
    """The mean of the two weeks before the row and of the two from it on."""
    place = np.arange(len(z))[:, None]
    before = known & (place < row) & (place >= row - 2 * SHORTEST)
    after = known & (place >= row) & (place < row + 2 * SHORTEST)
    first, second = (
        np.where(part, z, 0.0).sum(axis=0) / np.maximum(part.sum(axis=0), 1)
        for part in (before, after)
    )
    return first, second
