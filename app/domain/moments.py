"""Which past pictures are worth keeping, and what makes one worth it.

Pure: the pictures themselves are whatever has a moment and a size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from app.domain.wire import PARTS

TURNS: Final = ("status", "suspects", "incident", "maintenance")
"""What is news of the whole, beside the statuses of its parts."""


class Moment(NamedTuple):
    """One picture that is kept. `turned`: something was other than before."""

    at: datetime
    turned: bool


class Pictured(Protocol):
    """A picture, as far as keeping it goes."""

    @property
    def at(self) -> datetime: ...

    @property
    def turned(self) -> bool: ...

    @property
    def asked(self) -> bool:
        """It was asked for by its very moment."""

    @property
    def size(self) -> int:
        """In bytes."""


P = TypeVar("P", bound=Pictured)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept. For `fine` every picture is, then one in `coarse_s` seconds
    beside those that turned or were asked for, `most_asked` of the latter."""

    fine: timedelta
    coarse_s: int
    longest: timedelta
    most: int
    most_bytes: int
    most_asked: int


def turned(delta: Mapping[str, Any] | None) -> bool:
    """Does the picture that `delta` leads to show other statuses, suspects or
    maintenance than the one before? A first picture does."""
    if delta is None or any(name in delta for name in TURNS):
        return True
    return any("status" in item for part, _ in PARTS for item in delta.get(part, ()))


def thinned(pictures: Sequence[P], bounds: Bounds) -> list[P]:
    """What stays of `pictures`, which are in order; the newest always does."""
    fine_from = pictures[-1].at - bounds.fine
    coarse = [one for one in pictures if one.at < fine_from]
    asked = [one.at for one in coarse if one.asked and not one.turned]
    held = set(asked[-bounds.most_asked :])
    kept: list[P] = []
    step = None
    for one in coarse:
        own = one.at.timestamp() // bounds.coarse_s
        if one.turned or own != step or one.at in held:
            kept.append(one)
            step = own
    return _within([*kept, *pictures[len(coarse) :]], bounds)


def _within(pictures: list[P], bounds: Bounds) -> list[P]:
    """The newest of them that are within the bounds of age, number and bytes."""
    oldest = pictures[-1].at - bounds.longest
    kept, size = 0, 0
    for one in reversed(pictures):
        size += one.size
        full = kept >= bounds.most or size > bounds.most_bytes or one.at < oldest
        if kept and full:
            break
        kept += 1
    return pictures[len(pictures) - kept :]
