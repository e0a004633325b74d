"""What people say while they watch: notes, and who has which incident in hand.

The newest are known here at any time, for the pictures. Each is written by the keeper's
thread, so that a restart does not lose it; older ones are read when they are asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import structlog

from app.domain.care import Care
from app.domain.notes import Listed, Note, Wanted, listed, newest_first, shown
from app.domain.talk import Talk
from app.records.outbox import Outbox
from app.records.store import Store
from app.records.trouble import Trouble, Unwritable

Key = tuple[str, str]
"""A deployment's id, and a note's or an incident's."""
MOST_KNOWN: Final = 200
"""Notes of a deployment in memory: where some that are shown are deleted, older ones
come up again."""
MOST_CARES: Final = 1000
"""Incidents of a deployment that are remembered with who has them in hand."""
MOST_UNWRITTEN: Final = 2000
"""How many of each wait in memory; more push out the oldest."""

log = structlog.get_logger(__name__)


class Logbook:
    """Of all deployments. `changed` guards it, and is told when something waits to be
    written; `tell` is called when something else is said than before."""

    def __init__(
        self,
        store: Store,
        deployments: Sequence[str],
        changed: threading.Condition,
        tell: Callable[[], None],
    ) -> None:
        self._store, self._changed, self._tell = store, changed, tell
        self._notes: dict[str, dict[str, Note]] = {one: {} for one in deployments}
        self._talks: dict[str, Talk] = {one: Talk() for one in deployments}
        self._new_notes: Outbox[Key, Note] = Outbox(changed, MOST_UNWRITTEN)
        self._new_cares: Outbox[Key, Care] = Outbox(changed, MOST_UNWRITTEN)
        self._told: set[str] = set()

    @property
    def waiting(self) -> int:
        """How many are yet to be written."""
        return len(self._new_notes) + len(self._new_cares)

    def talk(self, deployment: str) -> Talk:
        """What is said now: the very same while nothing else is."""
        return self._talks[deployment]

    def put(self, deployment: str, notes: Sequence[Note]) -> None:
        """Keep the newest word on each. From any thread; never waits for the disk."""
        with self._changed:
            self._notes[deployment] |= {one.id: one for one in notes}
            lost = self._new_notes.put([((deployment, one.id), one) for one in notes])
            self._settle(deployment)
        for _, name in lost:
            log.warning("note not recorded: too many wait", note=name)
        self._tell()

    def tend(self, deployment: str, care: Care) -> None:
        """Likewise."""
        key = (deployment, care.incident)
        with self._changed:
            cares = {**self._talks[deployment].cares}
            cares.pop(care.incident, None)
            kept = [*cares.items(), (care.incident, care)][-MOST_CARES:]
            self._talks[deployment] = replace(self._talks[deployment], cares=dict(kept))
            lost = self._new_cares.put([(key, care)])
        for _, name in lost:
            log.warning("care not recorded: too many wait", incident=name)
        self._tell()

    def find(self, deployment: str, wanted: Wanted) -> Listed:
        """Older ones too. Blocking: not for the event loop."""
        waits = self._waiting(deployment)
        try:
            spare = replace(wanted, limit=wanted.limit + len(waits))
            known = self._store.notes(deployment, spare)
        except Trouble as exc:
            here = {**self._notes[deployment]}
            return listed((here | waits).values(), wanted, str(exc))
        found = {one.id: one for one in known}
        return listed((found | waits).values(), wanted)

    def one(self, deployment: str, name: str) -> Note | None:
        """Likewise; while the database is in trouble, of those in memory."""
        found = self._notes[deployment].get(name)
        if found is None:
            with suppress(Trouble):
                found = self._store.said(deployment, name)
        return None if found is None or found.gone else found

    def cares(self, deployment: str, incidents: Sequence[str]) -> dict[str, Care]:
        """Likewise; while the database is in trouble, those in memory."""
        known = self._talks[deployment].cares
        here = {name: known[name] for name in incidents if name in known}
        others = [name for name in incidents if name not in known]
        try:
            found = self._store.cares(deployment, others) if others else []
        except Trouble:
            found = []
        return {one.incident: one for one in found} | here

    def learn(self, deployment: str, incidents: Sequence[str]) -> None:
        """What an earlier process left, and who has `incidents` in hand; what was said
        here since goes before."""
        cares = {one.incident: one for one in self._store.cares(deployment, incidents)}
        with self._changed:
            before = self._talks[deployment]
            self._talks[deployment] = replace(before, cares={**cares, **before.cares})
        self._told.add(deployment)
        self._read(deployment)

    def refresh(self) -> None:
        """The notes as the database has them by now, which has let go of old ones."""
        for deployment in self._told:
            self._read(deployment)
        self._tell()

    def again(self) -> None:
        """The database was opened anew, and may be another one."""
        with self._changed:
            known = self._notes.items()
            notes = {(d, n): one for d, every in known for n, one in every.items()}
            talks = self._talks.items()
            cares = {(d, n): one for d, talk in talks for n, one in talk.cares.items()}
            self._new_notes.again(notes)
            self._new_cares.again(cares)

    def write(self) -> None:
        """Write all that waits; for the keeper's thread."""
        for (deployment, name), note in self._new_notes.each():
            try:
                self._store.say(deployment, note)
            except Unwritable:
                log.exception("note not recorded", note=name)
            if note.gone:
                self._notes[deployment].pop(name, None)
        for (deployment, name), care in self._new_cares.each():
            try:
                self._store.tend(deployment, care)
            except Unwritable:
                log.exception("care not recorded", incident=name)

    def _waiting(self, deployment: str) -> dict[str, Note]:
        waits = self._new_notes.waiting().items()
        return {name: one for (owner, name), one in waits if owner == deployment}

    def _read(self, deployment: str) -> None:
        found = self._store.notes(deployment, Wanted(limit=MOST_KNOWN))
        found += self._store.pinned(deployment)
        with self._changed:
            known = {one.id: one for one in found} | self._waiting(deployment)
            self._notes[deployment] = known
            self._settle(deployment)

    def _settle(self, deployment: str) -> None:
        """Forget what is neither shown nor soon to be, and say what is shown."""
        known = self._notes[deployment]
        kept = newest_first(known.values())
        for one in kept[MOST_KNOWN:]:
            if not one.pinned:
                del known[one.id]
        notes = shown(known.values())
        if notes != self._talks[deployment].notes:
            self._talks[deployment] = replace(self._talks[deployment], notes=notes)


@dataclass(frozen=True, slots=True)
class Room:
    """What is said of one deployment, as its pipeline and its pages know it."""

    _logbook: Logbook
    _deployment: str

    def talk(self) -> Talk:
        return self._logbook.talk(self._deployment)

    def put(self, *notes: Note) -> None:
        self._logbook.put(self._deployment, notes)

    def tend(self, care: Care) -> None:
        self._logbook.tend(self._deployment, care)

    def find(self, wanted: Wanted) -> Listed:
        return self._logbook.find(self._deployment, wanted)

    def one(self, name: str) -> Note | None:
        return self._logbook.one(self._deployment, name)

    def cares(self, incidents: Sequence[str]) -> dict[str, Care]:
        return self._logbook.cares(self._deployment, incidents)
