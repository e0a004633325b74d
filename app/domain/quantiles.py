"""Quantiles from histogram buckets, as Prometheus' `histogram_quantile` gives them.

Buckets are cumulative: (upper bound, how many were at or below it), in rising order,
the last bound infinite. Targets are added before a quantile is taken: quantiles can't
be averaged, counts can be summed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate

Buckets = Sequence[tuple[float, float]]


def quantile(buckets: Buckets, q: float) -> float | None:
    """The value below which the share `q` lies; `None` when nothing was counted.

    Within a bucket values are taken as evenly spread. A quantile that falls into the
    last, unbounded bucket is told as the largest finite bound: it is at least that.
    Without an infinite bucket the histogram is not whole and gives `None`.
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {q}")
    if len(buckets) < 2 or not math.isinf(buckets[-1][0]):
        return None
    bounds = [bound for bound, _ in buckets]
    # A reset or a torn page may leave a dip; a cumulative count never falls.
    counts = list(accumulate((count for _, count in buckets), max))
    if not counts[-1] > 0:
        return None
    rank = q * counts[-1]
    place = next(i for i, count in enumerate(counts) if count >= rank)
    if place == len(counts) - 1:
        return bounds[-2]
    return _within(bounds, counts, place, rank)


def _within(bounds: list[float], counts: list[float], place: int, rank: float) -> float:
    upper = bounds[place]
    if place == 0 and upper <= 0:
        return upper
    lower = bounds[place - 1] if place else 0.0
    below = counts[place - 1] if place else 0.0
    inside = counts[place] - below
    share = (rank - below) / inside if inside > 0 else 0.0
    return lower + (upper - lower) * share


def added(histograms: Iterable[Buckets]) -> tuple[tuple[float, float], ...]:
    """Several targets' buckets as one; only the bounds that all of them have."""
    tables = [dict(buckets) for buckets in histograms if buckets]
    if not tables:
        return ()
    common = set.intersection(*(set(table) for table in tables))
    return tuple(
        (bound, math.fsum(table[bound] for table in tables)) for bound in sorted(common)
    )
