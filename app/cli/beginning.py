"""Deployments are begun a few at a time, and end together.

A hundred that all list at once would keep everybody, pages too, from the processor for
long, and none would be shown until nearly all are. So one more is begun as soon as few
are still waited for; those that say nothing are not waited for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Final, Protocol

from app.pipeline.pipeline import Pipeline
from collectors.base import Collector

AT_ONCE: Final = 3
"""So many are waited for before one more is begun."""
SILENT_S: Final = 1.0
"""Who has said nothing new for so long is not waited for, and nobody longer than:"""
LONGEST_S: Final = 10.0
LOOK_S: Final = 0.02
LEAVE_S: Final = 1.5
"""How long the threads, all together, may take to end."""


class Watching(Protocol):
    @property
    def pipeline(self) -> Pipeline: ...

    @property
    def collectors(self) -> tuple[Collector, ...]: ...


class Beginning:
    """Of at least one deployment."""

    def __init__(self, every: Sequence[Watching]) -> None:
        self._every = every
        self._begun: list[Watching] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._others, name="begin", daemon=True)

    def start(self) -> None:
        """The first at once, the others by and by."""
        self._begin(self._every[0])
        self._thread.start()

    def ended(self) -> list[str]:
        """The deployments whose pipeline ran and does not any more."""
        return [
            one.pipeline.deployment.id
            for one in self._begun
            if not one.pipeline.running()
        ]

    def stop(self) -> float:
        """Ask all to end, then wait for it, `LEAVE_S` at the most; the moment
        (monotonic) at which that is over."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join()
        asked = [collector for one in self._begun for collector in one.collectors]
        for collector in asked:
            collector.stop()
        for one in self._begun:
            one.pipeline.stop()
        end = time.monotonic() + LEAVE_S
        for collector in asked:
            collector.join(max(0.0, end - time.monotonic()))
        for one in self._begun:
            one.pipeline.join(max(0.0, end - time.monotonic()))
        return end

    def _begin(self, one: Watching) -> None:
        self._begun.append(one)
        one.pipeline.start()
        for collector in one.collectors:
            collector.start()

    def _others(self) -> None:
        waited: list[_Awaited] = []
        for one in self._every[1:]:
            waited.append(_Awaited(self._begun[-1].pipeline))
            while len(waited := [w for w in waited if w.speaks()]) >= AT_ONCE:
                if self._ending.wait(LOOK_S):
                    return
            if self._ending.is_set():
                return
            self._begin(one)


class _Awaited:
    """A deployment that was begun, until it is heard as a whole."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._heard, self._at = 0, time.monotonic()
        self._until = self._at + LONGEST_S

    def speaks(self) -> bool:
        """Whether it is worth waiting for."""
        if not self._pipeline.unheard():
            return False
        heard, now = len(self._pipeline.knowledge.feeds), time.monotonic()
        if heard != self._heard:
            self._heard, self._at = heard, now
        return now < min(self._at + SILENT_S, self._until)
