"""What the process tells of itself: who made it, since when, what its stores wait for,
what it was configured to be. The wiring knows; `/metrics` and `/debug` tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.warned import Warned

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Store:
    """One thing that keeps what was seen. `kind`: where; `waiting`: how much is not
    written yet; `trouble`: why it can't be, in words for an operator."""

    name: str
    kind: str
    waiting: int
    trouble: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Own:
    """`configuration`: the settings in force, secrets out."""

    version: str = ""
    started_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    stores: Callable[[], tuple[Store, ...]] = tuple
    configuration: Callable[[], Json] = dict
    warned: Warned = field(default_factory=Warned)
