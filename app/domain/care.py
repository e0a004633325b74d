"""Who has an incident in hand: who acknowledged it, when, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.instants import instant

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Care:
    """Of one incident, open or ended. `at`: when it was last changed."""

    incident: str
    at: datetime
    acknowledged: Acknowledged | None = None
    assigned: str | None = None

    def acknowledge(self, by: str, now: datetime) -> Care:
        """The first one who does it is told; who comes later changes nothing."""
        if self.acknowledged is not None:
            return self
        return replace(self, acknowledged=Acknowledged(by, now), at=now)

    def withdrawn(self, now: datetime) -> Care:
        """Nobody has acknowledged it."""
        if self.acknowledged is None:
            return self
        return replace(self, acknowledged=None, at=now)

    def assign(self, name: str | None, now: datetime) -> Care:
        """`None`: to nobody."""
        return self if name == self.assigned else replace(self, assigned=name, at=now)


def encode(care: Care | None) -> Json:
    """The two fields that an incident carries."""
    if care is None:
        return {"acknowledged": None, "assigned": None}
    seen = care.acknowledged
    return {
        "acknowledged": seen and {"by": seen.by, "at": instant(seen.at)},
        "assigned": care.assigned,
    }
