"""What was made of which inputs, kept from one evaluation to the next.

Between two evaluations most subjects hear nothing new. What a pure function made of
the same inputs is then the same, and need not be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """`made` is what a pure function gave for the inputs `of`."""

    of: tuple[object, ...]
    made: T


def again(
    before: Kept[T] | None, of: tuple[object, ...], make: Callable[[], T]
) -> Kept[T]:
    """`before` where it was made of equal inputs, else what `make` gives now.

    What comes out as before is the same object as before, so that whoever works on it
    sees at a glance that nothing is new.
    """
    if before is None:
        return Kept(of, make())
    if before.of == of:
        return before
    made = make()
    return Kept(of, before.made if made == before.made else made)


def made_of(kept: Mapping[K, Kept[T]]) -> dict[K, T]:
    """What was made, without what it was made of."""
    return {key: one.made for key, one in kept.items()}
