"""When a change was sent: as its first line or answer was handed to a connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


class Sent:
    """Noted by whoever answers watchers; asked by whoever makes a change."""

    def __init__(self, wall: Callable[[], datetime]) -> None:
        self._wall = wall
        self._began = wall()
        self._first: datetime | None = None

    def expect(self) -> None:
        """A change is about to be made."""
        self._began, self._first = self._wall(), None

    def note(self) -> None:
        """A watcher is told something, now."""
        if self._first is None:
            self._first = self._wall()

    @property
    def at(self) -> datetime:
        """When the change was first told; when it was made, if nobody watches."""
        return self._first or self._began
