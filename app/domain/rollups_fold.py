"""Values into roll-ups, roll-ups into longer ones, quantiles out of them.

Pure, and over whole arrays: a year of a deployment is some millions of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.domain.rollups import GROWTH, ZERO, Buckets, Column, Floats, Ints

_LOG: Final = float(np.log(GROWTH))
_SPAN: Final = 2**17
"""More than there are buckets."""


def indices(values: Floats) -> Ints:
    """The bucket of each value."""
    above = values > 0
    logs = np.log(np.where(above, values, 1.0)) / _LOG
    return np.where(above, np.floor(logs), ZERO).astype(np.int64)


def middles(index: Ints) -> Floats:
    """What a bucket's values are told as."""
    powers: Floats = GROWTH ** (np.where(index == ZERO, 0, index) + 0.5)
    return np.where(index == ZERO, 0.0, powers)


def singles(values: Floats) -> Buckets:
    """Of steps that hold one value each."""
    ones = np.ones(len(values), np.int64)
    return Buckets(np.arange(len(values) + 1), indices(values), ones)


def measured(at: Ints, values: Floats) -> Column:
    """One value a step; what is not a number was not measured."""
    known = np.isfinite(values)
    at, found = at[known], values[known].astype(np.float64)
    ones = np.ones(len(at), np.int64)
    return Column(at, ones, found, found, found, found, singles(found))


def rolled(column: Column, step_s: int) -> Column:
    """The same in longer steps, which begin at multiples of `step_s`."""
    if not len(column.at):
        return column
    steps = column.at // step_s * step_s
    first = np.flatnonzero(np.diff(steps, prepend=steps[0] - 1))
    ends = np.append(first[1:], len(steps))
    return Column(
        steps[first],
        np.add.reduceat(column.count, first),
        np.add.reduceat(column.sum, first),
        np.minimum.reduceat(column.min, first),
        np.maximum.reduceat(column.max, first),
        column.last[ends - 1],
        None if column.buckets is None else _added(column.buckets, first),
    )


def _added(buckets: Buckets, first: Ints) -> Buckets:
    """Those of the steps from each of `first` to the next, counted together."""
    owner = np.searchsorted(first, np.arange(len(buckets.start) - 1), side="right") - 1
    keys = np.repeat(owner, np.diff(buckets.start)) * _SPAN + (buckets.index - ZERO)
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], buckets.count[order]
    own = np.flatnonzero(np.diff(keys, prepend=-1))
    start = np.searchsorted(keys[own] // _SPAN, np.arange(len(first) + 1))
    summed = np.add.reduceat(counts, own)
    return Buckets(start, keys[own] % _SPAN + ZERO, summed)


def joined(columns: Sequence[Column]) -> Column:
    """One after another, as they follow in time; at least one."""
    if len(columns) == 1:
        return columns[0]
    return Column(
        np.concatenate([one.at for one in columns]),
        np.concatenate([one.count for one in columns]),
        np.concatenate([one.sum for one in columns]),
        np.concatenate([one.min for one in columns]),
        np.concatenate([one.max for one in columns]),
        np.concatenate([one.last for one in columns]),
        _joined([one.buckets for one in columns]),
    )


def _joined(parts: Sequence[Buckets | None]) -> Buckets | None:
    known = [one for one in parts if one is not None]
    if len(known) < len(parts):
        return None
    lengths = [np.diff(one.start) for one in known]
    start = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    index = np.concatenate([one.index for one in known])
    return Buckets(start, index, np.concatenate([one.count for one in known]))


def within(column: Column, begin_s: float, end_s: float) -> Column:
    """The steps that begin from `begin_s` on and before `end_s`."""
    low, high = (int(n) for n in np.searchsorted(column.at, (begin_s, end_s)))
    if (low, high) == (0, len(column.at)):
        return column
    part = slice(low, max(low, high))
    return Column(
        column.at[part],
        column.count[part],
        column.sum[part],
        column.min[part],
        column.max[part],
        column.last[part],
        None if column.buckets is None else _part(column.buckets, part),
    )


def _part(buckets: Buckets, steps: slice) -> Buckets:
    start = buckets.start[steps.start : steps.stop + 1]
    held = slice(int(start[0]), int(start[-1]))
    return Buckets(start - start[0], buckets.index[held], buckets.count[held])


def quantiles(column: Column, share: float) -> Floats:
    """Of each step: the smallest value that `share` of its values do not exceed, at
    most `ERROR` away from it. Without buckets the mean is all that is known."""
    if column.buckets is None or not len(column.at):
        return column.sum / column.count
    buckets = column.buckets
    passed = np.cumsum(buckets.count)
    before = np.append(0, passed)[buckets.start[:-1]]
    rank = before + np.maximum(1, np.ceil(share * column.count - 1e-9))
    found = middles(buckets.index[np.searchsorted(passed, rank)])
    return np.clip(found, column.min, column.max)


def quantile(column: Column, share: float) -> float | None:
    """Likewise of all steps together; `None` when there is none."""
    if not len(column.at):
        return None
    whole = rolled(column, int(column.at[-1]) + 1)
    return float(quantiles(whole, share)[0])
