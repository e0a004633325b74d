"""How long something that is done again and again takes, and how it goes: values.

Counts are kept since the start, as a Prometheus wants them; percentiles are of what was
done last, as a person wants them who looks now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Final

BOUNDS_S: Final = (
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
)  # fmt: skip
"""Upper bounds of what is counted together; the last bucket has none."""
RECENT: Final = 64
"""So many of the last are remembered one by one."""


@dataclass(frozen=True, slots=True)
class Timings:
    """`buckets`: how many took no longer than each of `BOUNDS_S` and longer than the
    one before, and at last how many took longer than all."""

    buckets: tuple[int, ...] = (0,) * (len(BOUNDS_S) + 1)
    total_s: float = 0.0
    recent_s: tuple[float, ...] = ()
    """The last ones, the newest at the end."""

    @property
    def count(self) -> int:
        return sum(self.buckets)

    @property
    def last_s(self) -> float | None:
        return self.recent_s[-1] if self.recent_s else None

    def timed(self, seconds: float) -> Timings:
        """With one more."""
        place = next(
            (n for n, bound in enumerate(BOUNDS_S) if seconds <= bound), len(BOUNDS_S)
        )
        before, here, after = (
            self.buckets[:place],
            self.buckets[place],
            self.buckets[place + 1 :],
        )
        recent = (*self.recent_s[1 - RECENT :], seconds)
        return Timings((*before, here + 1, *after), self.total_s + seconds, recent)

    def percentile(self, share: float) -> float | None:
        """Of the last ones: the smallest that so large a share did not exceed."""
        if not self.recent_s:
            return None
        ranked = sorted(self.recent_s)
        return ranked[max(0, ceil(share * len(ranked)) - 1)]

    def cumulative(self) -> tuple[tuple[float, int], ...]:
        """(bound, how many took no longer), the last bound infinite."""
        counted, found = 0, []
        for bound, count in zip((*BOUNDS_S, float("inf")), self.buckets, strict=True):
            counted += count
            found.append((bound, counted))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Asks:
    """How asking one source has gone since the start.

    `timings`: of answers that came at once. A question that is held open until there is
    news takes as long as nothing happens: it is counted in `asked` alone. `lists` and
    `watches`: how often a whole list was read, and a watch opened; more than one for
    each feed means that it had to begin anew.
    """

    asked: int = 0
    failed: int = 0
    lists: int = 0
    watches: int = 0
    timings: Timings = Timings()
    trouble: tuple[datetime, str] | None = None
    """The last one, also when it is over."""

    def answered(self, took_s: float | None) -> Asks:
        """`took_s`: `None` of a question that was held open."""
        timings = self.timings if took_s is None else self.timings.timed(took_s)
        return replace(self, asked=self.asked + 1, timings=timings)

    def troubled(self, at: datetime, text: str) -> Asks:
        asked, failed = self.asked + 1, self.failed + 1
        return replace(self, asked=asked, failed=failed, trouble=(at, text))


def together(every: Iterable[Asks]) -> Asks:
    """Of several that are one source."""
    found = tuple(every)
    troubles = [one.trouble for one in found if one.trouble is not None]
    return Asks(
        sum(one.asked for one in found),
        sum(one.failed for one in found),
        sum(one.lists for one in found),
        sum(one.watches for one in found),
        _timed_together([one.timings for one in found]),
        max(troubles, default=None),
    )


def _timed_together(every: Sequence[Timings]) -> Timings:
    buckets = zip(*(one.buckets for one in every), strict=True)
    recent = [seconds for one in every for seconds in one.recent_s]
    return Timings(
        tuple(map(sum, buckets)) or Timings().buckets,
        sum(one.total_s for one in every),
        tuple(recent[-RECENT:]),
    )
