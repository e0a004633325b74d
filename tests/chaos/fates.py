"""What becomes of each connection that comes in while there is chaos: drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Mode(StrEnum):
    PASS = "pass"
    HANG = "hang"
    """Accept, and never answer."""
    TRICKLE = "trickle"
    """Answer a byte at a time."""
    RESET = "reset"
    """Accept, and reset at once."""
    CUT = "cut"
    """Reset in the middle of an answer."""
    HALF = "half"
    """Half an answer, and an orderly end."""
    REPEAT = "repeat"
    """Tell old events again among the new ones."""
    OTHER = "other"
    """Another cluster answers."""


BLINDING: Final = tuple(mode for mode in Mode if mode is not Mode.OTHER)
"""Modes that take our sight or tell nothing new: nothing may turn red for them."""
ENDS_ORDERLY: Final = (Mode.PASS, Mode.HALF, Mode.OTHER)
LIFE_S: Final = (0.4, 2.5)
MOST_PIECES: Final = 3


@dataclass(frozen=True, slots=True)
class Fate:
    """`life_s`: when it is ended, whatever it does; `None`: never. `pieces`: how many
    pieces of what is answered come through whole before it is cut."""

    mode: Mode
    life_s: float | None
    pieces: int = 0


CALM: Final = Fate(Mode.PASS, None)


def calm() -> Iterator[Fate]:
    while True:
        yield CALM


def drawn(seed: int, source: str, modes: Sequence[Mode]) -> Iterator[Fate]:
    """Endless; the same for the same seed. Every mode comes once before any returns."""
    chance = random.Random(f"{seed} {source}")
    while True:
        for mode in chance.sample(modes, len(modes)):
            yield Fate(mode, chance.uniform(*LIFE_S), chance.randrange(MOST_PIECES + 1))
