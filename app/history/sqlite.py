"""History in a file of our own: SQLite, written by a thread that nobody waits for.

What is handed over waits in a bounded box until it is written. While the file can't be
written it waits on; when too much waits it goes, and from when to when it is missing is
told, here and in the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.moments import Moment, turned
from app.history import reading
from app.history.base import Health, Json, Turned
from app.history.file import PARTS, File
from app.history.inbox import MOST, Entry, Inbox
from app.history.reading import millis
from app.history.retention import Keep
from app.history.tender import Tender
from app.history.trouble import Damaged
from app.history.writer import AT_ONCE, RETRY_S, SETTLE_S, Writer

if TYPE_CHECKING:
    from app.domain.rollups import Answer, Ask
    from app.history.made import Numbers, Pictured


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Bytes on the disk, and when something was last written by this process."""

    size: int
    written_at: datetime | None


class SqliteHistory:
    """Of all deployments, in one file. `clock`: the time now."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        keep: Keep = Keep(),  # noqa: B008  it is frozen
        *,
        most_waiting: int = MOST,
        settle_s: float = SETTLE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        self._file, self._inbox = File(path), Inbox(most_waiting)
        self._listeners: list[Callable[[], None]] = []
        self._writer = Writer(
            self._file,
            self._inbox,
            clock,
            self._tell,
            settle_s=settle_s,
            retry_s=retry_s,
        )
        self._tender = Tender(self._file, clock, keep, self._writer.damaged)

    def start(self) -> None:
        self._writer.start()
        self._tender.start()

    def stop(self) -> None:
        """Ask it to write what is left, and to end; return at once."""
        self._tender.stop()
        self._writer.stop()

    def join(self, timeout_s: float) -> None:
        self._tender.join(timeout_s)
        self._writer.join(timeout_s)

    def running(self) -> bool:
        return self._writer.running() and self._tender.running()

    def listen(self, listener: Callable[[], None]) -> None:
        """Called whenever `health` has changed."""
        self._listeners.append(listener)

    def waiting(self) -> int:
        return len(self._inbox)

    def health(self) -> Health:
        return self._writer.health()

    def damaged(self, exc: Damaged) -> None:
        """Somebody who read it, here or in another process, found it so."""
        self._writer.damaged(exc)

    def kept(self) -> OnDisk:
        """From any thread; looks at the disk, and waits for nobody."""
        path = self._file.path
        files = (path.with_name(path.name + part) for part in PARTS)
        size = sum(file.stat().st_size for file in files if file.exists())
        return OnDisk(size, self._writer.written_at)

    def note(self, deployment: str, picture: Json, delta: Json | None) -> None:
        at = millis(datetime.fromisoformat(picture["at"]))
        news = turned(delta)
        self._inbox.put(Entry(deployment, at, picture, news))
        if news or self._inbox.most_waiting >= AT_ONCE:
            self._writer.hurry()

    def put_before(self, deployment: str, made: Numbers | Sequence[Pictured]) -> None:
        """Numbers or pictures of a past that was made up, before what is kept. Raises
        `Unreadable`."""
        from app.history.made import Numbers, put_numbers, put_pictures

        if isinstance(made, Numbers):
            put_numbers(self._file, deployment, made)
        else:
            put_pictures(self._file, deployment, made)

    def picture(self, deployment: str, at: datetime) -> Json | None:
        with self._reading(deployment) as (connection, own):
            return None if own is None else reading.picture(connection, own, at)

    def pictures(
        self,
        deployment: str,
        begin: datetime,
        end: datetime,
        step: timedelta,
        most: int,
    ) -> Iterator[Json]:
        with self._reading(deployment) as (connection, own):
            if own is not None:
                yield from reading.pictures(connection, own, begin, end, step, most)

    def first(self, deployment: str) -> datetime | None:
        with self._reading(deployment) as (connection, own):
            return None if own is None else reading.first(connection, own)

    def moments(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Moment, ...]:
        with self._reading(deployment) as (connection, own):
            return () if own is None else reading.moments(connection, own, begin, end)

    def turns(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Turned, ...]:
        with self._reading(deployment) as (connection, own):
            return () if own is None else reading.turns(connection, own, begin, end)

    def series(self, deployment: str, ask: Ask) -> Answer:
        """Raises `ValueError` too, where the step is none of those that are kept."""
        # Loads numpy, which nobody needs who only hands over.
        from app.history import series

        with self._reading(deployment) as (connection, own):
            return series.series(connection, own, ask)

    @contextmanager
    def _reading(
        self, deployment: str
    ) -> Iterator[tuple[sqlite3.Connection, int | None]]:
        try:
            with self._file.reading() as connection:
                yield connection, reading.number(connection, deployment)
        except Damaged as exc:
            self.damaged(exc)
            raise

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
