"""What people say of a deployment; a picture carries it beside what is seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.care import Care
from app.domain.notes import Note


@dataclass(frozen=True, slots=True)
class Talk:
    """`notes`: newest first. `cares`: who has which incident in hand, by its id."""

    notes: tuple[Note, ...] = ()
    cares: Mapping[str, Care] = field(default_factory=dict)
