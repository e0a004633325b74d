"""A forecast, tried on the data that it is made from: at several days in the past it
knows only what was before, and what it tells is held against what came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

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


class TriedWay(NamedTuple):
    """One way to tell, over all origins and by series: the sum of what it was off, and
    on how many days its band held."""

    off: Floats
    covered: Floats


class Tried(NamedTuple):
    """By series: how it went with a slope, without one, and with the week before; the
    sum of what came, on how many days, and from how many origins."""

    sloped: TriedWay
    flat: TriedWay
    naive: Floats
    came: Floats
    days: Floats
    origins: Floats
    ahead: int

    @classmethod
    def none(cls, series: int, ahead: int) -> Tried:
        sums = np.zeros((8, series))
        sloped, flat = TriedWay(sums[0], sums[1]), TriedWay(sums[2], sums[3])
        return cls(sloped, flat, sums[4], sums[5], sums[6], sums[7], ahead)


def tried(values: Floats, day: Ints, weekday: Ints, inflated: Floats) -> Tried:
    """`values`: rows are days, the first is the first one that is used."""
    ahead = int(np.clip(len(values) // 4, *AHEAD))
    found = Tried.none(values.shape[1], ahead)
    for origin in _origins(len(values), ahead):
        past, rows = values[:origin], slice(origin, origin + ahead)
        enough = (~np.isnan(past)).sum(axis=0) >= LEARNT - 1
        # A series without a day can't be fitted; it is not scored either.
        whole = np.where(enough, past, 1.0)
        came, naive = values[rows], _week_before(past, ahead)
        scored = enough & ~np.isnan(came + naive)
        for way, sloping in ((found.sloped, True), (found.flat, False)):
            fits = fit(whole, day[:origin], weekday[:origin], sloping=sloping)
            told = fits.at(day[rows], weekday[rows], inflated if sloping else 1.0)
            way.off[:] += _off(came, told.mid, scored)
            held = (told.low <= came) & (came <= told.high)
            way.covered[:] += (scored & held).sum(axis=0)
        found.naive[:] += _off(came, naive, scored)
        found.came[:] += _off(came, np.zeros_like(came), scored)
        found.days[:] += scored.sum(axis=0)
        found.origins[:] += scored.any(axis=0)
    return found


def _origins(days: int, ahead: int) -> Iterator[int]:
    """How many days are known at each of them; there are `ENOUGH_DAYS` at least."""
    span = days - ahead - LEARNT
    stride = max(1, -(-span // (ORIGINS - 1)))
    yield from range(LEARNT + span % stride, days - ahead + 1, stride)


def _off(came: Floats, told: Floats, scored: Mask) -> Floats:
    return np.asarray(np.where(scored, np.abs(came - told), 0.0).sum(axis=0))


def _week_before(past: Floats, ahead: int) -> Floats:
    """As on this weekday in the last week, or in the one before it."""
    last, earlier = past[-7:], past[-14:-7]
    week = np.where(np.isnan(last), earlier, last)
    return week[np.arange(ahead) % 7]
