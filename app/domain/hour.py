"""The last hour of a connection's live numbers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

STEP_S: Final = 15
SPAN_S: Final = 3600
"""What can be asked for: from now back to here."""


class Point(NamedTuple):
    """`at`: the beginning of a step, in seconds since 1970; `value`: the newest within
    it. `by`: the source that told it afterwards; empty: it was measured at the time."""

    at: int
    value: float
    by: str = ""


Series = Mapping[str, list[Point]]
"""By metric. A step in which nobody measured it is missing: a gap, and not zero."""
Recalled = Mapping[int, Mapping[int, Mapping[str, float]]]
"""What a source tells afterwards: by step, by connection, by metric."""


def step_of(seconds: float) -> int:
    """The beginning of the step that this moment is in."""
    return int(seconds // STEP_S) * STEP_S
