"""Rows become chunks: a period at once, a subject in a transaction.

A chunk is made of what it held before the period and of the period's rows, so that
sealing which was broken off is simply done again. Readers take from chunks what lies
before `sealed`, and the rest from the rows: they never see a half of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import zstandard

from app.domain.measures import STEPS
from app.domain.rollups import Column
from app.domain.rollups_fold import joined, rolled, within
from app.history.chunks import decode, encode
from app.history.file import File
from app.history.series import raw
from app.history.spans import watched_after
from app.history.tiers import PERIOD_S, SPANS, sealed_until

SETTLED: Final = 3_600_000
"""A period is sealed once so much more was watched, in milliseconds: until then a clock
that is set back may replace what is kept."""
SLICE: Final = 500
"""Rows that are let go of at once."""
Chunk = tuple[int, int, bytes]
"""Its step and beginning in seconds, and the chunk."""


def due(file: File) -> tuple[int, int] | None:
    """A deployment that has something to be sealed, and the beginning of it."""
    with file.reading() as connection:
        owns = [row[0] for row in connection.execute("SELECT id FROM deployment")]
        for own in owns:
            sealed = sealed_until(connection, own)
            (oldest,) = connection.execute(
                "SELECT min(at) FROM step WHERE deployment = ? AND at >= ?",
                (own, sealed),
            ).fetchone()
            if oldest is None:
                continue
            begin = oldest // PERIOD_S * PERIOD_S
            if watched_after(connection, own, (begin + PERIOD_S) * 1000) > SETTLED:
                return own, begin
    return None


def seal(file: File, own: int, begin: int) -> None:
    """One period of one deployment. Raises `Unreadable`."""
    end = begin + PERIOD_S
    with file.reading() as connection:
        columns, _ = raw(connection, own, begin, end, set())
    of: defaultdict[str, dict[str, Column]] = defaultdict(dict)
    for (name, metric), column in columns.items():
        of[name][metric] = column
    for name, measured in of.items():
        put(file, own, name, measured, begin)
    with file.writing() as connection:
        connection.execute("UPDATE deployment SET sealed = ? WHERE id = ?", (end, own))
    _let_go(file, own, end)


def put(
    file: File, own: int, name: str, measured: Mapping[str, Column], begin: int
) -> None:
    """What was measured of one subject from `begin` on, into chunks of every step;
    within a period."""
    made = [_chunk(file, own, name, measured, begin, step_s) for step_s in STEPS]
    with file.writing() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?)",
            [(own, step_s, name, start, packed) for step_s, start, packed in made],
        )


def _chunk(
    file: File,
    own: int,
    name: str,
    measured: Mapping[str, Column],
    begin: int,
    step_s: int,
) -> Chunk:
    start = begin // SPANS[step_s] * SPANS[step_s]
    new = {metric: rolled(column, step_s) for metric, column in measured.items()}
    old = _before(file, own, name, start, step_s, begin) if start < begin else {}
    merged = {
        metric: joined([part[metric] for part in (old, new) if metric in part])
        for metric in {**old, **new}
    }
    return step_s, start, encode(merged, step_s)


def _before(
    file: File, own: int, name: str, start: int, step_s: int, begin: int
) -> dict[str, Column]:
    with file.reading() as connection:
        found = connection.execute(
            "SELECT packed FROM chunk WHERE deployment = ? AND step_s = ? "
            "AND subject = ? AND begin = ?",
            (own, step_s, name, start),
        ).fetchone()
    if found is None:
        return {}
    try:
        columns = decode(found[0], step_s)
    except zstandard.ZstdError:
        told = "of {} a part in steps of {} s was damaged, and let go of"
        with file.writing() as connection:
            loss = start * 1000, begin * 1000, told.format(name, step_s)
            connection.execute("INSERT INTO loss VALUES (?, ?, ?)", loss)
        return {}
    parts = {metric: within(one, start, begin) for metric, one in columns.items()}
    return {metric: part for metric, part in parts.items() if len(part.at)}


def _let_go(file: File, own: int, end: int) -> None:
    """Of the rows that are in chunks now, in short transactions."""
    gone = SLICE
    while gone == SLICE:
        with file.writing() as connection:
            gone = connection.execute(
                "DELETE FROM step WHERE rowid IN (SELECT rowid FROM step "
                "WHERE deployment = ? AND at < ? LIMIT ?)",
                (own, end, SLICE),
            ).rowcount
