"""Writes what the pipelines hand over, in a thread of its own, and reads for the web.

Handing over never waits. While the database is in trouble incidents stay here, each
once and as it is now, and are written when it is well again; what is asked for is then
answered from here alone, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.domain.incidents import REOPEN, Incident
from app.domain.incidents_ask import Asked, Page, page
from app.records.annals import Annals
from app.records.diary import Diary, Plans
from app.records.habits import Habits
from app.records.logbook import Logbook, Room
from app.records.outbox import Outbox
from app.records.retention import EVERY, Retention
from app.records.scribe import LOOK_S, Scribe
from app.records.shelf import Shelf
from app.records.store import Store
from app.records.trouble import Trouble, Unwritable

Key = tuple[str, str]
"""A deployment's id, and an incident's."""
RETRY_S: Final = 10.0
"""How long after a failure the database is tried again."""
SETTLE_S: Final = 0.25
"""An outage that unfolds changes its incident many times a second. Written once it has
settled, it takes no processor from those who judge what comes next."""
MOST_UNWRITTEN: Final = 2000
"""How many incidents wait in memory, some ten megabytes; more push out the oldest."""

log = structlog.get_logger(__name__)


class Keeper(Scribe):
    """Of all deployments. `clock`: the time now. `kept`: how long what is over is kept,
    `timeline_kept`: how long turns are, `acts_kept`: how long it is told who did what;
    `None`: for ever. `shared`: others write what signing in has to remember too."""

    def __init__(
        self,
        store: Store,
        deployments: Sequence[str],
        clock: Callable[[], datetime],
        *,
        kept: timedelta | None = None,
        timeline_kept: timedelta | None = None,
        acts_kept: timedelta | None = None,
        shared: bool = False,
        retry_s: float = RETRY_S,
        settle_s: float = SETTLE_S,
    ) -> None:
        super().__init__("records", store, clock, acts_kept, shared=shared)
        self._retry_s, self._settle_s = retry_s, settle_s
        self._look_s = LOOK_S if shared else EVERY.total_seconds()
        self._deployments = tuple(deployments)
        self.habits = Habits(store, self._deployments, self._changed)
        self.annals = Annals(
            store, self._deployments, self._changed, clock, timeline_kept
        )
        self._unwritten: Outbox[Key, Incident] = Outbox(
            self._changed, MOST_UNWRITTEN, lambda one: one.open
        )
        self._open: dict[Key, Incident] = {}
        """Written anew into a database that was opened anew: it may be another one."""
        self._told: dict[str, tuple[Incident, ...]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._diary = Diary(store, self._changed, clock, self._tell)
        self._logbook = Logbook(store, self._deployments, self._changed, self._tell)
        self._retention = Retention(store, self._deployments, kept, clock)

    def waiting(self) -> int:
        """How much is not written yet."""
        written_later = (
            self._diary,
            self.habits,
            self._logbook,
            self.annals,
            self.register,
        )
        return len(self._unwritten) + sum(one.waiting for one in written_later)

    def settled(self, timeout_s: float) -> bool:
        """Wait until what people said or planned is written; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._said(), timeout_s)

    def _said(self) -> int:
        return self._diary.waiting + self._logbook.waiting + self.register.waiting

    def shelf(self, deployment: str) -> Shelf:
        return Shelf(self, deployment)

    def plans(self, deployment: str) -> Plans:
        return Plans(self._diary, deployment)

    def room(self, deployment: str) -> Room:
        return Room(self._logbook, deployment)

    def listen(self, listener: Callable[[], None]) -> None:
        """Called when something was told, said or planned, or `health` has changed."""
        self._listeners.append(listener)

    def told(self, deployment: str) -> tuple[Incident, ...] | None:
        """What an earlier process left; `None` while that is not known."""
        return self._told.get(deployment)

    def put(self, deployment: str, incidents: Iterable[Incident]) -> None:
        """Keep the newest word on each. From any thread; never waits for the disk."""
        news = [((deployment, one.id), one) for one in incidents]
        for _, name in self._unwritten.put(news):
            log.warning("incident not recorded: too many wait", incident=name)

    def ask(self, deployment: str, asked: Asked) -> Page:
        """Blocking: not for the event loop."""
        here = self._here(deployment)
        try:
            found = self._store.find(deployment, asked, len(here))
        except Trouble as exc:
            known = {one.id: one for one in self._known(deployment)}
            return page([*(known | here).values()], asked, str(exc))
        stored = {one.id: one for one in found}
        return page([*(stored | here).values()], asked)

    def one(self, deployment: str, name: str) -> Page:
        """Likewise; at most one, which may be part of another."""
        here = self._here(deployment).get(name)
        try:
            found = here or self._store.one(deployment, name)
        except Trouble as exc:
            known = (one for one in self._known(deployment) if one.id == name)
            return Page(tuple(known), trouble=str(exc))
        return Page((found,) if found else ())

    def _here(self, deployment: str) -> dict[str, Incident]:
        waiting = self._unwritten.waiting().items()
        return {name: one for (owner, name), one in waiting if owner == deployment}

    def _known(self, deployment: str) -> list[Incident]:
        with self._changed:
            return [one for (d, _), one in self._open.items() if d == deployment]

    def _run(self) -> None:
        while True:
            self._try()
            with self._changed:
                if self._ending:
                    break
                if not self._is_open:
                    self._changed.wait_for(lambda: self._ending, self._retry_s)
                else:
                    self._changed.wait_for(self._called, self._look_s)
                    self._changed.wait_for(
                        lambda: self._ending or self._said(), self._settle_s
                    )
        self.annals.end()
        self._try()
        self._store.close()
        if self._diary.waiting:
            log.warning("maintenance not recorded", windows=self._diary.waiting)
        if self._logbook.waiting:
            log.warning("notes not recorded", waiting=self._logbook.waiting)
        if self.register.waiting:
            log.warning("acts and tokens not recorded", waiting=self.register.waiting)
        if self._unwritten:
            lost = sorted(name for _, name in self._unwritten.waiting())
            log.warning("incidents not recorded", incidents=lost)

    def _called(self) -> bool:
        others = self._unwritten or self.habits.waiting or self.annals.waiting
        due = self._retention.due() or self.register.due() or self.register.awaited
        return bool(self._ending or self._said() or others or due)

    def _write(self) -> None:
        for key, one in self._unwritten.each():
            try:
                self._store.write(key[0], one)
            except Unwritable:
                log.exception("incident not recorded", incident=one.id)
            self._remember(key, one)
        self.habits.write()
        self.annals.write()
        self._diary.write()
        self._logbook.write()
        if self._retention.due():
            self._retention.prune()
            self._logbook.refresh()

    def _remember(self, key: Key, one: Incident) -> None:
        with self._changed:
            if one.open:
                self._open[key] = one
            else:
                self._open.pop(key, None)

    def _learn(self) -> None:
        """Once for each deployment: what an earlier process left."""
        self.habits.learn(self._clock())
        self.annals.learn()
        with self._changed:
            self._unwritten.again(self._open)
        self._diary.again()
        self._logbook.again()
        new = [one for one in self._deployments if one not in self._told]
        try:
            for deployment in new:
                self._learn_of(deployment)
        finally:
            # Once: everybody listens, and a hundred would be told a hundred times.
            if not self._told.keys().isdisjoint(new):
                self._tell()

    def _learn_of(self, deployment: str) -> None:
        self._diary.learn(deployment)
        left = self._store.alive(deployment, self._clock() - REOPEN)
        self._logbook.learn(deployment, [one.id for one in left])
        with self._changed:
            kept = {(deployment, one.id): one for one in left if one.open}
            self._open = kept | self._open
        self._told[deployment] = tuple(left)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
