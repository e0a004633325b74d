"""What turned, from what an engine was told look by look. Pure.

A status is told with the moment from which it is in force, so that a turn has its own
moment and not that of the look that saw it; also one that nobody looked at when it was.
One that had turned back before the next look is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.status import Status
from app.domain.subject import Subject
from app.history.base import Turned
from app.history.promql_picture import moment
from app.history.promql_terms import subject
from collectors.telemetry import Series

RUN: Final = 6
"""Windows, one after another, that are looked into at once."""


@dataclass(slots=True)
class Looks:
    """By subject and moment: since when it was how it was, and how."""

    sinces: dict[Subject, dict[float, float]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    statuses: dict[Subject, dict[float, Status]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, told: Iterable[Series]) -> None:
        """Samples of both; a status is told by a 1."""
        for one in told:
            who, status = subject(one), one.labels.get("status")
            if status is None:
                self.sinces[who].update(one.samples)
                continue
            held = Status(status)
            seen = {at: held for at, value in one.samples if value == 1}
            self.statuses[who].update(seen)

    def merge(self, more: Looks) -> None:
        for who, seen in more.sinces.items():
            self.sinces[who].update(seen)
        for who, held in more.statuses.items():
            self.statuses[who].update(held)

    def turns(self, begin: datetime, end: datetime) -> Iterator[Turned]:
        for who, seen in self.sinces.items():
            last, statuses = None, self.statuses.get(who, {})
            for at in sorted(seen.keys() & statuses.keys()):
                status, since = statuses[at], moment(seen[at])
                if status is not last and begin <= since <= end:
                    yield Turned(since, who, status)
                last = status


def busy(
    sinces: Mapping[Subject, Mapping[float, float]], first: int
) -> dict[int, set[Subject]]:
    """Who turned in which window, by the window's end. Those that end by `first` only
    say how it was before."""
    found: dict[int, set[Subject]] = defaultdict(set)
    for who, seen in sinces.items():
        last = None
        for at in sorted(seen):
            if seen[at] != last and at > first:
                found[int(at)].add(who)
            last = seen[at]
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """Windows one after another, and who turned in any of them."""

    begin: int
    end: int
    who: frozenset[Subject]


def runs(found: Mapping[int, set[Subject]], window_s: int) -> Iterator[Run]:
    """`found`, as few as may be looked into at once."""
    run: list[int] = []
    for at in sorted(found):
        if run and (at - run[-1] > window_s or len(run) == RUN):
            yield _run(run, found, window_s)
            run = []
        run.append(at)
    if run:
        yield _run(run, found, window_s)


def _run(run: list[int], found: Mapping[int, set[Subject]], window_s: int) -> Run:
    who = frozenset().union(*(found[at] for at in run))
    return Run(run[0] - window_s, run[-1], who)
