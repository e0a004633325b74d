"""What turned in one deployment, told by its pipeline from snapshot to snapshot.

Nothing here waits, and all of it comes after the picture was handed on: turns go to the
shelf, which writes them elsewhere and in its own time. A bug in it costs the timeline,
never the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from app.domain.incidents_ask import Health
from app.domain.snapshot import Snapshot
from app.domain.timeline import BEAT, Left, Turn, Watch
from app.domain.timeline_fold import Reel, fold, resumed

log = structlog.get_logger(__name__)


class Shelf(Protocol):
    """Where turns outlive this process. No method waits."""

    def left(self) -> Left | None:
        """What an earlier process left; `None` while that is not known."""

    def tell(self, watch: Watch, turns: Sequence[Turn]) -> None:
        """What turned, and until when it was looked."""

    def health(self) -> Health: ...


class Oblivion:
    """A shelf that keeps nothing."""

    def left(self) -> Left | None:
        return Left()

    def tell(self, watch: Watch, turns: Sequence[Turn]) -> None:
        """Let go of them."""

    def health(self) -> Health:
        return Health()


class Chronicle:
    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or Oblivion()
        self._reel: Reel | None = None
        self._resumed = False
        self._looked_at: datetime | None = None
        self._beat_at: datetime | None = None

    def note(self, snapshot: Snapshot) -> None:
        try:
            self._fold(snapshot)
        except Exception:
            log.exception("bug in the timeline", deployment=snapshot.deployment)

    def _fold(self, snapshot: Snapshot) -> None:
        now = snapshot.at
        reel = self._reel or Reel(now)
        if not self._resumed:
            left = self._shelf.left()
            if left is None and self._shelf.health().trouble is None:
                return  # A moment more, and what was is known.
            if left is not None:
                reel, self._resumed = resumed(reel, left), True
        if self._looked_at is not None and now < self._looked_at:
            # The clock was set back: what follows is a watch of its own.
            reel, self._beat_at = replace(reel, began=now, seen=frozenset()), None
        self._reel, turns = fold(reel, snapshot)
        self._looked_at = now
        if turns or self._beat_at is None or now - self._beat_at >= BEAT:
            self._beat_at = now
            self._shelf.tell(Watch(reel.began, now), turns)
