"""The records as a web replica knows them: read from the database of the collector.

Nothing is written from here: changes are handed on to the collector before they come so
far. What waits there to be written, for tenths of a second, is not seen yet. All of it
blocks: not for the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.care import Care
from app.domain.incidents_ask import Asked, Page, page
from app.domain.notes import Listed as Notes
from app.domain.notes import Note, Wanted, listed
from app.domain.talk import Talk
from app.domain.timeline import BEAT, MOST, Told, Watch
from app.domain.timeline_told import told
from app.domain.windows import Listed, Window
from app.records.store import Store
from app.records.trouble import Trouble

NEWEST: Final = BEAT + timedelta(seconds=5)
"""How long ago whoever looks may have said so last."""


class Elsewhere(Exception):
    """A change came to where nothing is kept: a bug."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Incidents, and what turned. `looked_at`: when somebody surely still looked."""

    _store: Store
    _deployment: str
    _looked_at: Callable[[], datetime]

    def ask(self, asked: Asked) -> Page:
        try:
            return page(self._store.find(self._deployment, asked, 0), asked)
        except Trouble as exc:
            return Page((), trouble=str(exc))

    def one(self, name: str) -> Page:
        try:
            found = self._store.one(self._deployment, name)
        except Trouble as exc:
            return Page((), trouble=str(exc))
        return Page((found,) if found else ())

    def turned(self, begin: datetime, end: datetime) -> Told:
        try:
            stored = self._store.told(self._deployment, begin, end, MOST)
        except Trouble as exc:
            return Told(trouble=str(exc))
        going_on = self._going_on(stored.watches)
        return told(stored, (), going_on, (begin, end), MOST)

    def _going_on(self, watches: Sequence[Watch]) -> tuple[Watch, ...]:
        """The watch that lasts says so only now and then."""
        looked_at = self._looked_at()
        last = max(watches, key=lambda one: one.until, default=None)
        if last is None or looked_at - last.until > NEWEST:
            return ()
        return (replace(last, until=max(last.until, looked_at)),)


@dataclass(frozen=True, slots=True)
class Plans:
    """Maintenance windows."""

    _store: Store
    _deployment: str
    _clock: Callable[[], datetime]

    def lasting(self) -> tuple[Window, ...]:
        try:
            return tuple(self._store.lasting(self._deployment, self._clock()))
        except Trouble:
            return ()

    def every(self, limit: int) -> Listed:
        try:
            return Listed(tuple(self._store.windows(self._deployment, limit)))
        except Trouble as exc:
            return Listed((), str(exc))

    def put(self, window: Window) -> None:
        raise Elsewhere(window.id)


@dataclass(frozen=True, slots=True)
class Room:
    """What people say. `talk` is the collector's: a picture carries it already."""

    _store: Store
    _deployment: str

    def talk(self) -> Talk:
        raise Elsewhere("talk")

    def put(self, *notes: Note) -> None:
        raise Elsewhere("notes")

    def tend(self, care: Care) -> None:
        raise Elsewhere(care.incident)

    def find(self, wanted: Wanted) -> Notes:
        try:
            return listed(self._store.notes(self._deployment, wanted), wanted)
        except Trouble as exc:
            return listed((), wanted, str(exc))

    def one(self, name: str) -> Note | None:
        try:
            return self._store.said(self._deployment, name)
        except Trouble:
            return None

    def cares(self, incidents: Sequence[str]) -> Mapping[str, Care]:
        if not incidents:
            return {}
        try:
            found = self._store.cares(self._deployment, incidents)
        except Trouble:
            return {}
        return {one.incident: one for one in found}
