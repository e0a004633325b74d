"""Time limits, and what is done where one is over: one thread watches all of them.

Every question that is asked has one, and hardly any is ever over. A timer for each,
with a thread of its own, would cost nearly as much as the question.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from time import monotonic
from typing import Final

log = logging.getLogger(__name__)

Act = Callable[[], None]


@dataclass(order=True, slots=True)
class _Limit:
    at: float
    number: int
    act: Act | None = field(compare=False)
    """`None`: what it was for has ended in time."""


class Deadlines:
    """Its thread is there for as long as there is a limit."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._limits: list[_Limit] = []
        """A heap: the first one is the next."""
        self._numbers = count()
        self._watched = False

    @contextmanager
    def acting_after(self, seconds: float, act: Act) -> Iterator[None]:
        """`act` on another thread, unless what is done here has ended by then. Others
        wait for it: it must not block."""
        limit = self._add(monotonic() + seconds, act)
        try:
            yield
        finally:
            limit.act = None

    def _add(self, at: float, act: Act) -> _Limit:
        with self._changed:
            limit = _Limit(at, next(self._numbers), act)
            heappush(self._limits, limit)
            if not self._watched:
                threading.Thread(
                    target=self._watch, name="time limits", daemon=True
                ).start()
                self._watched = True
            elif self._limits[0] is limit:
                self._changed.notify()
            return limit

    def _watch(self) -> None:
        while (due := self._due()) is not None:
            for act in due:
                try:
                    act()
                except Exception:
                    log.exception("bug in what is done when a time limit is over")

    def _due(self) -> list[Act] | None:
        """Waits for the next that is over; `None` where there is none to wait for."""
        with self._changed:
            while True:
                found = self._taken(monotonic())
                if found:
                    return found
                if not self._limits:
                    self._watched = False
                    return None
                self._changed.wait(max(0.0, self._limits[0].at - monotonic()))

    def _taken(self, now: float) -> list[Act]:
        """Those that are over; ones that were kept are forgotten on the way."""
        found = []
        while self._limits:
            act = self._limits[0].act
            if act is not None and self._limits[0].at > now:
                break
            heappop(self._limits)
            if act is not None:
                found.append(act)
        return found


acting_after: Final = Deadlines().acting_after
"""With the limits of the whole process."""
