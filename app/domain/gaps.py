"""From when to when no picture was kept: the server was down, or could keep nothing.

A picture is kept at least once a minute while somebody watches, and after two weeks
still one in ten minutes. Where several of them are missing, nobody knows what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from app.domain.timeline_lanes import Span

FINE: Final = timedelta(minutes=3)
COARSE: Final = timedelta(minutes=30)
"""So long may pass between two pictures of late, and between two old ones."""
FINE_FOR: Final = timedelta(days=13)
"""How long ago the pictures of every minute are still there for certain."""


def gaps(
    moments: Iterable[datetime], begin: datetime, end: datetime, now: datetime
) -> tuple[Span, ...]:
    """The gaps between `begin` and `end`. `moments`: of all pictures of that time, in
    order; `end` is not later than `now`."""
    return tuple(_found(pairwise((begin, *moments, end)), now))


def _found(pairs: Iterable[tuple[datetime, datetime]], now: datetime) -> Iterator[Span]:
    for before, after in pairs:
        if after - before > usual(before, now):
            yield Span(before, after)


def usual(at: datetime, now: datetime) -> timedelta:
    """How long the next picture after one of `at` may be waited for."""
    return FINE if now - at <= FINE_FOR else COARSE
