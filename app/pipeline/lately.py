"""The last hour in memory: every connection's live numbers, one value a step.

Noting costs the pipeline a list of 31 references: the numbers themselves are what
`wire.encode` made. What is kept is bounded, whatever the pace of the news: an hour of
steps. A step in which nothing was judged, and a number that nobody measured, are gaps.
"""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime
from typing import Final, NamedTuple

from app.bus.base import Json
from app.domain.hour import SPAN_S, STEP_S, Series, step_of
from app.domain.snapshot import Metrics

KEPT_S: Final = SPAN_S + 60
"""A minute more than may be asked for: an answer takes its time."""
KEPT_STEPS: Final = KEPT_S // STEP_S + 1


class _Step(NamedTuple):
    at: int
    metrics: list[tuple[int, Json]]
    """Of every connection, by its number; never changed once it is here."""


class Lately:
    """Written by the pipeline's thread, read by the web."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: deque[_Step] = deque(maxlen=KEPT_STEPS)

    def note(self, picture: Json, now: datetime) -> None:
        """Keep the numbers of `picture`, true at `now`; the newest of a step wins.

        What a clock that was set back has made the future is forgotten.
        """
        at = step_of(now.timestamp())
        step = _Step(at, [(c["number"], c["metrics"]) for c in picture["connections"]])
        with self._lock:
            while self._steps and self._steps[-1].at >= at:
                self._steps.pop()
            self._steps.append(step)

    def of(self, number: int, since: datetime, until: datetime) -> Series:
        """One connection's numbers in the steps that begin within these moments."""
        first, last = since.timestamp(), until.timestamp()
        with self._lock:
            steps = list(self._steps)
        series: dict[str, list[tuple[int, float]]] = {m: [] for m in Metrics.__slots__}
        for at, metrics in (one for one in steps if first <= one.at <= last):
            for name, value in dict(metrics).get(number, {}).items():
                if value is not None:
                    series[name].append((at, value))
        return series
