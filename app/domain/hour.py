"""The last hour of a connection's live numbers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STEP_S: Final = 15
SPAN_S: Final = 3600
"""What can be asked for: from now back to here."""

Point = tuple[int, float]
"""The beginning of a step, in seconds since 1970, and the newest value within it."""
Series = Mapping[str, list[Point]]
"""By metric. A step in which nobody measured it is missing: a gap, and not zero."""


def step_of(seconds: float) -> int:
    """The beginning of the step that this moment is in."""
    return int(seconds // STEP_S) * STEP_S
