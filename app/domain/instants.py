"""How a moment is written in JSON."""

from __future__ import annotations

from datetime import datetime


def instant(at: datetime | None) -> str | None:
    """UTC with milliseconds and `Z`, or `None`. `at` is in UTC."""
    return None if at is None else f"{at.isoformat(timespec='milliseconds')[:23]}Z"
