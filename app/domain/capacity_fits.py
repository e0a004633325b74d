"""A trend with a weekly season, fitted to many daily series at once.

A day is `season[weekday] * (level + slope * day)`: a busy Monday grows by as many
percent as a quiet Sunday. It is found by alternating least squares, in which missing
days weigh nothing. The day 0 is the last one, so that days ahead are 1, 2, 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy import stats

from app.domain.rollups import Floats, Ints

ROUNDS: Final = 4
"""Of the alternation; the change after the third is below a thousandth."""
BAND: Final = 0.90
"""The share of days that the band is made to hold."""


class Told(NamedTuple):
    """What a fit gives for some days: rows are days, columns are series. NaN on a
    weekday that a series never had."""

    mid: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """By series: the line, its covariance (`v11` of the level, `v22` of the slope) per
    unit of residual variance, the residuals' standard deviation, and how many degrees
    of freedom are left. `season` has a row a weekday, NaN for one never seen, and its
    mean is one."""

    level: Floats
    slope: Floats
    season: Floats
    v11: Floats
    v12: Floats
    v22: Floats
    sigma: Floats
    freedom: Floats

    def at(self, day: Ints, weekday: Ints, inflated: Floats | float = 1.0) -> Told:
        """`inflated`: by how much the line's variance is larger than if days were
        independent of each other. No value is told below zero."""
        season = self.season[weekday]
        t = day[:, None]
        mid = season * (self.level + self.slope * t)
        line = self.v11 + 2 * t * self.v12 + t * t * self.v22
        variance = self.sigma**2 * (1 + season**2 * line * inflated)
        half = stats.t.ppf((1 + BAND) / 2, self.freedom) * np.sqrt(variance)
        return Told(*(np.maximum(one, 0.0) for one in (mid, mid - half, mid + half)))


def fit(values: Floats, day: Ints, weekday: Ints, *, sloping: bool = True) -> Fits:
    """`values`: rows are days, columns are series, NaN where there is none; every
    series has at least one. `sloping`: whether there is a slope at all."""
    known = ~np.isnan(values)
    y = np.where(known, values, 0.0)
    turns = (weekday[None, :] == np.arange(7)[:, None]).astype(float)
    seen = turns @ known > 0
    season = np.where(seen, 1.0, np.nan)
    t = np.where(known, day[:, None], 0).astype(float)
    for _ in range(ROUNDS):
        s = np.where(known, season[weekday], 0.0)
        line = _line(s, t, y, sloping)
        drawn = np.where(known, line.level + line.slope * t, 0.0)
        season = _season(turns @ (y * drawn), turns @ (drawn * drawn), seen)
    s = np.where(known, season[weekday], 0.0)
    line = _line(s, t, y, sloping)
    residual = y - s * (line.level + line.slope * t)
    spent = seen.sum(axis=0) + int(sloping)
    freedom = np.maximum(known.sum(axis=0) - spent, 1).astype(float)
    sigma = np.sqrt((residual * residual).sum(axis=0) / freedom)
    return Fits(line.level, line.slope, season, *line[2:], sigma, freedom)


class _Line(NamedTuple):
    level: Floats
    slope: Floats
    v11: Floats
    v12: Floats
    v22: Floats


def _line(s: Floats, t: Floats, y: Floats, sloping: bool) -> _Line:
    """Least squares of `y` on `s` and `s * t`, of every column by itself."""
    ss, st, tt = (
        (s * s).sum(axis=0),
        (s * s * t).sum(axis=0),
        (s * s * t * t).sum(axis=0),
    )
    sy, ty = (s * y).sum(axis=0), (s * t * y).sum(axis=0)
    whole = ss * tt - st * st
    bent = sloping & (whole > 1e-9 * ss * tt)
    inverse = np.divide(1.0, whole, out=np.zeros_like(whole), where=bent)
    alone = np.divide(1.0, ss, out=np.zeros_like(ss), where=ss > 0)
    level = np.where(bent, (tt * sy - st * ty) * inverse, sy * alone)
    slope = (ss * ty - st * sy) * inverse
    return _Line(
        level,
        slope,
        np.where(bent, tt * inverse, alone),
        -st * inverse,
        ss * inverse,
    )


def _season(up: Floats, down: Floats, seen: Floats) -> Floats:
    """Weekdays by their share of the line, with a mean of one."""
    raw = np.where(down > 0, up / np.where(down > 0, down, 1.0), 1.0)
    raw = np.where(seen, raw, 0.0)
    mean = raw.sum(axis=0) / seen.sum(axis=0)
    even = np.where(mean > 0, raw / np.where(mean > 0, mean, 1.0), 1.0)
    return np.where(seen, even, np.nan)
