"""Maintenance windows that were set from the page: who, when, why, and who ended them.

Those that last, or are yet to begin, are known here at any time. Each is written by the
keeper's thread, so that a restart does not lose it, and stays in the database when it
is past.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from app.domain.windows import Listed, Window
from app.records.outbox import Outbox
from app.records.store import Store
from app.records.trouble import Trouble, Unwritable

Key = tuple[str, str]
"""A deployment's id, and a window's."""
MOST_UNWRITTEN: Final = 2000
"""How many wait in memory; more push out the oldest that are past."""

log = structlog.get_logger(__name__)


class Diary:
    """Of all deployments. `changed` guards it, and is told when something waits to be
    written; `tell` is called when the windows are others than before."""

    def __init__(
        self,
        store: Store,
        changed: threading.Condition,
        clock: Callable[[], datetime],
        tell: Callable[[], None],
    ) -> None:
        self._store, self._changed = store, changed
        self._clock, self._tell = clock, tell
        self._known: dict[Key, Window] = {}
        self._unwritten: Outbox[Key, Window] = Outbox(
            changed, MOST_UNWRITTEN, lambda one: not one.over(clock())
        )

    @property
    def waiting(self) -> int:
        """How many are yet to be written."""
        return len(self._unwritten)

    def put(self, deployment: str, window: Window) -> None:
        """Keep the newest word on it. From any thread; never waits for the disk."""
        key = (deployment, window.id)
        with self._changed:
            self._known[key] = window
            given_up = self._unwritten.put([(key, window)])
            self._forget()
        for _, name in given_up:
            log.warning("maintenance not recorded: too many wait", window=name)
        self._tell()

    def lasting(self, deployment: str) -> tuple[Window, ...]:
        """In force, or yet to begin."""
        now = self._clock()
        return tuple(one for one in self._here(deployment) if not one.over(now))

    def every(self, deployment: str, limit: int) -> Listed:
        """Past ones too, the latest first. Blocking: not for the event loop."""
        here = {one.id: one for one in self._here(deployment)}
        found: list[Window] = []
        trouble = None
        try:
            found = self._store.windows(deployment, limit)
        except Trouble as exc:
            trouble = str(exc)
        every = ({one.id: one for one in found} | here).values()
        latest = sorted(every, key=lambda one: (one.starts_at, one.id), reverse=True)
        return Listed(tuple(latest[:limit]), trouble)

    def learn(self, deployment: str) -> None:
        """What an earlier process left; what was said here since goes before."""
        for window in self._store.lasting(deployment, self._clock()):
            with self._changed:
                self._known.setdefault((deployment, window.id), window)

    def again(self) -> None:
        """The database was opened anew, and may be another one."""
        now = self._clock()
        with self._changed:
            lasting = {k: one for k, one in self._known.items() if not one.over(now)}
            self._unwritten.again(lasting)

    def write(self) -> None:
        """Write all that waits; for the keeper's thread."""
        for (deployment, name), window in self._unwritten.each():
            try:
                self._store.note(deployment, window)
            except Unwritable:
                log.exception("maintenance window not recorded", window=name)
        with self._changed:
            self._forget()

    def _here(self, deployment: str) -> list[Window]:
        with self._changed:
            return [
                one for (owner, _), one in self._known.items() if owner == deployment
            ]

    def _forget(self) -> None:
        """Past ones that do not wait to be written."""
        now = self._clock()
        past = [key for key, one in self._known.items() if one.over(now)]
        for key in past:
            if key not in self._unwritten:
                del self._known[key]


@dataclass(frozen=True, slots=True)
class Plans:
    """The windows of one deployment, as its pipeline and its pages know them."""

    _diary: Diary
    _deployment: str

    def lasting(self) -> tuple[Window, ...]:
        return self._diary.lasting(self._deployment)

    def every(self, limit: int) -> Listed:
        return self._diary.every(self._deployment, limit)

    def put(self, window: Window) -> None:
        self._diary.put(self._deployment, window)
