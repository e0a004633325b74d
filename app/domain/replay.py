"""What of the past is drawn along a slider, and pictures as they are played.

A span of a year has more turns than a slider has pixels: those that lie together are
one mark, which leads to the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain import wire
from app.domain.moments import Moment

Json = dict[str, Any]

MARKS: Final = 480
"""At most so many marks of turns: one in three pixels of a wide screen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`count` turns from `at` on, too near to be drawn apart."""

    at: datetime
    count: int


def marks(
    moments: Iterable[Moment], begin: datetime, end: datetime
) -> tuple[Mark, ...]:
    """Where something turned; `moments` are in order, between `begin` and `end`."""
    step = max((end - begin) / MARKS, timedelta(microseconds=1))
    found: list[Mark] = []
    place = -1
    for one in moments:
        if not one.turned:
            continue
        own = (one.at - begin) // step
        if own == place:
            found[-1] = Mark(found[-1].at, found[-1].count + 1)
        else:
            found.append(Mark(one.at, 1))
            place = own
    return tuple(found)


def picked(moments: Iterable[Moment], step: timedelta) -> Iterator[datetime]:
    """Every one that turned, and of the others the first in each `step` (which are
    counted since 1970)."""
    last = None
    for one in moments:
        own = one.at.timestamp() // step.total_seconds()
        if one.turned or own != last:
            yield one.at
        last = own


def played(pictures: Iterable[Json]) -> Iterator[Json]:
    """The first whole, of each later one what is news (`app.domain.wire.delta`); one
    that has none is left out."""
    before: Json | None = None
    for one in pictures:
        if before is None:
            yield one
        elif (news := wire.delta(before, one)) is not None:
            yield news
        before = one
