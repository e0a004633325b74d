"""Keeps what signing in remembers in a process that keeps no other records."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.records.commons import Commons
from app.records.scribe import LOOK_S, Scribe

PAUSE_S: Final = 0.1
"""Between two turns: whoever shows tokens that are none hurries nobody."""

log = structlog.get_logger(__name__)


class Registrar(Scribe):
    """Of a web replica. `kept`: how long it is told who did what."""

    def __init__(
        self,
        store: Commons,
        clock: Callable[[], datetime],
        kept: timedelta | None,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        super().__init__("register", store, clock, kept, shared=True)
        self._look_s = look_s
        self._tried_once = threading.Event()

    def first(self, most_s: float) -> None:
        """Wait until it is known who has signed out, so long at the most: where that
        can't be read, nobody is kept from the picture for it."""
        self._tried_once.wait(most_s)

    def _run(self) -> None:
        while not self._ending:
            self._try()
            self._tried_once.set()
            with self._changed:
                self._changed.wait_for(self._ends, PAUSE_S)
                called = self._called if self._is_open else self._ends
                self._changed.wait_for(called, self._look_s)
        self._try()
        self._store.close()
        if self.register.waiting:
            log.warning("acts and tokens not recorded", waiting=self.register.waiting)

    def _ends(self) -> bool:
        return self._ending

    def _called(self) -> bool:
        return self._ending or self.register.waiting > 0 or self.register.awaited
