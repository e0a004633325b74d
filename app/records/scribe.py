"""A thread that writes to the database, over one connection that is made anew after
trouble. What it could not write waits, and so does nobody who handed it over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.domain.incidents_ask import Health
from app.records.register import Register
from app.records.store import Store
from app.records.trouble import Trouble
from app.threads import Threaded

LOOK_S: Final = 1.0
"""So often it is looked for what other processes wrote, where they do."""

log = structlog.get_logger(__name__)


class Scribe(Threaded):
    """`clock`: the time now. `register`: what signing in has to remember; `acts_kept`:
    how long it is told who did what; `shared`: other processes write that too."""

    def __init__(
        self,
        name: str,
        store: Store,
        clock: Callable[[], datetime],
        acts_kept: timedelta | None,
        *,
        shared: bool,
    ) -> None:
        super().__init__(name)
        self.health = Health()
        self._store, self._clock = store, clock
        self._changed = threading.Condition()
        self.register = Register(store, self._changed, clock, acts_kept, shared=shared)
        self._is_open = self._ending = False

    def stop(self) -> None:
        """Ask it to write what is left, and to end; return at once."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()

    def _learn(self) -> None:
        """Beside the register: of a database that was opened just now."""

    def _write(self) -> None:
        """Beside the register: all that waits. Raises `Trouble`."""

    def _tell(self) -> None:
        """`health` has changed."""

    def _try(self) -> None:
        """Write all that waits, and tell who waits for it."""
        ended = self.register.turn()
        trouble = self._tried()
        self._judge(trouble)
        ended(trouble)

    def _tried(self) -> str | None:
        """What went wrong. A connection that broke since is made anew first."""
        was_open = self._is_open
        try:
            self._open_and_write()
        except Trouble as exc:
            self._close()
            return self._tried() if was_open else str(exc)
        except Exception:
            log.exception("bug in the records")
            self._close()
            return "a bug; the log says more"
        return None

    def _open_and_write(self) -> None:
        if not self._is_open:
            self._store.open()
            self._is_open = True
            self.register.learn()
            self._learn()
        self._write()
        self.register.write()
        self.register.look()
        self.register.prune()

    def _close(self) -> None:
        self._store.close()
        self._is_open = False

    def _judge(self, trouble: str | None) -> None:
        before = self.health
        well_at = self._clock() if trouble is None else before.well_at
        self.health = Health(trouble, well_at)
        if trouble != before.trouble:
            tell = log.info if trouble is None else log.warning
            tell("records", trouble=trouble)
            self._tell()
