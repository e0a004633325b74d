"""One deployment's pipeline: a thread that learns, judges, numbers and publishes.

`report` may be called from any thread and never waits. A reading that may change a
verdict at once (`knowledge.urgent`) wakes the thread, and is judged with what else is
urgent by then. Measurements wait for the regular look, a second at most: they colour
only after a hold, forty targets must not mean forty judgements, and news must not wait
until fifty pages are learnt and told. Between readings it sleeps until the moment that
the last judgement named (`wake_at`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import structlog

from app.bus.base import Bus, Json
from app.domain import wire
from app.domain.evaluate import Deployment, Memory, Outcome
from app.domain.explain import explain
from app.domain.filled import filled
from app.domain.instants import instant
from app.domain.knowledge import Knowledge, learn, urgent
from app.domain.plain import plain
from app.domain.reading import FeedName, Reading
from app.domain.snapshot import Snapshot, SourceState
from app.domain.taken_up import tracks
from app.domain.talk import Talk
from app.domain.timings import Timings
from app.domain.windows import Window
from app.pipeline.almanac import Almanac
from app.pipeline.casebook import Casebook
from app.pipeline.chronicle import Chronicle
from app.pipeline.inbox import Inbox
from app.pipeline.journal import record
from app.pipeline.lately import Lately
from app.pipeline.moments import Moments
from app.pipeline.numbering import Numbering
from app.threads import Threaded

Evaluate = Callable[[Deployment, Knowledge, Memory, datetime], Outcome]
Remember = Callable[[Json, Json | None], None]
Readings = tuple[Reading, ...]
NOW: Final = timedelta(0)
SHORTEST: Final = timedelta(milliseconds=5)
"""A moment that has passed already must not make the thread spin."""
LOOK: Final = timedelta(seconds=1)
"""How long a measurement may wait to be judged with others."""
STILL: Final = timedelta(minutes=1)
"""So often what is shown is kept, also while nothing of it changes: where no picture
is, nobody looked (`app.domain.gaps`)."""
PATIENCE: Final = timedelta(seconds=5)
"""How long the first picture waits for a source that has not answered at all."""

log = structlog.get_logger(__name__)


class Pipeline(Threaded):
    def __init__(
        self,
        deployment: Deployment,
        evaluate: Evaluate,
        bus: Bus,
        clock: Callable[[], datetime],
        *,
        awaited: frozenset[str] = frozenset(),
        pushed: Callable[[float], None] = lambda seconds: None,
        casebook: Casebook | None = None,
        beside: Callable[[], tuple[SourceState, ...]] = tuple,
        almanac: Almanac | None = None,
        windows: Callable[[], tuple[Window, ...]] = tuple,
        look: timedelta = LOOK,
        moments: Moments | None = None,
        talk: Callable[[], Talk] = Talk,
        chronicle: Chronicle | None = None,
        remember: Remember = lambda picture, delta: None,
    ) -> None:
        """`awaited`: sources that must have answered, or failed, before the first
        picture. `pushed` hears how long a change took from heard to handed on.
        `beside`: what else is shown among the sources, of this process itself.
        `windows`: those for maintenance that were set while it runs. `moments`: where
        past pictures are kept. `talk`: what people say of it all. `remember`: is handed
        what was published, and must not wait."""
        super().__init__(f"pipeline-{deployment.id}")
        self.deployment = deployment
        """What the last judgement was made by; whom it asks stays while this runs."""
        self._judged_by = deployment
        """What the next one will be made by."""
        self.knowledge, self.turns = Knowledge(), Timings()
        self._evaluate, self._bus, self._clock = evaluate, bus, clock
        self._awaited, self._pushed = awaited, pushed
        self._beside, self._windows, self._talk = beside, windows, talk
        self._memory, self._look, self._remember = Memory(), look, remember
        self._encoded: tuple[Snapshot, Json] | None = None
        """The last snapshot, and what was made of it."""
        self.lately, self.moments = Lately(), moments or Moments(deployment.id)
        self._casebook = casebook or Casebook(deployment)
        self._almanac, self._chronicle = almanac or Almanac(), chronicle or Chronicle()
        self._numbering, self._inbox = Numbering(deployment), Inbox()
        self._urgent: dict[FeedName, datetime] = {}
        """The feeds that have news which waits, and since when."""
        self._due_at: datetime | None = None
        """When all that waits is to be judged."""
        self._changed = threading.Condition()
        self._ending = False
        self._begin()

    def _begin(self) -> None:
        self._born = self._kept_at = self._clock()
        patience = PATIENCE if self._awaited else NOW
        self._wake_at: datetime | None = self._born + patience

    def take_up(self, picture: Json) -> None:
        """Go on from another process' last, before `start`. The first picture waits for
        every source then: what was seen must not seem gone."""
        self._numbering.last = filled(picture)
        self._memory = replace(self._memory, tracks=tracks(picture))
        self._awaited = frozenset(self.deployment.sources)

    def start(self) -> None:
        self._begin()  # It may have stood by for days.
        self.moments.start()
        super().start()

    def stop(self) -> None:
        """Ask the thread to end; return at once."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self.moments.stop()

    def join(self, timeout_s: float) -> None:
        super().join(timeout_s)
        self.moments.join(timeout_s)

    def waiting(self) -> int:
        """How many feeds have said something that is not learnt yet."""
        return len(self._inbox)

    def report(self, reading: Reading) -> None:
        """Hand over what a feed said. From any thread; never waits."""
        with self._changed:
            self._inbox.add(reading)
            due, look = self._due_at, self._clock() + self._look
            # Later than a look from now it can only be by a clock that was set back.
            if due is not None and due > look:
                self._due_at = look
            if urgent(self.knowledge, reading):
                self._urgent.setdefault(reading.feed.key, reading.at)
            elif due is None:
                self._due_at = look
            if self._urgent or self._due_at != due:
                self._changed.notify()

    def look_again(self) -> None:
        """Something else than a reading is news. From any thread; never waits."""
        with self._changed:
            self._due_at = self._clock()
            self._changed.notify()

    def judge_by(self, by: Deployment) -> None:
        """Judge anew, as this one says, with all that is known and every hold that has
        begun. From any thread; never waits."""
        own = self.deployment
        self._judged_by = replace(
            own, limits=by.limits, calendar=by.calendar, windows=by.windows
        )
        self.look_again()

    def unheard(self) -> tuple[str, ...]:
        """The sources that the first picture still waits for."""
        heard = {source for source, _name in self.knowledge.feeds}
        return tuple(sorted(self._awaited - heard))

    def explained(self, number: int) -> Json | None:
        """Why a connection stands where it does; `None` before anything was judged."""
        found = explain(
            self.deployment, self.knowledge, self._memory, self._clock(), number
        )
        return None if found is None else plain(found)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._due():
                    self._changed.wait(self._pause_s())
                if self._ending:
                    return
                heard = min(self._urgent.values(), default=None)
                readings = self._taken()
            began = monotonic()
            self.turn(readings, heard)
            self.turns = self.turns.timed(monotonic() - began)
            self._weigh_again({reading.feed.key for reading in readings})

    def _taken(self) -> Readings:
        """What is news; all that waits when nothing is, or when a moment has come at
        which anything may change."""
        news, self._urgent = self._urgent, {}
        if news and not self._moment_has_come():
            return self._inbox.drain(news)
        self._due_at = None
        return self._inbox.drain()

    def _weigh_again(self, learnt: set[FeedName]) -> None:
        """What came during the turn was weighed against what was known before it."""
        with self._changed:
            for reading in self._inbox.waiting(learnt):
                if urgent(self.knowledge, reading):
                    self._urgent.setdefault(reading.feed.key, reading.at)

    def _due(self) -> bool:
        return bool(self._ending or self._urgent) or self._moment_has_come()

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
        return [at for at in (self._due_at, self._wake_at) if at]

    def turn(self, readings: Readings, heard: datetime | None = None) -> None:
        """Learn all of `readings`, judge once, publish what changed. `heard`: when the
        first of them that is urgent was."""
        learnt = all([self._learnt(reading) for reading in readings])
        now = self._clock()
        if self.unheard() and now < self._born + PATIENCE:
            return
        picture = self._judged(now) if learnt else None
        before = self._numbering.last
        step = self._numbering.number(picture, now)
        if step is not None:
            self._publish(*step, heard)
            self._keep(*step, now)
            record(before, *step)
        elif before is not None and not NOW <= now - self._kept_at < STILL:
            self._keep(before | {"at": instant(now)}, {}, now)
        self._casebook.record()
        if picture is not None and self._encoded is not None:
            self.lately.note(picture, now)
            self._chronicle.note(self._encoded[0])

    def _keep(self, picture: Json, delta: Json | None, now: datetime) -> None:
        self.moments.note(picture, delta)
        self._remember(picture, delta)
        self._kept_at = now

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
        by = self._watched()
        try:
            memory = replace(self._memory, habits=self._almanac.habits(now))
            outcome = self._evaluate(by, self.knowledge, memory, now)
            noted = self._casebook.note(outcome.snapshot, now)
            sources = (*noted.sources, *self._beside())
            snapshot = replace(noted, sources=sources, talk=self._talk())
            picture = wire.encode(snapshot, by.topology, self._encoded)
        except Exception:  # noqa: BLE001  a bug in a rule must not blind the wall
            log.exception("bug in the rules", deployment=by.id)
            return None
        # Together with the memory: what is explained is the judgement that was made.
        self.deployment, self._memory = by, outcome.memory
        self._encoded = (snapshot, picture)
        self._almanac.note(snapshot, by.calendar, now)
        if waits := [at for at in (outcome.wake_at, self._casebook.wake_at) if at]:
            self._wake_at = max(min(waits), now + SHORTEST)
        return picture

    def _watched(self) -> Deployment:
        """With all its maintenance windows, configured or set since."""
        windows = *self._judged_by.windows, *self._windows()
        return replace(self._judged_by, windows=windows)

    def _publish(
        self, snapshot: Json, delta: Json | None, heard: datetime | None
    ) -> None:
        self._bus.publish(snapshot, delta)
        if heard is not None:
            self._pushed(max(0.0, (self._clock() - heard).total_seconds()))
