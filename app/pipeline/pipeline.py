"""One deployment's pipeline: a thread that learns, judges, numbers and publishes.

`report` may be called from any thread and never waits; when what it was told is looked
at is for `app.pipeline.agenda` to say. Between readings the thread sleeps until the
moment that the last judgement named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic, thread_time
from typing import Final
from zlib import crc32

import structlog

from app.bus.base import Bus, Json
from app.domain import wire
from app.domain.bucket import Bucket
from app.domain.evaluate import Deployment, Memory, Outcome
from app.domain.explain import explain
from app.domain.filled import filled
from app.domain.instants import instant
from app.domain.knowledge import EPOCH, SHOWN, Knowledge, learn
from app.domain.plain import plain
from app.domain.reading import FeedName, Reading
from app.domain.snapshot import Snapshot, SourceState
from app.domain.talk import Talk
from app.domain.timings import Timings
from app.domain.windows import Window
from app.pipeline.agenda import LOOK, Agenda, Readings
from app.pipeline.almanac import Almanac
from app.pipeline.casebook import Casebook
from app.pipeline.chronicle import Chronicle
from app.pipeline.journal import record
from app.pipeline.lately import Lately
from app.pipeline.moments import Moments
from app.pipeline.numbering import Numbering
from app.pipeline.succession import Left, Succession
from app.threads import Threaded

Evaluate = Callable[[Deployment, Knowledge, Memory, datetime], Outcome]
Remember = Callable[[Json, Json | None], None]
NOW: Final = timedelta(0)
SHORTEST: Final = timedelta(milliseconds=5)
"""A moment that has passed already must not make the thread spin."""
STILL: Final = timedelta(minutes=1)
"""So often what is shown is kept, also while nothing of it changes: where no picture
is, nobody looked (`app.domain.gaps`)."""
SHARE: Final = 0.3
"""Of a core: so much may a deployment take that has news all the time, so that it
delays no other."""
BURST_S: Final = 0.3
"""Of processor time, before it is held to its share."""
PATIENCE: Final = timedelta(seconds=5)
"""How long the first picture waits for who has not answered at all."""

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
        calm: timedelta = LOOK,
        shown: timedelta = SHOWN,
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
        what was published, and must not wait. `look`, `calm`: how long what is
        measured, and what only confirms, may wait to be judged. `shown`: how seldom
        the ages of what is confirmed are told anew."""
        super().__init__(f"pipeline-{deployment.id}")
        self.deployment = deployment
        """What the last judgement was made by; whom it asks stays while this runs."""
        self._judged_by = deployment
        """What the next one will be made by."""
        self.knowledge = Knowledge(shown=shown, grid=_grid(deployment.id, shown))
        self.turns = Timings()
        self._evaluate, self._bus, self._clock = evaluate, bus, clock
        self._awaited, self._pushed = awaited, pushed
        self._beside, self._windows, self._talk = beside, windows, talk
        self.memory, self._remember = Memory(), remember
        self._encoded: tuple[Snapshot, Json] | None = None
        """The last snapshot, and what was made of it."""
        self.lately, self.moments = Lately(), moments or Moments(deployment.id)
        self._casebook = casebook or Casebook(deployment)
        self._almanac, self._chronicle = almanac or Almanac(), chronicle or Chronicle()
        self._numbering = Numbering(deployment)
        self._succession = Succession(self._casebook)
        self._agenda = Agenda(clock, look, calm)
        self._expected: frozenset[FeedName] = frozenset()
        self._share = Bucket(monotonic(), size=BURST_S, per_s=SHARE)
        self._begin()

    def _begin(self) -> None:
        self._born = self._kept_at = self._clock()
        patience = PATIENCE if self._awaited else NOW
        self._agenda.wake_at = self._born + patience
        self.memory = self._succession.memory(self.memory, self._born)

    def expect(self, feeds: Iterable[FeedName]) -> None:
        """The first picture waits for these too: it is to be a whole one. Before
        `start`."""
        self._expected = frozenset(feeds)

    def take_up(self, left: Left) -> None:
        """Go on from another process' last, before `start`. The first picture waits for
        every source, and the records."""
        self._numbering.last = filled(left.picture)
        self._succession.take_up(left._replace(picture=self._numbering.last))
        self._awaited = frozenset(self.deployment.sources)
        self._begin()

    def start(self) -> None:
        self._begin()  # It may have stood by for days.
        self.moments.start()
        super().start()

    def stop(self) -> None:
        """Ask the thread to end; return at once."""
        self._agenda.end()
        self.moments.stop()

    def join(self, timeout_s: float) -> None:
        super().join(timeout_s)
        self.moments.join(timeout_s)

    def waiting(self) -> int:
        """How many feeds have said something that is not learnt yet."""
        return len(self._agenda)

    def report(self, reading: Reading) -> None:
        """Hand over what a feed said. From any thread; never waits."""
        self._agenda.add(reading, self.knowledge)

    def look_again(self) -> None:
        """Something else than a reading is news. From any thread; never waits."""
        self._agenda.look_again()

    def judge_by(self, by: Deployment) -> None:
        """Judge anew, as this one says, with all that is known and every hold that has
        begun. From any thread; never waits."""
        own = self.deployment
        self._judged_by = replace(
            own, limits=by.limits, calendar=by.calendar, windows=by.windows
        )
        self.look_again()

    def unheard(self) -> tuple[str, ...]:
        """Whom the first picture still waits for."""
        heard = self.knowledge.feeds.keys()
        sources = {source for source, _name in heard}
        lacking = {source for source, _name in self._expected - heard}
        records = self._succession.unheard()
        return tuple(sorted((self._awaited - sources) | lacking | records))

    def explained(self, number: int) -> Json | None:
        """Why a connection stands where it does; `None` before anything was judged."""
        found = explain(
            self.deployment, self.knowledge, self.memory, self._clock(), number
        )
        return None if found is None else plain(found)

    def _run(self) -> None:
        while (due := self._agenda.next()) is not None:
            began, spent = monotonic(), thread_time()
            self.turn(*due)
            self.turns = self.turns.timed(monotonic() - began)
            self._agenda.weigh_again(due.readings, self.knowledge)
            self._agenda.rest(self._share.spend(thread_time() - spent, monotonic()))

    def turn(self, readings: Readings, heard: datetime | None = None) -> None:
        """Learn all of `readings`, judge once, publish what changed. `heard`: when the
        first of them that is urgent was."""
        learnt = all([self._learnt(reading) for reading in readings])
        now = self._clock()
        if self.unheard() and now < self._born + PATIENCE:
            return
        picture = self._judged(now) if learnt else None
        before = self._numbering.last
        shown = self._succession.shown(picture, self.memory.left)
        step = self._numbering.number(shown, now)
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
        self._agenda.wake_at = None
        by = self._watched()
        try:
            memory = replace(self.memory, habits=self._almanac.habits(now))
            outcome = self._evaluate(by, self.knowledge, memory, now)
            noted = self._casebook.note(outcome.snapshot, now)
            sources = (*noted.sources, *self._beside())
            snapshot = replace(noted, sources=sources, talk=self._talk())
            picture = wire.encode(snapshot, by.topology, self._encoded)
        except Exception:  # noqa: BLE001  a bug in a rule must not blind the wall
            log.exception("bug in the rules", deployment=by.id)
            return None
        # Together with the memory: what is explained is the judgement that was made.
        self.deployment, self.memory = by, outcome.memory
        self._encoded = (snapshot, picture)
        self._almanac.note(snapshot, by.calendar, now)
        if waits := [at for at in (outcome.wake_at, self._casebook.wake_at) if at]:
            self._agenda.wake_at = max(min(waits), now + SHORTEST)
        if outcome.shown_at is not None:
            self._agenda.show_anew(max(outcome.shown_at, now + SHORTEST))
        return picture

    def _watched(self) -> Deployment:
        """With all its maintenance windows, configured or set since."""
        known = *self._judged_by.windows, *self._windows(), *self._succession.windows()
        return replace(self._judged_by, windows=known)

    def _publish(
        self, snapshot: Json, delta: Json | None, heard: datetime | None
    ) -> None:
        self._bus.publish(snapshot, delta)
        if heard is not None:
            self._pushed(max(0.0, (self._clock() - heard).total_seconds()))


def _grid(deployment: str, step: timedelta) -> datetime:
    """Where its steps begin: were it the same moment, all would be judged at once."""
    return EPOCH + step * (crc32(deployment.encode()) / 2**32)
