"""The file: locked, opened, set aside when it is damaged; written in transactions.

Two threads of ours write, each over a connection of its own, one at a time
(`writing`): so none of them ever finds the file locked by the other.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from app.files import FileLock, Held
from app.history.base import Unreadable
from app.history.schema import prepare, upgrade, version_of
from app.history.trouble import Damaged, told

BUSY_S: Final = 2.0
"""How long a statement waits for somebody else who copies the file."""
PARTS: Final = ("", "-wal", "-shm")


class File:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: FileLock | None = None
        self._inode = -1
        self._alone = threading.Lock()
        self._own = threading.local()
        self._made: list[sqlite3.Connection] = []
        self.is_open = False

    def open(self) -> None:
        """Lock it, make it or bring it up to date. Raises `Unreadable`, `Damaged`."""
        if self._lock is None:
            self._lock = self._locked()
        try:
            self._look()
            with self._telling(), closing(self._connected()) as connection:
                upgrade(connection)
            self._inode = self.path.stat().st_ino
        except Damaged:
            raise
        except Unreadable as exc:
            raise Unreadable(self._named(exc)) from exc
        self.is_open = True

    def close(self) -> None:
        """Let go of it. What others still do with it fails, and is told."""
        self.shut()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def shut(self) -> None:
        """Close every connection that writes; the lock is still held."""
        with self._alone:
            self.is_open = False
            self._own = threading.local()
            while self._made:
                self._made.pop().close()

    def set_aside(self, now: datetime) -> Path:
        """Move it out of the way, so that a new one is begun; where it is then."""
        self.shut()
        aside = self.path.with_name(f"{self.path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
        for part in PARTS:
            here = self.path.with_name(self.path.name + part)
            if here.exists():
                here.rename(aside.with_name(aside.name + part))
        return aside

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing. Raises `Unreadable`, `Damaged`."""
        with self._alone, self._telling():
            if not self.is_open or self._inode != self._inode_now():
                raise Unreadable(f"{self.path}: it is not the file that was opened")
            connection = self._mine()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                # Where the disk is full, SQLite may have done so already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """What stood in it at one moment, however long it takes to read. Likewise."""
        with self._telling():
            address = f"{self.path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=BUSY_S)) as opened:
                opened.isolation_level = None
                opened.execute("BEGIN")
                yield opened

    def checkpoint(self) -> None:
        """Carry what was written into the file itself; nobody waits for that."""
        with self._telling(), closing(self._connected()) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @property
    def wal_bytes(self) -> int:
        wal = self.path.with_name(f"{self.path.name}-wal")
        return wal.stat().st_size if wal.exists() else 0

    def _look(self) -> None:
        """What is not ours is not even brought into our mode of writing."""
        if self.path.exists() and self.path.stat().st_size:
            with self.reading() as connection:
                version_of(connection)

    def _mine(self) -> sqlite3.Connection:
        """This thread's own connection."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = self._own.connection = self._connected()
            self._made.append(found)
        return found

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _locked(self) -> FileLock:
        try:
            return FileLock(self.path)
        except Held as exc:
            raise Unreadable(
                f"{self.path}: another dashboard keeps its history here ({exc}); give "
                "this one a history of its own, or end the other"
            ) from exc
        except OSError as exc:
            raise told(self.path, exc) from exc

    def _named(self, exc: Unreadable) -> str:
        said = str(exc)
        return said if said.startswith(str(self.path)) else f"{self.path}: {said}"

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as exc:
            raise told(self.path, exc) from exc

    def _inode_now(self) -> int:
        """Which file stands at the path: one that was moved away is no longer ours."""
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return -1
