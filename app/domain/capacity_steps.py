"""From the steps of history to days: how the values of one metric were spread on each
day and in all, and in which hour of the week there was how much.

Quantiles come from buckets that are added up, never from quantiles. Where a store keeps
no buckets, the means of its steps are sorted into the same buckets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.capacity_hours import WEEK_H, Grid, Mask
from app.domain.rollups import ERROR, GROWTH, ZERO, Buckets, Column, Floats, Ints

WHOLE_ENOUGH: Final = 0.5
"""A day with less than this share of its business hours has no p95: the first and the
last of a review, and those that were mostly an outage."""
DAY_QUANTILE: Final = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How the values of one metric were spread, in the steps that count.

    `counts`: a row a day, a column a bucket: the first holds what is not above zero,
    the others begin with bucket `lowest`. `least`, `most`: by day, exact. `highs`: the
    highest of every step, and `places`: where in the grid that is. `whole`: days with
    enough steps. `within`: see `Measure`.
    """

    counts: Floats
    lowest: int
    least: Floats
    most: Floats
    highs: Floats
    places: Ints
    whole: Mask
    within: float | None

    def daily(self) -> Floats:
        """The p95 of every day that is whole, NaN for others. Within its bucket values
        are taken as evenly spread: from the middles alone a slow growth would come in
        jumps of a tenth."""
        cumulated = np.cumsum(self.counts, axis=1)
        totals = cumulated[:, -1]
        ranks = DAY_QUANTILE * totals
        slots = np.sum(cumulated < ranks[:, None], axis=1)
        rows = np.arange(len(totals))
        here = self.counts[rows, slots]
        below = cumulated[rows, slots] - here
        known = self.whole & (here > 0)
        inside = np.divide(ranks - below, here, out=np.zeros_like(here), where=known)
        values = np.clip(self._value(slots, inside), self.least, self.most)
        return np.where(known, values, np.nan)

    def quantiles(self, days: Mask, shares: tuple[float, ...]) -> tuple[float, ...]:
        """Over these days together, of which at least one has a value."""
        cumulated = np.cumsum(self.counts[days].sum(axis=0))
        ranks = np.asarray(shares) * cumulated[-1]
        values = self._value(np.searchsorted(cumulated, ranks))
        least, most = np.nanmin(self.least[days]), np.nanmax(self.most[days])
        return tuple(float(value) for value in np.clip(values, least, most))

    def peak(self, days: Mask, of: Ints) -> tuple[float, int]:
        """The highest of these days, and where in the grid it first was. `of`: the day
        of every place."""
        highs = np.where(days[of[self.places]], self.highs, -np.inf)
        first = int(np.argmax(highs))
        return float(highs[first]), int(self.places[first])

    def _value(self, slots: Ints, inside: Floats | float = 0.5) -> Floats:
        """Of a bucket, by default its geometric middle; zero for the first slot."""
        return np.where(slots > 0, GROWTH ** (slots - 1 + self.lowest + inside), 0.0)


def spread(grid: Grid, column: Column, counts: Mask, wanted: Ints) -> Spread | None:
    """`counts`: the steps of the grid that count; `wanted`: how many of each day are in
    business hours. `None`: nothing was measured in any of them."""
    places = grid.places(column.at)
    inside = (places >= 0) & (places < len(grid.day))
    inside &= column.count > 0
    inside[inside] = counts[places[inside]]
    if not inside.any():
        return None
    rows = np.flatnonzero(inside)
    days = grid.day[places[rows]]
    table, lowest = _table(column, rows, days, len(grid.days))
    seen = np.bincount(days, minlength=len(grid.days))
    return Spread(
        counts=table,
        lowest=lowest,
        least=_by_day(np.minimum, column.min[rows], days, len(grid.days)),
        most=_by_day(np.maximum, column.max[rows], days, len(grid.days)),
        highs=column.max[rows],
        places=places[rows],
        whole=(seen >= WHOLE_ENOUGH * wanted) & (seen > 0),
        within=None if column.buckets is None else ERROR,
    )


def _table(column: Column, rows: Ints, days: Ints, many: int) -> tuple[Floats, int]:
    """The buckets of these rows, added up by day, and which bucket is the lowest."""
    if column.buckets is None:
        index, count = _sorted_in(column.sum[rows] / column.count[rows])
        weight, of = count, days
    else:
        index, weight, of = _expanded(column.buckets, rows, days)
    above = index != ZERO
    lowest = int(index[above].min()) if above.any() else 0
    slots = np.where(above, index - lowest + 1, 0)
    width = int(slots.max(initial=0)) + 1
    flat = np.bincount(of * width + slots, weights=weight, minlength=many * width)
    return flat.reshape(many, width).astype(float), lowest


def _expanded(buckets: Buckets, rows: Ints, days: Ints) -> tuple[Ints, Ints, Ints]:
    """Every bucket of these rows: its index, its count, its day."""
    lengths = buckets.start[rows + 1] - buckets.start[rows]
    ends = np.cumsum(lengths)
    at = np.arange(int(ends[-1])) + np.repeat(
        buckets.start[rows] - ends + lengths, lengths
    )
    return buckets.index[at], buckets.count[at], np.repeat(days, lengths)


def _sorted_in(values: Floats) -> tuple[Ints, Ints]:
    """The bucket of every value, each once."""
    logs = np.log(np.where(values > 0, values, 1.0)) / math.log(GROWTH)
    index = np.where(values > 0, np.floor(logs).astype(np.int64), ZERO)
    return index, np.ones(len(values), dtype=np.int64)


def _by_day(pick: np.ufunc, values: Floats, days: Ints, many: int) -> Floats:
    """The least or most of each day; steps come in order, so do days."""
    starts = np.flatnonzero(np.diff(days, prepend=-1))
    result = np.full(many, np.nan)
    result[days[starts]] = pick.reduceat(values, starts)
    return result


def weekly(grid: Grid, column: Column, counts: Mask) -> Floats:
    """The mean of every hour of the week, 168 of them; NaN where there was none."""
    places = grid.places(column.at)
    inside = (places >= 0) & (places < len(grid.day))
    inside[inside] = counts[places[inside]]
    hours = grid.hour[places[inside]]
    total = np.bincount(hours, weights=column.sum[inside], minlength=WEEK_H)
    many = np.bincount(hours, weights=column.count[inside], minlength=WEEK_H)
    means = np.full(WEEK_H, np.nan)
    np.divide(total, many, out=means, where=many > 0)
    return means
