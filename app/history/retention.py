"""What is old goes, in short transactions: nobody who writes waits for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.measures import HOUR_S, MINUTE_S, RAW_S, STEPS, TEN_MINUTES_S
from app.history.file import File
from app.history.reading import millis, moment
from app.history.tiers import SPANS

SLICE: Final = 200
"""Rows that go at once."""
DAY: Final = timedelta(days=1)
COARSE: Final = 600_000
"""Of pictures that are older than minutes are, one in ten minutes is kept."""
SPARE: Final = 0.1
"""The share of the file that may be empty before its pages are given back."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long: values as they were, by minutes, and all else; `None`: for ever.
    `most_bytes`: how large the file may become; `None`: as it may."""

    raw: timedelta | None = timedelta(days=2)
    minutes: timedelta | None = timedelta(days=14)
    longest: timedelta | None = timedelta(days=366)
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes that are in use, and that the file has besides."""

    used: int
    empty: int


def size(connection: sqlite3.Connection) -> Size:
    page, pages, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_size", "page_count", "freelist_count")
    )
    return Size((pages - free) * page, free * page)


def prune(file: File, keep: Keep, now: datetime) -> datetime | None:
    """Let go of what is too old, and of the oldest days while the file is too large.
    Before which moment all went because of the latter; `None`: nothing did."""
    for step_s, kept in (
        (RAW_S, keep.raw),
        (MINUTE_S, keep.minutes),
        (TEN_MINUTES_S, keep.longest),
        (HOUR_S, keep.longest),
    ):
        if kept is not None:
            _chunks(file, step_s, now - kept)
    if keep.minutes is not None:
        _thin(file, now - keep.minutes)
    if keep.longest is not None:
        _all(file, now - keep.longest)
    return _within(file, keep, now)


def _within(file: File, keep: Keep, now: datetime) -> datetime | None:
    """The oldest day of all goes first; the newest stays, however large it is."""
    gone = None
    with file.reading() as connection:
        day = _first(connection)
    while keep.most_bytes is not None and day is not None:
        with file.reading() as connection:
            used = size(connection).used
        day += DAY
        if used <= keep.most_bytes or day > now - DAY:
            break
        _all(file, day)
        for step_s in STEPS:
            _chunks(file, step_s, day)
        gone = day
    return gone


def _first(connection: sqlite3.Connection) -> datetime | None:
    """The first moment at which somebody looked, of what is kept."""
    (at,) = connection.execute("SELECT min(until) FROM watch").fetchone()
    return None if at is None else moment(at)


def _chunks(file: File, step_s: int, before: datetime) -> None:
    """Those that end before it."""
    last = int(before.timestamp()) - SPANS[step_s]
    chosen = "SELECT rowid FROM chunk WHERE step_s = ? AND begin <= ?"
    _away(file, "chunk", chosen, step_s, last)


def _thin(file: File, before: datetime) -> None:
    """Pictures of minutes become pictures of ten minutes. Those that others are packed
    against stay, and all that turned."""
    chosen = (
        "SELECT id FROM (SELECT id, turned, base, row_number() OVER "
        "(PARTITION BY deployment, at / ? ORDER BY turned DESC, base NULLS FIRST, at) "
        "AS place FROM picture WHERE at < ?) "
        "WHERE place > 1 AND NOT turned AND base IS NOT NULL"
    )
    _away(file, "picture", chosen, COARSE, millis(before))


def _all(file: File, before: datetime) -> None:
    """What is of no use without the longest steps: pictures by whole hours, as they are
    packed; of turns the last one before stays, which says what was then."""
    hour = millis(before) // 3_600_000 * 3_600_000
    _away(file, "picture", "SELECT id FROM picture WHERE at < ?", hour)
    at = millis(before)
    later = (
        "SELECT 1 FROM turn AS later WHERE later.deployment = turn.deployment "
        "AND later.subject = turn.subject AND later.at > turn.at AND later.at <= ?"
    )
    with file.reading() as connection:
        turns = connection.execute(
            "SELECT deployment, subject, at FROM turn WHERE at < ? "
            f"AND EXISTS ({later})",
            (at, at),
        ).fetchall()
    own = "DELETE FROM turn WHERE deployment = ? AND subject = ? AND at = ?"
    _each(file, own, turns)
    with file.writing() as connection:
        connection.execute("DELETE FROM watch WHERE until < ?", (at,))
        connection.execute("DELETE FROM loss WHERE until < ?", (at,))


def _away(file: File, table: str, chosen: str, *values: int) -> None:
    """What is looked for longer than nobody may wait, is looked for beforehand."""
    with file.reading() as connection:
        found = connection.execute(chosen, values).fetchall()
    _each(file, f"DELETE FROM {table} WHERE rowid = ?", found)


def _each(file: File, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    for begin in range(0, len(rows), SLICE):
        with file.writing() as connection:
            connection.executemany(statement, rows[begin : begin + SLICE])


def give_back(file: File) -> None:
    """Empty pages to the disk, while there are many."""
    for _ in _spare(file):
        with file.writing() as connection:
            connection.execute(f"PRAGMA incremental_vacuum({SLICE})").fetchall()


def _spare(file: File) -> Iterator[int]:
    before = -1
    while True:
        with file.reading() as connection:
            found = size(connection)
        if found.empty in (0, before) or found.empty < SPARE * found.used:
            return
        before = found.empty
        yield found.empty
