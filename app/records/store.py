"""The database: opened, migrated, written and read. Every failure is a `Trouble`.

One thread writes, over one connection that it holds; whoever reads takes another one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from app.domain.audit import Entry
from app.domain.audit import Wanted as WantedActs
from app.domain.care import Care
from app.domain.habits import Hour
from app.domain.incidents import Incident
from app.domain.incidents_ask import Asked
from app.domain.notes import Note, Wanted
from app.domain.timeline import Left, Told, Turn, Watch
from app.domain.tokens import Token
from app.domain.windows import Window
from app.files import FileLock
from app.records import acts, hours, notes, prune, queries, timeline, writes
from app.records.acts import Mark
from app.records.address import MEMORY, Address, engine
from app.records.alone import fence, lead_session, lock_file, lock_session
from app.records.trouble import Trouble, Unwritable, told
from app.records.upgrade import Misfit, make, upgrade

T = TypeVar("T")


class Store:
    def __init__(
        self,
        address: Address,
        deployments: Sequence[str],
        term: Callable[[], int | None] | None = None,
    ) -> None:
        """`term`: of several collectors, under which one this one may write now; it
        gives `None` while it may not."""
        self.place, self._hidden = address.place, address.without_secret
        self._term = term
        self.engine = engine(address)
        self._file, self._deployments = address.file, deployments
        self._lock: FileLock | None = None
        self._writing: sa.Connection | None = None
        self._inode = 0
        # In memory there is one connection for all threads.
        self._alone = threading.RLock() if address.url == MEMORY else nullcontext()

    def open(self) -> None:
        """Lock it, bring its schema up to date, be ready to write."""
        term = self._may_write()
        if self._file is not None:
            self._lock = lock_file(self._file)
        try:
            with self._told():
                self._writing = self.engine.connect()
                whose = (self._writing, self.place, self._deployments)
                if term is not None:
                    lead_session(*whose, term)
                elif self.engine.dialect.name == "postgresql":
                    lock_session(*whose)
                self._make_tables(self._writing)
                self._writing.commit()
                if term is not None:
                    fence(*whose, term)
                self._inode = self._inode_now()
        except BaseException:
            self.close()
            raise

    def _make_tables(self, connection: sa.Connection) -> None:
        if self.place == MEMORY:
            make(connection)
        else:
            upgrade(connection)

    def close(self) -> None:
        """Let go of it, also of one that no longer answers."""
        if self._writing is not None:
            try:
                self._writing.close()
            except SQLAlchemyError:
                self._writing.invalidate()
            self._writing = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def write(self, deployment: str, incident: Incident) -> None:
        self._write(
            lambda connection: writes.incident(connection, deployment, incident)
        )

    def note(self, deployment: str, window: Window) -> None:
        self._write(lambda connection: writes.window(connection, deployment, window))

    def _write(self, put: Callable[[sa.Connection], T]) -> T:
        """All of it or nothing. Raises `Unwritable` where only this one is refused."""
        self._may_write()
        return self._hold(put)

    def _hold(self, use: Callable[[sa.Connection], T]) -> T:
        """Likewise, with what nobody need lead for."""
        with self._told(), self._alone:
            if self._writing is None or self._inode != self._inode_now():
                raise Trouble(f"{self.place}: it is no longer the file that was opened")
            try:
                with self._writing.begin():
                    return use(self._writing)
            except (DataError, IntegrityError) as exc:
                raise Unwritable(str(told(self.place, exc))) from exc

    def _may_write(self) -> int | None:
        """Our term, if there are any. Raises `Trouble` while we have none."""
        term = None if self._term is None else self._term()
        if self._term is not None and term is None:
            raise Trouble(f"{self.place}: this collector does not lead at present")
        return term

    def keep(self, deployment: str, usual: Sequence[Hour], oldest: datetime) -> None:
        """Likewise, and what is older than `oldest` goes."""
        self._write(lambda connection: hours.put(connection, deployment, usual, oldest))

    def prune(self, deployment: str, over_before: datetime, most: int) -> int:
        """Let go of what was over by then: of the windows, and of the oldest incidents,
        at most so many, with their notes; how many there were of these."""

        def let_go(connection: sa.Connection) -> int:
            prune.windows(connection, deployment, over_before)
            gone = prune.incidents(connection, deployment, over_before, most)
            notes.prune(connection, deployment, over_before)
            return gone

        return self._write(let_go)

    def say(self, deployment: str, note: Note) -> None:
        """A note; one that was deleted goes."""
        self._write(lambda connection: notes.put(connection, deployment, note))

    def tend(self, deployment: str, care: Care) -> None:
        self._write(lambda connection: notes.put_care(connection, deployment, care))

    def notes(self, deployment: str, wanted: Wanted) -> list[Note]:
        """What is wanted, newest first: one more than was asked for."""
        with self._reading() as connection:
            return notes.find(connection, deployment, wanted)

    def said(self, deployment: str, name: str) -> Note | None:
        with self._reading() as connection:
            return notes.one(connection, deployment, name)

    def pinned(self, deployment: str) -> list[Note]:
        with self._reading() as connection:
            return notes.pinned(connection, deployment)

    def cares(self, deployment: str, incidents: Sequence[str]) -> list[Care]:
        """Who has these in hand, where somebody has."""
        with self._reading() as connection:
            return notes.cares(connection, deployment, incidents)

    def tell(
        self, deployment: str, turns: Sequence[Turn], watches: Sequence[Watch]
    ) -> None:
        """What turned, and who looked from when to when."""
        self._write(
            lambda connection: timeline.put(connection, deployment, turns, watches)
        )

    def told(self, deployment: str, begin: datetime, end: datetime, most: int) -> Told:
        """The timeline between two moments."""
        with self._reading() as connection:
            return timeline.told(connection, deployment, begin, end, most)

    def left(self, deployment: str) -> Left:
        """The last status of every lane that was told."""
        with self._reading() as connection:
            return timeline.left(connection, deployment)

    def forget(self, deployment: str, before: datetime | None, most: int) -> None:
        """Let go of turns that are too old, and of the oldest beyond so many."""
        self._write(
            lambda connection: timeline.prune(connection, deployment, before, most)
        )

    def act(self, entry: Entry) -> None:
        """Who did what."""
        self._write(lambda connection: acts.note(connection, entry))

    def acts(self, wanted: WantedActs, spare: int) -> list[Entry]:
        """What is wanted, newest first: one more than was asked for, and `spare`."""
        with self._reading() as connection:
            return acts.find(connection, wanted, spare)

    def put_token(self, token: Token) -> None:
        self._write(lambda connection: acts.put_token(connection, token))

    def tokens(self) -> list[Token]:
        with self._reading() as connection:
            return acts.tokens(connection)

    def end(self, session: str, until: datetime) -> None:
        """Somebody signed out, whose cookie would hold until then."""
        self._write(lambda connection: acts.end(connection, session, until))

    def ended(self) -> dict[str, datetime]:
        with self._reading() as connection:
            return acts.ended(connection)

    def mark(self) -> Mark:
        """Another one after each token that was made or revoked, and each sign-out."""
        return self._hold(acts.mark)

    def let_go(self, now: datetime, before: datetime | None) -> None:
        """Of what signing in remembers, what is over, and acts before a moment."""
        self._write(lambda connection: acts.prune(connection, now, before))

    def hours(self, deployment: str, oldest: datetime) -> tuple[Hour, ...]:
        with self._reading() as connection:
            return hours.get(connection, deployment, oldest)

    def alive(self, deployment: str, ended_since: datetime) -> list[Incident]:
        """What is open, or ended no earlier than that."""
        chosen = queries.alive(deployment, ended_since)
        with self._reading() as connection:
            return queries.incidents(connection, deployment, chosen)

    def find(self, deployment: str, asked: Asked, spare: int) -> list[Incident]:
        """What matches, newest first: one more than was asked for, and `spare`."""
        chosen = queries.asked(deployment, asked).limit(asked.limit + 1 + spare)
        with self._reading() as connection:
            return queries.incidents(connection, deployment, chosen)

    def one(self, deployment: str, name: str) -> Incident | None:
        chosen = queries.named(deployment, name)
        with self._reading() as connection:
            found = queries.incidents(connection, deployment, chosen)
        return found[0] if found else None

    def lasting(self, deployment: str, now: datetime) -> list[Window]:
        """The windows that are in force, or yet to begin."""
        with self._reading() as connection:
            return queries.windows(connection, queries.lasting(deployment, now))

    def windows(self, deployment: str, limit: int) -> list[Window]:
        """Past ones too, the latest first."""
        with self._reading() as connection:
            chosen = queries.latest(deployment).limit(limit)
            return queries.windows(connection, chosen)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._told(), self._alone, self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, Misfit, OSError) as exc:
            raise told(self.place, exc, self._hidden) from exc

    def _inode_now(self) -> int:
        """Which file stands at the path: one that was moved away is no longer ours."""
        if self._file is None:
            return 0
        try:
            return self._file.stat().st_ino
        except FileNotFoundError:
            return -1
