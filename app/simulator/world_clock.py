"""Virtual time: as fast as somebody wants, never backwards.

The load follows it, so that a day's shape passes in minutes. Pods, faults and the APIs
keep to the wall clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class VirtualClock:
    def __init__(self, wall: Callable[[], datetime]) -> None:
        self._wall = wall
        self._since = wall()
        self._ahead = timedelta()
        self.rate = 1.0

    def now(self) -> datetime:
        """Virtual time; at a rate of 1 it runs beside the wall clock."""
        wall = self._wall()
        return wall + self._ahead + (wall - self._since) * (self.rate - 1)

    def set_rate(self, rate: float) -> None:
        """From now on `rate` virtual seconds pass in a second."""
        wall = self._wall()
        self._ahead += (wall - self._since) * (self.rate - 1)
        self._since, self.rate = wall, rate
