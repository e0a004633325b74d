"""Keeps count of how asking a source goes, from whatever thread asks it."""

from __future__ import annotations

import threading
from dataclasses import replace

from app.domain.reading import Reading
from app.domain.timings import Asks


class Pulse:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asks = Asks()

    @property
    def asks(self) -> Asks:
        return self._asks

    def heard(self, reading: Reading, took_s: float | None = None) -> None:
        """An answer, or what came instead of one. `took_s`: until it was there; `None`
        of a question that was held open until there was news."""
        trouble = reading.trouble
        with self._lock:
            self._asks = (
                self._asks.answered(took_s)
                if trouble is None
                else self._asks.troubled(reading.at, trouble.text)
            )

    def listed(self, took_s: float) -> None:
        """A whole list was read, from which a watch goes on."""
        with self._lock:
            lists = self._asks.lists + 1
            self._asks = replace(self._asks.answered(took_s), lists=lists)

    def watched(self) -> None:
        """A watch was opened."""
        with self._lock:
            self._asks = replace(self._asks, watches=self._asks.watches + 1)
