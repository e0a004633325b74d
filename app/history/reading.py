"""What the file has of pictures, of their moments, and of turns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

import zstandard

from app.domain.moments import Moment
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.history.base import Json, Turned, Unreadable
from app.history.fold import GONE
from app.history.pictures import Unpacker

DAMAGED: Final = "the picture of {} is damaged and can't be shown; others can"
FIND: Final = (
    "SELECT at, base, packed FROM picture WHERE deployment = ? AND at <= ? "
    "ORDER BY at DESC LIMIT 1"
)
LIST: Final = (
    "SELECT at, turned FROM picture WHERE deployment = ? AND at BETWEEN ? AND ? "
    "ORDER BY at"
)
TURNS: Final = (
    "SELECT at, subject, status FROM turn WHERE deployment = ? AND at BETWEEN ? AND ? "
    "AND status != ? ORDER BY at, subject"
)


def millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def subject(name: str) -> Subject:
    return int(name) if name.isdecimal() else NodeId(name)


def number(connection: sqlite3.Connection, deployment: str) -> int | None:
    found = connection.execute(
        "SELECT id FROM deployment WHERE name = ?", (deployment,)
    ).fetchone()
    return None if found is None else int(found[0])


def picture(connection: sqlite3.Connection, own: int, at: datetime) -> Json | None:
    found = connection.execute(FIND, (own, millis(at))).fetchone()
    if found is None:
        return None
    return _unpacked(Unpacker(connection), *found)


def pictures(
    connection: sqlite3.Connection,
    own: int,
    begin: datetime,
    end: datetime,
    step: timedelta,
    most: int,
) -> Iterator[Json]:
    wanted = _thinned(
        connection.execute(LIST, (own, millis(begin), millis(end))).fetchall(),
        max(1, round(step.total_seconds() * 1000)),
    )[:most]
    unpacker = Unpacker(connection)
    for at in wanted:
        found = connection.execute(FIND, (own, at)).fetchone()
        yield _unpacked(unpacker, *found)


def first(connection: sqlite3.Connection, own: int) -> datetime | None:
    (at,) = connection.execute(
        "SELECT min(at) FROM picture WHERE deployment = ?", (own,)
    ).fetchone()
    return None if at is None else moment(at)


def moments(
    connection: sqlite3.Connection, own: int, begin: datetime, end: datetime
) -> tuple[Moment, ...]:
    found = connection.execute(LIST, (own, millis(begin), millis(end)))
    return tuple(Moment(moment(at), bool(turned)) for at, turned in found)


def turns(
    connection: sqlite3.Connection, own: int, begin: datetime, end: datetime
) -> tuple[Turned, ...]:
    found = connection.execute(TURNS, (own, millis(begin), millis(end), GONE))
    return tuple(
        Turned(moment(at), subject(name), Status(status)) for at, name, status in found
    )


def _thinned(found: list[tuple[int, int]], step: int) -> list[int]:
    """Every one that turned, and the first of the others in each step."""
    kept: list[int] = []
    for _, group in groupby(found, lambda one: one[0] // step):
        plain = False
        for at, turned in group:
            if turned or not plain:
                kept.append(at)
            plain = plain or not turned
    return kept


def _unpacked(unpacker: Unpacker, at: int, base: int | None, packed: bytes) -> Json:
    try:
        return unpacker.picture(base, packed)
    except zstandard.ZstdError as exc:
        told = f"{moment(at):%Y-%m-%d %H:%M:%S} UTC"
        raise Unreadable(DAMAGED.format(told)) from exc


class Loss(NamedTuple):
    """From when until when nothing could be kept, in milliseconds, and why."""

    begin: int
    until: int
    why: str


def last_loss(connection: sqlite3.Connection) -> Loss | None:
    found = connection.execute(
        "SELECT begin, until, why FROM loss ORDER BY until DESC LIMIT 1"
    ).fetchone()
    return None if found is None else Loss(*found)
