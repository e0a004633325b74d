"""A forecast, tried on the data that it is made from: at several days in the past it
knows only what was before, and what it tells is held against what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.capacity_fits import fit
from app.domain.capacity_hours import Mask
from app.domain.rollups import Floats, Ints

LEARNT: Final = 14
"""Days that must be known first: each weekday twice."""
ORIGINS: Final = 10
"""Days at most from which it is tried, evenly spread."""
AHEAD: Final = (7, 28)
"""Days ahead, the fewest and the most; a quarter of the history between them."""


@dataclass(slots=True, eq=False)
class Tried:
    """By series, over all origins: the sums of what was off and of what came, in how
    many days, how many of them within the band, and from how many origins."""

    off: Floats
    off_flat: Floats
    off_naive: Floats
    came: Floats
    days: Floats
    covered: Floats
    origins: Floats
    ahead: int

    @classmethod
    def none(cls, series: int, ahead: int) -> Tried:
        return cls(*np.zeros((7, series)), ahead=ahead)


def tried(values: Floats, day: Ints, weekday: Ints, inflated: Floats) -> Tried:
    """`values`: rows are days, the first is the first one that is used."""
    ahead = int(np.clip(len(values) // 4, *AHEAD))
    found = Tried.none(values.shape[1], ahead)
    for origin in _origins(len(values), ahead):
        rows = slice(origin, origin + ahead)
        past, came = values[:origin], values[rows]
        enough = (~np.isnan(past)).sum(axis=0) >= LEARNT - 1
        if not enough.any():
            continue
        # A series without a day can't be fitted; it is not scored either.
        whole = np.where(enough, past, 1.0)
        sloped = fit(whole, day[:origin], weekday[:origin])
        flat = fit(whole, day[:origin], weekday[:origin], sloping=False)
        told = sloped.at(day[rows], weekday[rows], inflated)
        level = flat.at(day[rows], weekday[rows]).mid
        naive = _week_before(past, ahead)
        scored = enough & ~np.isnan(came + told.mid + naive)
        found.off += _off(came, told.mid, scored)
        found.off_flat += _off(came, level, scored)
        found.off_naive += _off(came, naive, scored)
        found.came += _off(came, np.zeros_like(came), scored)
        found.days += scored.sum(axis=0)
        within = scored & (told.low <= came) & (came <= told.high)
        found.covered += within.sum(axis=0)
        found.origins += scored.any(axis=0)
    return found


def _origins(days: int, ahead: int) -> Iterator[int]:
    """How many days are known at each of them."""
    span = days - ahead - LEARNT
    if span < 0:
        return
    stride = max(1, -(-span // (ORIGINS - 1)))
    yield from range(LEARNT + span % stride, days - ahead + 1, stride)


def _off(came: Floats, told: Floats, scored: Mask) -> Floats:
    return np.where(scored, np.abs(came - told), 0.0).sum(axis=0)


def _week_before(past: Floats, ahead: int) -> Floats:
    """As on this weekday in the last week, or in the one before it."""
    last, earlier = past[-7:], past[-14:-7]
    week = np.where(np.isnan(last), earlier, last)
    return np.asarray(week[np.arange(ahead) % 7])
