"""What is usual at each hour of the week, learnt by one pipeline from its pictures.

Nothing here waits: an hour that has ended is handed to the shelf, which writes it
elsewhere and in its own time. A bug in it costs the habits, never the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import structlog

from app.domain.expected import Calendar
from app.domain.habits import Count, Habits, Hour, counted
from app.domain.snapshot import Snapshot

log = structlog.get_logger(__name__)


class Shelf(Protocol):
    """Where hours outlive this process. No method waits."""

    def hours(self) -> tuple[Hour, ...] | None:
        """What an earlier process left; `None` while that is not known."""

    def keep(self, hours: Iterable[Hour]) -> None: ...


class Oblivion:
    """A shelf that keeps nothing."""

    def hours(self) -> tuple[Hour, ...] | None:
        return ()

    def keep(self, hours: Iterable[Hour]) -> None:
        """Let go of them."""


class Almanac:
    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or Oblivion()
        self._habits = Habits()
        self._count: Count | None = None
        self._resumed = False

    def habits(self, now: datetime) -> Habits:
        """All that is known, with what an earlier process left once that is told."""
        left = None if self._resumed else self._shelf.hours()
        if left is not None:
            # What this process saw itself goes before.
            own = self._habits.hours.values()
            self._habits = Habits().learnt([*left, *own], now)
            self._resumed = True
        return self._habits

    def note(self, snapshot: Snapshot, calendar: Calendar, now: datetime) -> None:
        """Learn from a picture, unless it is of a day unlike others."""
        if not calendar.learns(now):
            return
        try:
            self._fold(snapshot, now)
        except Exception:
            log.exception("bug in the habits", deployment=snapshot.deployment)

    def _fold(self, snapshot: Snapshot, now: datetime) -> None:
        rates = {
            state.number: state.metrics.request_rate
            for state in snapshot.connections
            if state.metrics.request_rate is not None
        }
        self._count, ended = counted(self._count, rates, now)
        if ended:
            self._habits = self._habits.learnt(ended, now)
            self._shelf.keep(ended)
