"""Deployments are begun one after the other, and end together."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

from app.pipeline.pipeline import Pipeline
from collectors.base import Collector

BEGIN_S: Final = 0.5
"""How long a deployment has to be heard before the next one is begun as well. A hundred
that all list at once would keep everybody, pages too, from the processor for long."""
LOOK_S: Final = 0.01
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
        for before, one in pairwise(self._every):
            end = time.monotonic() + BEGIN_S
            while before.pipeline.unheard() and time.monotonic() < end:
                if self._ending.wait(LOOK_S):
                    return
            self._begin(one)
