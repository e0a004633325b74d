"""The last hour in memory: every connection's live numbers, one value a step.

Noting costs the pipeline a list of 31 references: the numbers themselves are what
`wire.encode` made, and are packed once their step is over. What is kept is bounded,
whatever the pace of the news: an hour of steps. A step in which nothing was judged, and
a number that nobody measured, are gaps; a source that remembers may fill them, and what
was measured at the time stays.
"""

from __future__ import annotations

import threading
from array import array
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from app.bus.base import Json
from app.domain.hour import SPAN_S, STEP_S, Point, Recalled, Series, step_of
from app.domain.snapshot import Metrics

KEPT_S: Final = SPAN_S + 60
"""A minute more than may be asked for: an answer takes its time."""
KEPT_STEPS: Final = KEPT_S // STEP_S + 1


Measured = list[tuple[int, Json]]
"""The metrics of every connection, by its number; never changed once it is here."""
Layout = tuple[tuple[int, tuple[str, ...]], ...]
"""Of every connection by its number: which metrics somebody measured."""


class _Packed(NamedTuple):
    """A step that is over. `values`: in the order of `layout`, which is one and the
    same from step to step while the same is measured."""

    at: int
    layout: Layout
    values: array[float]

    def of(self, number: int) -> Mapping[str, float]:
        begin = 0
        for found, names in self.layout:
            end = begin + len(names)
            if found == number:
                return dict(zip(names, self.values[begin:end], strict=True))
            begin = end
        return {}


class _Told(NamedTuple):
    """What a source said afterwards of one step."""

    by: str
    metrics: Mapping[int, Mapping[str, float]]


class Lately:
    """Written by the pipeline's thread and by who recalls, read by the web."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: deque[_Packed] = deque(maxlen=KEPT_STEPS - 1)
        self._newest: tuple[int, Measured] | None = None
        self._told: dict[int, _Told] = {}

    def note(self, picture: Json, now: datetime) -> None:
        """Keep the numbers of `picture`, true at `now`; the newest of a step wins.

        What a clock that was set back has made the future is forgotten.
        """
        at = step_of(now.timestamp())
        measured = [(c["number"], c["metrics"]) for c in picture["connections"]]
        with self._lock:
            if self._newest is not None and self._newest[0] < at:
                self._steps.append(self._packed(*self._newest))
            self._newest = at, measured
            while self._steps and self._steps[-1].at >= at:
                self._steps.pop()
            for old in [one for one in self._told if not at - KEPT_S <= one <= at]:
                del self._told[old]

    def fill(self, by: str, recalled: Recalled) -> None:
        """Keep what the source `by` remembers, for where nothing was measured."""
        with self._lock:
            for at, metrics in recalled.items():
                self._told[at] = _Told(by, metrics)
            for old in sorted(self._told)[:-KEPT_STEPS]:
                del self._told[old]

    def of(self, number: int, since: datetime, until: datetime) -> Series:
        """One connection's numbers in the steps that begin within these moments."""
        first, last = since.timestamp(), until.timestamp()
        with self._lock:
            steps, newest = tuple(self._steps), self._newest
            told = dict(self._told)
        own = {one.at: one.of(number) for one in steps if first <= one.at <= last}
        if newest is not None:
            own[newest[0]] = dict(newest[1]).get(number, {})
        series: dict[str, list[Point]] = {m: [] for m in Metrics.__slots__}
        for at in sorted({*own, *told}):
            if first <= at <= last:
                for name, point in _points(at, number, own.get(at, {}), told.get(at)):
                    series[name].append(point)
        return series

    def _packed(self, at: int, measured: Measured) -> _Packed:
        layout = tuple((number, _measured(metrics)) for number, metrics in measured)
        if self._steps and self._steps[-1].layout == layout:
            layout = self._steps[-1].layout
        values = (m[name] for (_, m), (_, names) in zip(measured, layout, strict=True)
                  for name in names)  # fmt: skip
        return _Packed(at, layout, array("d", values))


def _measured(metrics: Json) -> tuple[str, ...]:
    return tuple(name for name, value in metrics.items() if value is not None)


def _points(
    at: int, number: int, own: Mapping[str, float | None], told: _Told | None
) -> list[tuple[str, Point]]:
    """Of every metric that anybody measured in this step: ours, else the other's."""
    afterwards = told.metrics.get(number, {}) if told else {}
    by = told.by if told else ""
    found = {name: Point(at, value, by) for name, value in afterwards.items()}
    for name, value in own.items():
        if value is not None:
            found[name] = Point(at, value)
    return list(found.items())
