"""History that a Prometheus-compatible engine keeps, read back by PromQL.

The engine holds what `/metrics` told it, once a look: it scrapes the dashboard, or is
pushed to (`app.history.push`). Pictures are put together again from one look. Where
nobody looked, nothing is told: no value is carried on.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from app.domain.moments import Moment
from app.domain.subject import Subject
from app.domain.topology import Topology
from app.history import promql_terms as terms
from app.history.base import Health, Turned
from app.history.promql_picture import Look, moment, picture
from app.history.promql_talk import Engine
from app.history.promql_terms import About
from app.history.promql_turns import Looks, busy, runs
from app.history.push import Push
from collectors.telemetry import Series

if TYPE_CHECKING:  # Loads numpy, which nobody needs who only hands over.
    from app.domain.rollups import Answer, Ask, Statuses

Json = dict[str, Any]

STEPS_MOST: Final = 10_000
"""Of one question; Prometheus refuses more than 11,000."""
VALUES_MOST: Final = 500_000
"""Of one answer: some 12 MB."""
EVERYBODY: Final = 64
"""Series a step of what there is one of each connection and box, or a few more."""
SKEW_S: Final = 30.0
"""By how much the engine's clock may differ from ours."""
REACH: Final = ("1d", "31d", "400d")
"""How far back the newest picture is sought."""
OLDEST: Final = REACH[-1]
FIRST_FOR: Final = timedelta(minutes=10)
"""How long it is known which picture is the first: it costs a pass over all of them."""
MINUTE_S: Final = 60
WINDOWS: Final = (600, 7200, 86_400)
"""In which turns are sought, the finest first."""
WINDOWS_MOST: Final = 2000


class PromqlHistory:
    """`look_s`: seconds between two looks. `clock`: the time now. `push`: brings the
    looks to the engine, where it does not fetch them itself."""

    def __init__(
        self,
        engine: Engine,
        topologies: Mapping[str, Topology],
        clock: Callable[[], datetime],
        look_s: float = 15.0,
        push: Push | None = None,
    ) -> None:
        self._push = push
        self._engine, self._topologies = engine, topologies
        self._clock, self._look_s = clock, look_s
        self._firsts: dict[str, tuple[datetime, datetime]] = {}
        """By deployment: the first picture, and until when that is taken for true."""

    def start(self) -> None:
        if self._push is not None:
            self._push.start()

    def stop(self) -> None:
        """Ask what runs to end; return at once."""
        if self._push is not None:
            self._push.stop()

    def join(self, timeout_s: float) -> None:
        if self._push is not None:
            self._push.join(timeout_s)
        self._engine.close()

    def running(self) -> bool:
        return self._push is None or self._push.running()

    def listen(self, listener: Callable[[], None]) -> None:
        """Called whenever `health` has changed."""
        if self._push is not None:
            self._push.listen(listener)

    def waiting(self) -> int:
        return 0 if self._push is None else self._push.waiting()

    def health(self) -> Health:
        return Health() if self._push is None else self._push.health()

    def note(self, deployment: str, picture: Json, delta: Json | None) -> None:
        """An engine that scrapes comes by itself."""
        if self._push is not None:
            self._push.note(deployment, picture)

    def picture(self, deployment: str, at: datetime) -> Json | None:
        topology = self._topologies.get(deployment)
        told = None if topology is None else self._told(deployment, at.timestamp())
        if topology is None or told is None:
            return None
        seen, made = told
        look = Look(self._engine.now(terms.everything(deployment), seen))
        return picture(deployment, topology, moment(made), moment(seen), look)

    def pictures(
        self,
        deployment: str,
        begin: datetime,
        end: datetime,
        step: timedelta,
        most: int,
    ) -> Iterator[Json]:
        last, told = None, 0
        for one in self.moments(deployment, begin, end):
            own = one.at.timestamp() // step.total_seconds()
            if not one.turned:
                if own == last:
                    continue
                last = own
            found = self.picture(deployment, one.at) if told < most else None
            if found is not None:
                told += 1
                yield found

    def first(self, deployment: str) -> datetime | None:
        now = self._clock()
        known, until = self._firsts.get(deployment, (now, now))
        if now < until:
            return known
        ask = terms.made_first(deployment, OLDEST)
        found = [moment(one.value) for one in self._engine.now(ask, _end(now))]
        for one in found:
            self._firsts[deployment] = (one, now + FIRST_FOR)
        return found[0] if found else None

    def last(self, deployment: str, at: datetime) -> datetime | None:
        """When the newest picture made by then was."""
        told = self._told(deployment, at.timestamp())
        return None if told is None else moment(told[1])

    def moments(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Moment, ...]:
        """One a minute, and the first look that saw a turn."""
        ask = terms.made_each(deployment, MINUTE_S)
        span = _grid(begin, end + timedelta(seconds=MINUTE_S), MINUTE_S)
        told = self._over(ask, *span, MINUTE_S, 1)
        made = {at for answer in told for one in answer for _, at in one.samples}
        turned = self._saw(deployment, self.turns(deployment, begin, end))
        every = sorted({moment(at) for at in made} | turned)
        return tuple(Moment(at, at in turned) for at in every if begin <= at <= end)

    def turns(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Turned, ...]:
        about = About(deployment)
        size = next(
            (
                size
                for size in WINDOWS
                if (end - begin).total_seconds() / size <= WINDOWS_MOST
            ),
            WINDOWS[-1],
        )
        late = end + 2 * timedelta(seconds=self._look_s)
        first = int(begin.timestamp()) // size * size
        looks = self._looks(about, first, _grid(begin, late, size)[1], size)
        found = looks.turns(begin, end)
        return tuple(sorted(found, key=lambda one: (one.at, str(one.subject))))

    def series(self, deployment: str, ask: Ask) -> Answer:
        from app.domain.rollups import Answer
        from app.history.promql_columns import by_metric, columns

        since = self.first(deployment)
        if since is None:
            return Answer(ask.step_s, None)
        about = About(deployment, ask.subjects)
        first, last = _grid(ask.begin, ask.end, ask.step_s)
        first = max(first, int(since.timestamp()) // ask.step_s * ask.step_s)
        over = functools.partial(self._over, first=first, last=last, step_s=ask.step_s)
        size = terms.how_many(ask, about)
        told = {
            figure: by_metric(over(query, size=size), ask.step_s)
            for figure in terms.FIGURES
            if (query := terms.rolled_up(ask, about, figure))
        }
        found = columns(told) if told else {}
        return Answer(ask.step_s, since, found, self._spent(ask, about, over))

    def _spent(
        self, ask: Ask, about: About, over: Callable[..., Iterable[Iterable[Series]]]
    ) -> dict[Subject, Statuses]:
        """A step that is shorter than a look is within the one before it."""
        from app.history.promql_columns import spent

        query = terms.statuses(about, max(ask.step_s, round(self._look_s)))
        if query is None:
            return {}
        return spent(over(query, size=EVERYBODY), ask.step_s, self._look_s)

    def _over(
        self, query: str, first: int, last: int, step_s: int, size: int
    ) -> Iterator[tuple[Series, ...]]:
        """The steps that begin from `first` to `last`, in as many questions as an
        answer of `size` series a step needs. Each is told at its end."""
        most = max(1, min(STEPS_MOST, VALUES_MOST // size))
        for begin in range(first, last + 1, most * step_s):
            end = min(last, begin + (most - 1) * step_s)
            yield self._engine.over(query, begin + step_s, end + step_s, step_s)

    def _told(self, deployment: str, at: float) -> tuple[float, float] | None:
        """When the newest picture made by then was told, and when it was made."""
        found = self._near(deployment, at)
        for window in () if found else REACH:
            ask = terms.made_last(deployment, window)
            made = [one.value for one in self._engine.now(ask, at)]
            if made:
                return self._near(deployment, min(made[0], at))
        return found

    def _near(self, deployment: str, at: float) -> tuple[float, float] | None:
        window = 2 * self._look_s + 2 * SKEW_S
        told = self._engine.now(terms.made(deployment, window), at + SKEW_S)
        samples = (sample for one in told for sample in one.samples)
        # A picture has whole milliseconds, `at` may have less.
        made = [(seen, made) for seen, made in samples if made < at + 0.001]
        return max(made, default=None)

    def _saw(self, deployment: str, turns: Iterable[Turned]) -> set[datetime]:
        """Of each turn, the first picture that shows it."""
        ats = sorted({one.at.timestamp() for one in turns})
        window = WINDOWS[0]
        found: set[datetime] = set()
        for begin in sorted({int(at) // window * window for at in ats}):
            made = self._made(deployment, begin, begin + window)
            for at in ats:
                place = bisect_left(made, at - 0.0005)
                if begin <= at < begin + window and place < len(made):
                    found.add(moment(made[place]))
        return found

    def _made(self, deployment: str, begin: float, end: float) -> list[float]:
        """When the pictures were made that were told between these moments, or so."""
        late = end + SKEW_S + 2 * self._look_s
        told = self._engine.now(terms.made(deployment, late - begin + SKEW_S), late)
        return sorted({made for one in told for _, made in one.samples})

    def _looks(self, about: About, first: int, last: int, size: int) -> Looks:
        """A look at the end of each window, and every one of where something turned;
        how all was before comes from the window before the first."""
        looks, before = Looks(), first - size
        for query in (terms.last_sinces, terms.last_statuses):
            for answer in self._over(query(about, size), before, last, size, EVERYBODY):
                looks.add(answer)
        fewer = functools.partial(replace, about)
        for run in runs(busy(looks.sinces, first), size):
            some = fewer(subjects=tuple(sorted(run.who, key=str)))
            looks.merge(self._within(some, run.begin, run.end, size))
        return looks

    def _within(self, about: About, begin: int, end: int, size: int) -> Looks:
        place = WINDOWS.index(size)
        if place:
            finer = WINDOWS[place - 1]
            return self._looks(about, begin, end - finer, finer)
        looks = Looks()
        for label in ("connection", "node"):
            query = terms.looks(about, label, end - begin)
            if query is not None:
                looks.add(self._engine.now(query, end))
        return looks


def _grid(begin: datetime, end: datetime, step_s: int) -> tuple[int, int]:
    """The first step that begins within, and the last one."""
    first = -(-begin.timestamp() // step_s) * step_s
    last = -(-end.timestamp() // step_s) * step_s - step_s
    return int(first), int(last)


def _end(now: datetime) -> float:
    return now.timestamp() + SKEW_S
