"""One deployment's pipeline: a thread that learns, judges, numbers and publishes.

`report` may be called from any thread and never waits. Each reading wakes the thread;
everything that waits by then is learnt, and judged once. Between readings it sleeps
until the moment that the last judgement named (`wake_at`), so that what changes by time
alone is told in time, with no polling.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.bus.base import Bus, Json
from app.domain import wire
from app.domain.evaluate import Deployment, Memory, Outcome
from app.domain.knowledge import Knowledge, learn
from app.domain.reading import Reading
from app.pipeline.inbox import Inbox, first_heard
from app.pipeline.journal import record
from app.pipeline.numbering import Numbering

Evaluate = Callable[[Deployment, Knowledge, Memory, datetime], Outcome]
NOW: Final = timedelta(0)
SHORTEST_S: Final = 0.005
"""A moment that has passed already must not make the thread spin."""
PATIENCE: Final = timedelta(seconds=5)
"""How long the first picture waits for a source that has not answered at all."""

log = structlog.get_logger(__name__)


class Pipeline:
    def __init__(
        self,
        deployment: Deployment,
        evaluate: Evaluate,
        bus: Bus,
        clock: Callable[[], datetime],
        *,
        awaited: frozenset[str] = frozenset(),
        pushed: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        """`awaited`: sources that must have answered, or failed, before the first
        picture. `pushed` hears how long a change took from heard to handed on."""
        self.deployment = deployment
        self.knowledge = Knowledge()
        self._evaluate, self._bus, self._clock = evaluate, bus, clock
        self._awaited, self._pushed = awaited, pushed
        self._memory = Memory()
        self._numbering = Numbering(deployment)
        self._inbox = Inbox()
        self._changed = threading.Condition()
        self._ending = False
        self._born = clock()
        self._wake_at: datetime | None = self._born + (PATIENCE if awaited else NOW)
        self._thread = threading.Thread(
            target=self._run, name=f"pipeline-{deployment.id}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; return at once."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def running(self) -> bool:
        return self._thread.is_alive()

    def report(self, reading: Reading) -> None:
        """Hand over what a feed said. From any thread; never waits."""
        with self._changed:
            self._inbox.add(reading)
            self._changed.notify()

    def unheard(self) -> tuple[str, ...]:
        """The sources that the first picture still waits for."""
        heard = {source for source, _name in self.knowledge.feeds}
        return tuple(sorted(self._awaited - heard))

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._due, self._pause_s())
                if self._ending:
                    return
                readings = self._inbox.drain()
            self.turn(readings)

    def _due(self) -> bool:
        return self._ending or bool(self._inbox)

    def _pause_s(self) -> float | None:
        if self._wake_at is None:
            return None
        return max(SHORTEST_S, (self._wake_at - self._clock()).total_seconds())

    def turn(self, readings: tuple[Reading, ...]) -> None:
        """Learn all of `readings`, judge once, publish what changed."""
        learnt = all([self._learnt(reading) for reading in readings])
        now = self._clock()
        if self.unheard() and now < self._born + PATIENCE:
            return
        picture = self._judged(now) if learnt else None
        before = self._numbering.last
        step = self._numbering.number(picture, now)
        if step is not None:
            self._publish(*step, first_heard(readings))
            record(before, *step)

    def _learnt(self, reading: Reading) -> bool:
        try:
            self.knowledge = learn(self.knowledge, reading)
        except Exception:  # noqa: BLE001  one reading must not end the pipeline
            log.exception("bug in learning", feed=reading.feed.name)
            return False
        return True

    def _judged(self, now: datetime) -> Json | None:
        """The picture at `now`; `None` when our own rules failed on it."""
        self._wake_at = None
        try:
            outcome = self._evaluate(self.deployment, self.knowledge, self._memory, now)
            picture = wire.encode(outcome.snapshot, self.deployment.topology)
        except Exception:  # noqa: BLE001  a bug in a rule must not blind the wall
            log.exception("bug in the rules", deployment=self.deployment.id)
            return None
        self._memory, self._wake_at = outcome.memory, outcome.wake_at
        return picture

    def _publish(
        self, snapshot: Json, delta: Json | None, heard: datetime | None
    ) -> None:
        self._bus.publish(snapshot, delta)
        if heard is not None:
            self._pushed(max(0.0, (self._clock() - heard).total_seconds()))
