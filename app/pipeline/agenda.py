"""When a pipeline looks, and at what.

What is news wakes it, and is looked at with what else is news by then. Measurements
wait for the regular look: they colour only after a hold, forty targets must not mean
forty judgements, and news must not wait until fifty pages are learnt and told. What
only confirms what is known waits longer where many deployments are watched: nothing
turns by it, and a hundred that are well must not keep the processor busy. Whatever
waits is learnt before time alone makes anything old: at the moment that the last
judgement named.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.domain.knowledge import SHOWN, Knowledge, confirms, urgent
from app.domain.reading import FeedName, Reading
from app.pipeline.inbox import Inbox

LOOK: Final = timedelta(seconds=1)
"""How long a measurement may wait to be judged with others."""
CALM_OF_EACH: Final = timedelta(milliseconds=50)
LONGEST_CALM: Final = timedelta(seconds=5)
SHOWN_OF_EACH: Final = timedelta(milliseconds=300)
LONGEST_SHOWN: Final = timedelta(seconds=30)
LONGEST_REST_S: Final = 0.5
GATHER_S: Final = 0.002
"""A watch tells one event as several lines: three pods, their endpoints, their set. Who
judges the first of them alone judges three times, and the last of them late."""

Readings = tuple[Reading, ...]


def calm_among(deployments: int) -> timedelta:
    """How long what is no news at all may wait where so many are watched."""
    return max(LOOK, min(LONGEST_CALM, deployments * CALM_OF_EACH))


def shown_among(deployments: int) -> timedelta:
    """How seldom it is told anew when what watches merely confirm was last seen. Their
    own last word, and all that is judged by its age, is told and judged as ever."""
    return max(SHOWN, min(LONGEST_SHOWN, deployments * SHOWN_OF_EACH))


class Due(NamedTuple):
    """What is to be learnt now. `heard`: when the first of it that is news was."""

    readings: Readings
    heard: datetime | None


class Agenda:
    """Filled from any thread, worked off by one."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        look: timedelta = LOOK,
        calm: timedelta = LOOK,
        gather: Callable[[float], object] | None = None,
    ) -> None:
        """`gather`: lets that many seconds pass, in which more may be added."""
        self.wake_at: datetime | None = None
        """When anything may change by time alone."""
        self._clock, self._look, self._calm = clock, look, calm
        self._inbox = Inbox()
        self._urgent: dict[FeedName, datetime] = {}
        """The feeds that have news which waits, and since when."""
        self._more_to_come = False
        """Whether some of it is a change, of which a whole answer holds all at once."""
        self.due_at: datetime | None = None
        """When all that waits is to be judged."""
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._gather = gather or self._over.wait

    def __len__(self) -> int:
        """How many feeds have said something that is not learnt yet."""
        return len(self._inbox)

    def end(self) -> None:
        self._over.set()
        with self._changed:
            self._changed.notify()

    def look_again(self) -> None:
        """Something else than a reading is news. From any thread; never waits."""
        with self._changed:
            self.due_at = self._clock()
            self._changed.notify()

    def show_anew(self, at: datetime) -> None:
        """From `at` on ages alone are others, which wait as what only confirms does."""
        with self._changed:
            at += self._calm - LOOK
            self.due_at = at if self.due_at is None else min(self.due_at, at)

    def add(self, reading: Reading, knowledge: Knowledge) -> None:
        """What a feed said, to be weighed against what is known. Likewise."""
        with self._changed:
            self._inbox.add(reading)
            before = self.due_at
            if urgent(knowledge, reading):
                self._urgent.setdefault(reading.feed.key, reading.at)
                self._more_to_come |= not reading.complete
                self._put_off_no_further(self._look)
            elif confirms(knowledge, reading):
                self._wait_at_most(self._calm)
            else:
                self._wait_at_most(self._look)
            if self._urgent or self.due_at != before:
                self._changed.notify()

    def next(self) -> Due | None:
        """Wait for something to do; `None` at the end."""
        with self._changed:
            while not self._is_due():
                self._changed.wait(self._pause_s())
        if self._more_to_come:
            self._gather(GATHER_S)
        with self._changed:
            if self._over.is_set():
                return None
            heard = min(self._urgent.values(), default=None)
            return Due(self._taken(), heard)

    def rest(self, seconds: float) -> None:
        """Let others have their turn, so long or until the end."""
        if seconds > 0:
            self._over.wait(min(seconds, LONGEST_REST_S))

    def weigh_again(self, learnt: Readings, knowledge: Knowledge) -> None:
        """What came meanwhile was weighed against what was known before that."""
        with self._changed:
            for reading in self._inbox.waiting({one.feed.key for one in learnt}):
                if urgent(knowledge, reading):
                    self._urgent.setdefault(reading.feed.key, reading.at)
                elif not confirms(knowledge, reading):
                    self._put_off_no_further(self._look)

    def _wait_at_most(self, pause: timedelta) -> None:
        if self.due_at is None:
            self.due_at = self._clock() + pause
        else:
            self._put_off_no_further(pause)

    def _put_off_no_further(self, pause: timedelta) -> None:
        """Later it can also be by a clock that was set back."""
        if self.due_at is not None:
            self.due_at = min(self.due_at, self._clock() + pause)

    def _taken(self) -> Readings:
        """What is news; all that waits when nothing is, or when a moment has come at
        which anything may change."""
        news, self._urgent = self._urgent, {}
        self._more_to_come = False
        if news and not self._moment_has_come():
            return self._inbox.drain(news)
        self.due_at = None
        return self._inbox.drain()

    def _is_due(self) -> bool:
        over = self._over.is_set()
        return bool(over or self._urgent) or self._moment_has_come()

    def _moment_has_come(self) -> bool:
        now = self._clock()
        return any(at <= now for at in self._moments())

    def _pause_s(self) -> float | None:
        """Until something is due; for ever where nothing will be."""
        moments = self._moments()
        if not moments:
            return None
        return max(0.0, (min(moments) - self._clock()).total_seconds())

    def _moments(self) -> list[datetime]:
        return [at for at in (self.due_at, self.wake_at) if at]
