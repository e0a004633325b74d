"""Writes what was seen, in transactions; what could not be written was not folded.

One thread uses it, the writer's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.history import fold, pictures, rows
from app.history.base import Json
from app.history.file import File
from app.history.fold import Rows, Sight
from app.history.inbox import Entry
from app.history.pictures import Base, Packer
from app.history.reading import Loss
from app.history.spans import watched_after

SLACK: Final = 2_000
"""Moments of two threads may be so far out of order."""
MOST_BACK: Final = 3_600_000
"""So much of what was watched may be replaced when the clock is set back; more could
be a whole history that a wrong clock would wipe out."""


class SetBack(Exception):
    """The clock shows a moment before what is kept."""

    def __init__(self, deployment: str, at: int, until: int) -> None:
        super().__init__(deployment)
        self.deployment, self.at, self.until = deployment, at, until


@dataclass(frozen=True, slots=True)
class _Known:
    """Of one deployment: its number in the file, what is kept, how to pack more."""

    number: int
    sight: Sight
    base: Base | None = None
    layout: tuple[bytes, int] | None = None


class Book:
    def __init__(self, file: File) -> None:
        self._file = file
        self._known: Mapping[str, _Known] = {}
        self._packer = Packer()

    def forget(self) -> None:
        """What was kept is read from the file again: nobody looked since, or it is
        another file."""
        self._known = {}

    def keep(self, entries: Iterable[Entry]) -> None:
        """Of whatever deployments, in order. Raises `Unreadable`, `SetBack`; then it
        is as if they had not been handed over."""
        known = dict(self._known)
        with self._file.writing() as connection:
            for entry in entries:
                one = known.get(entry.deployment) or _load(connection, entry.deployment)
                known[entry.deployment] = _kept(connection, one, entry, self._packer)
        self._known = known

    def leave(self) -> None:
        """The last steps, as far as they came."""
        with self._file.writing() as connection:
            for one in self._known.values():
                found = Rows()
                fold.left(one.sight, found)
                _put(connection, one, found, self._packer)
        self._known = {}

    def cut(self, back: SetBack) -> bool:
        """Let go of what is kept as later than the clock now shows, unless that is too
        much. Raises `Unreadable`."""
        with self._file.writing() as connection:
            number = number_of(connection, back.deployment)
            if watched_after(connection, number, back.at) > MOST_BACK:
                return False
            _cut(connection, number, back.at)
        known = dict(self._known)
        known.pop(back.deployment, None)
        self._known = known
        return True

    def lose(self, loss: Loss) -> None:
        with self._file.writing() as connection:
            connection.execute("INSERT INTO loss VALUES (?, ?, ?)", loss)


def _load(connection: sqlite3.Connection, deployment: str) -> _Known:
    number = number_of(connection, deployment)
    held = connection.execute(
        "SELECT subject, status, max(at) FROM turn WHERE deployment = ? "
        "GROUP BY subject",
        (number,),
    )
    statuses = {subject: status for subject, status, _ in held}
    (until,) = connection.execute(
        "SELECT max(until) FROM watch WHERE deployment = ?", (number,)
    ).fetchone()
    return _Known(number, Sight(statuses, until=until))


def number_of(connection: sqlite3.Connection, deployment: str) -> int:
    """The deployment's in the file; it is given one where it has none."""
    connection.execute(
        "INSERT OR IGNORE INTO deployment (name) VALUES (?)", (deployment,)
    )
    (number,) = connection.execute(
        "SELECT id FROM deployment WHERE name = ?", (deployment,)
    ).fetchone()
    return int(number)


def _kept(
    connection: sqlite3.Connection, one: _Known, entry: Entry, packer: Packer
) -> _Known:
    at, until = entry.at, one.sight.until
    if entry.picture is None and not _goes_on(at, until):
        return one
    if until is not None and at < until:
        if until - at > SLACK:
            raise SetBack(entry.deployment, at, until)
        at = until
    found = Rows()
    if entry.picture is None:
        sight = fold.passed(one.sight, at, found)
    else:
        sight = fold.noted(one.sight, at, entry.picture, entry.turned, found)
    written = _put(connection, one, found, packer)
    return _Known(one.number, sight, written.base, written.layout)


def _goes_on(at: int, until: int | None) -> bool:
    """Does what was seen last hold until then?"""
    return until is not None and until <= at <= until + fold.GAP


def _put(
    connection: sqlite3.Connection, one: _Known, found: Rows, packer: Packer
) -> _Known:
    layout, base = one.layout, one.base
    for begin, picture in found.steps:
        layout = _layout(connection, picture, layout)
        row = one.number, begin // 1000, layout[1], rows.packed(picture)
        connection.execute("INSERT OR REPLACE INTO step VALUES (?, ?, ?, ?)", row)
    connection.executemany(
        "INSERT OR REPLACE INTO turn VALUES (?, ?, ?, ?)",
        [(one.number, name, at, status) for at, name, status in found.turns],
    )
    for at, turned, picture in found.pictures:
        base = pictures.put(connection, one.number, at, turned, picture, base, packer)
    connection.executemany(
        "INSERT OR REPLACE INTO watch VALUES (?, ?, ?)",
        [(one.number, begin, until) for begin, until in found.watches.items()],
    )
    return _Known(one.number, one.sight, base, layout)


def _layout(
    connection: sqlite3.Connection, picture: Json, last: tuple[bytes, int] | None
) -> tuple[bytes, int]:
    columns = rows.columns(picture)
    if last is not None and last[0] == columns:
        return last
    connection.execute("INSERT OR IGNORE INTO layout (columns) VALUES (?)", (columns,))
    (number,) = connection.execute(
        "SELECT id FROM layout WHERE columns = ?", (columns,)
    ).fetchone()
    return columns, int(number)


def _cut(connection: sqlite3.Connection, number: int, at: int) -> None:
    """Nothing of it is in chunks yet: they are made once more than that was watched."""
    own = number, at
    step = number, at // fold.STEP * fold.STEP // 1000
    connection.execute("DELETE FROM step WHERE deployment = ? AND at >= ?", step)
    connection.execute("DELETE FROM turn WHERE deployment = ? AND at >= ?", own)
    connection.execute("DELETE FROM picture WHERE deployment = ? AND at >= ?", own)
    connection.execute("DELETE FROM watch WHERE deployment = ? AND begin >= ?", own)
    connection.execute(
        "UPDATE watch SET until = ? WHERE deployment = ? AND until > ?",
        (at, number, at),
    )
