"""What people say of a deployment, as the pages and endpoints reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.domain.care import Care
from app.domain.notes import Listed, Note, Wanted
from app.domain.talk import Talk


class Room(Protocol):
    """The notes of one deployment, and who has which incident in hand."""

    def talk(self) -> Talk:
        """What a picture carries."""

    def put(self, *notes: Note) -> None:
        """The newest word on each; the picture follows."""

    def tend(self, care: Care) -> None:
        """Likewise."""

    def find(self, wanted: Wanted) -> Listed:
        """Older ones too. Blocks: not for the event loop."""

    def one(self, name: str) -> Note | None:
        """Likewise. Only among those in memory while the records are in trouble."""

    def cares(self, incidents: Sequence[str]) -> Mapping[str, Care]:
        """Who has these in hand, open or ended. Blocks likewise."""


class NoRoom:
    """Nobody ever says anything."""

    def talk(self) -> Talk:
        return Talk()

    def put(self, *notes: Note) -> None:
        """Let go of them."""

    def tend(self, care: Care) -> None:
        """Likewise."""

    def find(self, wanted: Wanted) -> Listed:
        return Listed(())

    def one(self, name: str) -> Note | None:
        return None

    def cares(self, incidents: Sequence[str]) -> Mapping[str, Care]:
        return {}
