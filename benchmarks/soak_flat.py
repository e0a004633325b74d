"""Whether something stays flat over hours: a slope that single peaks can't fake.

The slope is Theil and Sen's: the median of the slopes between all pairs of samples.
What it comes to over the whole span is held against an allowance that is stated. The
first part of the samples is left out: caches fill, and pools grow to what they need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final

WARMING: Final = 1 / 4
"""This share of the samples, the first ones, is left out."""
LEAST: Final = 4
"""Of fewer nothing can be said."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much more than at the beginning is taken for flat: so much, or such a share
    of the level, whichever is more. `least`: so many samples are needed."""

    amount: float
    share: float
    least: int = LEAST


@dataclass(frozen=True, slots=True)
class Flatness:
    """`level`: the median; `growth`: the slope over the span of the samples, `None`
    where too few are there to tell."""

    what: str
    level: float
    growth: float | None
    allowed: float

    @property
    def flat(self) -> bool:
        """Also true of what can't be told."""
        return self.growth is None or self.growth <= self.allowed


def judge(
    what: str, samples: Sequence[tuple[float, float]], allowance: Allowance
) -> Flatness:
    """`samples`: seconds since the start, and what was there then; in order."""
    warm = samples[int(len(samples) * WARMING) :]
    level = median([value for _, value in warm]) if warm else 0.0
    allowed = max(allowance.amount, allowance.share * level)
    if len(warm) < allowance.least:
        return Flatness(what, level, None, allowed)
    span = warm[-1][0] - warm[0][0]
    return Flatness(what, level, slope(warm) * span, allowed)


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Theil and Sen's, per second; times rise strictly."""
    return median((v - u) / (t - s) for (s, u), (t, v) in combinations(samples, 2))
