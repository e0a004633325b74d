"""What a Prometheus remembers of the last hour, for where the dashboard has nothing.

Only what counts traffic is asked for, by the questions that are asked live, as ranges:
each step is then read as an answer of that moment. Steps lie on the grid of the hour in
memory, so that an engine that moves a range to multiples of its step moves nothing.
Asked in quarters of an hour, the newest first: what was heard before one of them fails
is kept, and an answer stays small.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from app.domain.facts_traffic import TrafficFact
from app.domain.hour import SPAN_S, STEP_S, Recalled, step_of
from app.domain.named import Names
from app.domain.recalled import numbers
from collectors.base import Clock
from collectors.telemetry import Answers, Asked, Series, Telemetry

Remember = Callable[[str, Recalled], None]
"""(the source's name, what it recalls)"""
AskRange = Callable[[str, int, int], tuple[Series, ...]]
"""(the question, the first step, the last one); raises `CollectorError`."""
PIECE: Final = 60
"""Steps that are asked for at once: a quarter of an hour."""
SETTLE_S: Final = 5.0
"""Whose an address is, Kubernetes tells a moment after the start."""
AGAIN_S: Final = 60.0
AGAIN_MOST_S: Final = 1800.0


def forget(by: str, recalled: Recalled) -> None:
    """For who has no memory to fill."""


def again_s(failures: int) -> float:
    """Seconds to leave after so many failures in a row."""
    return min(AGAIN_MOST_S, AGAIN_S * 2.0 ** max(0, failures - 1))


class Gaps:
    """The steps of the last hour in which a kind of telemetry was not heard."""

    def __init__(self, longest_s: float) -> None:
        """`longest_s`: how long what was heard last is still shown."""
        self._longest = timedelta(seconds=longest_s)
        self._lock = threading.Lock()
        self._heard: dict[str, datetime] = {}
        self._missing: set[int] = set()
        self._noted_at: datetime | None = None

    def heard(self, kind: str, now: datetime) -> None:
        """A kind was heard now; nothing is known of it from before the first time."""
        hour_ago = now - timedelta(seconds=SPAN_S)
        with self._lock:
            last = max(self._heard.get(kind, hour_ago), hour_ago)
            self._heard[kind] = now
            if now - last > self._longest:
                first = step_of(last.timestamp()) + STEP_S
                until = step_of(now.timestamp()) + STEP_S
                self._noted_at = self._noted_at if self._missing else now
                self._missing.update(range(first, until, STEP_S))

    def settled(self, now: datetime) -> bool:
        """Something is missing, and not since this very moment."""
        at = self._noted_at
        waited = at is not None and abs((now - at).total_seconds()) >= SETTLE_S
        return waited and bool(self.missing(now))

    def missing(self, now: datetime) -> tuple[int, ...]:
        """In order. What has left the hour is missed by nobody."""
        oldest = now.timestamp() - SPAN_S
        with self._lock:
            self._missing = {at for at in self._missing if at >= oldest}
            return tuple(sorted(self._missing))

    def filled(self, steps: Iterable[int], kinds: Iterable[str]) -> None:
        """Asked for; of these kinds, also of those that were not heard live so far."""
        with self._lock:
            done = set(steps)
            self._missing -= done
            newest = datetime.fromtimestamp(max(done), UTC)
            for kind in kinds:
                self._heard.setdefault(kind, newest)


class LastHour:
    def __init__(
        self,
        ask: AskRange,
        names: Callable[[], Names],
        window_s: float,
        clock: Clock,
        longest_s: float,
    ) -> None:
        self.gaps = Gaps(longest_s)
        self._ask, self._names, self._clock = ask, names, clock
        self._window_s = window_s
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def quarters(
        self, kinds: Sequence[Telemetry], tell: Callable[[Recalled], None]
    ) -> None:
        """Ask for all that is missing, and tell each quarter once it is read. Raises
        `CollectorError`; what was told before stays told."""
        while not self._stopping.is_set() and self.quarter(kinds, tell):
            continue

    def quarter(
        self, kinds: Sequence[Telemetry], tell: Callable[[Recalled], None]
    ) -> bool:
        """Ask for the newest quarter that is missing; False: nothing is."""
        missing = self.gaps.missing(self._clock())
        if not missing:
            return False
        last = missing[-1]
        steps = [at for at in missing if at > last - PIECE * STEP_S]
        told = [
            (kind, {n: self._ask(q, steps[0], last) for n, q in kind.asks.items()})
            for kind in kinds
        ]
        tell(self._recalled(told, frozenset(steps)))
        self.gaps.filled(steps, [kind.name for kind in kinds])
        return True

    def _recalled(
        self, told: Sequence[tuple[Telemetry, Answers]], wanted: frozenset[int]
    ) -> Recalled:
        names = self._names()
        sliced = [(kind, at_steps(answers)) for kind, answers in told]
        found = {}
        for at in sorted(wanted):
            began = monotonic()
            answers = [(kind, steps[at]) for kind, steps in sliced if at in steps]
            moment = Asked(names, self._window_s, datetime.fromtimestamp(at, UTC))
            found[at] = recalled(answers, moment)
            # A hundred pods' histograms are read for seconds; what is live goes first.
            if self._stopping.wait(monotonic() - began):
                break
        return found


def at_steps(answers: Answers) -> dict[int, dict[str, list[Series]]]:
    """The answers about a range, by its steps, as answers about a moment."""
    found: dict[int, dict[str, list[Series]]] = defaultdict(
        lambda: {name: [] for name in answers}
    )
    for name, series in answers.items():
        for one in series:
            for at, value in one.samples:
                found[step_of(round(at))][name].append(Series(one.labels, value))
    return found


def recalled(
    answers: Iterable[tuple[Telemetry, Answers]], asked: Asked
) -> dict[int, dict[str, float]]:
    """The numbers of every connection at one moment."""
    facts = [fact for kind, told in answers for fact in kind.read(told, asked)]
    traffic = [fact for fact in facts if isinstance(fact, TrafficFact)]
    return numbers(asked.names.topology, traffic, asked.at)
