"""Looks after the file in a thread of its own: seals, prunes, carries over, examines.

Whoever writes never waits for it for longer than one of its short transactions.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from app.history.base import Unreadable
from app.history.file import File
from app.history.retention import Keep, give_back, prune
from app.history.trouble import Damaged
from app.threads import Threaded

EVERY_S: Final = 20.0
PRUNE_S: Final = 600.0
MOST_WAL: Final = 4 * 2**20

log = structlog.get_logger(__name__)


class Tender(Threaded):
    """`damaged` is told when the file turns out not to be whole."""

    def __init__(
        self,
        file: File,
        clock: Callable[[], datetime],
        keep: Keep,
        damaged: Callable[[Damaged], None],
        every_s: float = EVERY_S,
    ) -> None:
        super().__init__("history-tender")
        self._file, self._clock, self._keep = file, clock, keep
        self._damaged, self._every_s = damaged, every_s
        self._pruned = 0.0
        self._examined = False
        self._ending = threading.Event()

    def stop(self) -> None:
        """Ask it to end; return at once."""
        self._ending.set()

    def tend(self) -> None:
        """All that is due. Raises `Unreadable`, `Damaged`."""
        if not self._examined:
            self._examine()
        self._seal()
        if time.monotonic() - self._pruned > PRUNE_S or not self._pruned:
            self._pruned = time.monotonic()
            gone = prune(self._file, self._keep, self._clock())
            if gone is not None:
                log.warning("history", let_go_before=gone, limit=self._keep.most_bytes)
            give_back(self._file)
        if self._file.wal_bytes > MOST_WAL:
            self._file.checkpoint()

    def _run(self) -> None:
        while not self._ending.wait(self._every_s):
            if not self._file.is_open:
                self._examined = False
                continue
            try:
                self.tend()
            except Damaged as exc:
                self._damaged(exc)
            except Unreadable as exc:
                log.warning("history", trouble=str(exc))
            except Exception:
                log.exception("bug in tending the history")

    def _seal(self) -> None:
        # Loads numpy, which a server that has just started need not wait for.
        from app.history.seal import due, seal

        while not self._ending.is_set() and (found := due(self._file)):
            seal(self._file, *found)

    def _examine(self) -> None:
        """Once for each time that the file was opened: what a disk lost is noticed
        before somebody asks for it."""
        with self._file.reading() as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Damaged(f"{self._file.path}: {' '.join(str(found).split())}")
        self._examined = True
