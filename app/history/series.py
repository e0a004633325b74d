"""Series out of the file: what is sealed in chunks, and the newest out of the rows."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import orjson
import zstandard

from app.domain.measures import STEPS
from app.domain.rollups import Answer, Ask, Column, Floats, Ints, Statuses
from app.domain.rollups_fold import joined, measured, rolled, within
from app.domain.rollups_statuses import Held, Watched, seconds
from app.domain.status import Status
from app.domain.subject import Subject
from app.history.chunks import decode
from app.history.fold import GONE
from app.history.reading import moment, subject
from app.history.tiers import SPANS, sealed_until

Key = tuple[str, str]
"""A subject's name in the file, and a metric."""


def series(connection: sqlite3.Connection, own: int | None, ask: Ask) -> Answer:
    """Raises `ValueError` where the step is none of those that are kept."""
    if ask.step_s not in STEPS:
        raise ValueError(f"a step of {ask.step_s} s is not kept")
    since = None if own is None else _since(connection, own, ask.step_s)
    if own is None or since is None:
        return Answer(ask.step_s, None)
    begin, end = _bounds(ask, since)
    wanted = {str(one) for one in ask.subjects}
    sealed = sealed_until(connection, own)
    parts, whole = _sealed(connection, own, ask, (begin, min(end, sealed)), wanted)
    rows, fine = raw(connection, own, max(begin, sealed), end, wanted)
    for key, column in rows.items():
        parts[key].append(rolled(column, ask.step_s))
    columns = {
        (subject(name), metric): joined(of)
        for (name, metric), of in parts.items()
        if not ask.metrics or metric in ask.metrics
    }
    statuses = _statuses(connection, own, ask.step_s, begin, end, wanted)
    return Answer(ask.step_s, moment(since * 1000), columns, statuses, whole and fine)


def raw(
    connection: sqlite3.Connection, own: int, begin: int, end: int, wanted: set[str]
) -> tuple[dict[Key, Column], bool]:
    """Of the rows from `begin` on and before `end`, in seconds; and whether each of
    them could be read. No subjects: all."""
    found = connection.execute(
        "SELECT at, layout, packed FROM step "
        "WHERE deployment = ? AND at >= ? AND at < ? ORDER BY at",
        (own, begin, end),
    )
    rows: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
    whole = True
    unpacker = zstandard.ZstdDecompressor()
    for at, layout, packed in found:
        try:
            rows[layout].append((at, unpacker.decompress(packed)))
        except zstandard.ZstdError:
            whole = False
    parts: defaultdict[Key, list[Column]] = defaultdict(list)
    for layout, of in rows.items():
        for key, column in _columns(connection, layout, of, wanted):
            parts[key].append(column)
    return {key: _ordered(of) for key, of in parts.items()}, whole


def _columns(
    connection: sqlite3.Connection,
    layout: int,
    rows: list[tuple[int, bytes]],
    wanted: set[str],
) -> Iterator[tuple[Key, Column]]:
    (told,) = connection.execute(
        "SELECT columns FROM layout WHERE id = ?", (layout,)
    ).fetchone()
    at = np.array([moment for moment, _ in rows], np.int64)
    table = np.frombuffer(b"".join(packed for _, packed in rows), np.float32)
    table = table.reshape(len(rows), -1)
    for place, (name, metric) in enumerate(orjson.loads(told)):
        if wanted and name not in wanted:
            continue
        column = measured(at, table[:, place].astype(np.float64))
        if len(column.at):
            yield (name, metric), column


def _ordered(parts: list[Column]) -> Column:
    """Layouts follow one another: a restart changes them."""
    return joined(sorted(parts, key=lambda one: int(one.at[0])))


def _since(connection: sqlite3.Connection, own: int, step_s: int) -> int | None:
    """When the first step began that is kept, in seconds."""
    (chunk,) = connection.execute(
        "SELECT min(begin) FROM chunk WHERE deployment = ? AND step_s = ?",
        (own, step_s),
    ).fetchone()
    (row,) = connection.execute(
        "SELECT min(at) FROM step WHERE deployment = ?", (own,)
    ).fetchone()
    (watch,) = connection.execute(
        "SELECT min(begin) FROM watch WHERE deployment = ?", (own,)
    ).fetchone()
    known = [at for at in (chunk, row) if at is not None]
    if not known:
        return None
    looked = 0 if watch is None else int(watch) // 1000
    return max(int(min(known)), looked) // step_s * step_s


def _bounds(ask: Ask, since: int) -> tuple[int, int]:
    """Whole steps, in seconds."""
    step = ask.step_s
    begin = -(-int(ask.begin.timestamp() * 1000) // (step * 1000)) * step
    end = -(-int(ask.end.timestamp() * 1000) // 1000)
    return max(begin, since), max(begin, since, end)


def _sealed(
    connection: sqlite3.Connection,
    own: int,
    ask: Ask,
    bounds: tuple[int, int],
    wanted: set[str],
) -> tuple[defaultdict[Key, list[Column]], bool]:
    begin, end = bounds
    parts: defaultdict[Key, list[Column]] = defaultdict(list)
    whole = True
    found = connection.execute(
        "SELECT subject, packed FROM chunk WHERE deployment = ? AND step_s = ? "
        "AND begin > ? AND begin < ? ORDER BY subject, begin",
        (own, ask.step_s, begin - SPANS[ask.step_s], end),
    )
    for name, packed in found:
        if wanted and name not in wanted:
            continue
        try:
            columns = decode(packed, ask.step_s, ask.metrics or None)
        except zstandard.ZstdError:
            whole = False
            continue
        for metric, column in columns.items():
            part = within(column, begin, end)
            if len(part.at):
                parts[name, metric].append(part)
    return parts, whole


def _statuses(
    connection: sqlite3.Connection,
    own: int,
    step_s: int,
    begin: int,
    end: int,
    wanted: set[str],
) -> dict[Subject, Statuses]:
    edges = _edges(begin, end, step_s)
    if len(edges) < 2:
        return {}
    low, high = int(edges[0]) * 1000, int(edges[-1]) * 1000
    looked: Watched = [
        (start / 1000, until / 1000)
        for start, until in connection.execute(
            "SELECT begin, until FROM watch "
            "WHERE deployment = ? AND until > ? AND begin < ? ORDER BY begin",
            (own, low, high),
        )
    ]
    return {
        subject(name): seconds(held, looked, edges)
        for name, held in _held(connection, own, low, high).items()
        if not wanted or name in wanted
    }


def _edges(begin: int, end: int, step_s: int) -> Floats:
    edges: Ints = np.arange(begin, end + step_s, step_s)
    return edges.astype(np.float64)


def _held(
    connection: sqlite3.Connection, own: int, low: int, high: int
) -> dict[str, Held]:
    """What each subject was before, and what it turned then."""
    before = connection.execute(
        "SELECT subject, max(at), status FROM turn WHERE deployment = ? AND at <= ? "
        "GROUP BY subject",
        (own, low),
    )
    turned = connection.execute(
        "SELECT subject, at, status FROM turn "
        "WHERE deployment = ? AND at > ? AND at < ? ORDER BY subject, at",
        (own, low, high),
    )
    held: defaultdict[str, list[tuple[float, Status | None]]] = defaultdict(list)
    for name, at, status in (*before, *turned):
        held[name].append((at / 1000, None if status == GONE else Status(status)))
    return dict(held)
