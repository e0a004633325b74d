"""Puts a past into each of those that keep one: our own file, a plain table, an engine.

Our file gets what months of writing, sealing and pruning would have left in it, by the
same functions, but each chunk once: whole at the first.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
import orjson
import requests

from app.domain.exported import families
from app.domain.measures import MINUTE_S, RAW_S, TEN_MINUTES_S
from app.domain.rollups import Column, Ints
from app.domain.rollups_fold import measured, rolled, within
from app.history import pictures, rows
from app.history.chunks import encode
from app.history.file import File
from app.history.tiers import PERIOD_S, SPANS
from benchmarks import history_made
from benchmarks.history_made import DAY_S, Past
from benchmarks.stage import Json

KEPT_S: Final = {RAW_S: 2 * DAY_S, MINUTE_S: 14 * DAY_S}
"""How long short steps are kept; longer ones: as long as the past is."""
BATCH: Final = 40


def fill_file(path: Path, made: Past) -> None:
    file = File(path)
    file.open()
    sealed = (made.end - 1) // PERIOD_S * PERIOD_S
    with file.writing() as connection:
        row = made.picture["deployment"], sealed
        connection.execute("INSERT INTO deployment (name, sealed) VALUES (?, ?)", row)
        watch = 1, made.begin * 1000, made.end * 1000
        connection.execute("INSERT INTO watch VALUES (?, ?, ?)", watch)
        connection.executemany(
            "INSERT INTO turn VALUES (1, ?, ?, ?)",
            [(name, at, status) for at, name, status in made.turns],
        )
    for name in dict.fromkeys(name for name, _ in made.bases):
        _fill_chunks(file, made, name, sealed)
    _fill_rows(file, made, sealed)
    _fill_pictures(file, made)
    file.checkpoint()
    file.close()


def _fill_chunks(file: File, made: Past, name: str, sealed: int) -> None:
    own = {
        m: measured(made.at, made.values((n, m))) for n, m in made.bases if n == name
    }
    with file.writing() as connection:
        for step_s in SPANS:
            first = max(made.begin, made.end - KEPT_S.get(step_s, made.end))
            parts = {
                metric: rolled(within(column, first, sealed), step_s)
                for metric, column in own.items()
            }
            connection.executemany(
                "INSERT INTO chunk VALUES (1, ?, ?, ?, ?)",
                [(step_s, name, at, one) for at, one in _chunks(parts, step_s)],
            )


def _chunks(parts: dict[str, Column], step_s: int) -> Iterator[tuple[int, bytes]]:
    span = SPANS[step_s]
    at = next(iter(parts.values())).at
    for begin in np.unique(at // span * span).tolist():
        cut = {m: within(one, begin, begin + span) for m, one in parts.items()}
        yield begin, encode(cut, step_s)


def _fill_rows(file: File, made: Past, sealed: int) -> None:
    """What is not sealed yet."""
    at = made.at[made.at >= sealed]
    with file.writing() as connection:
        layout = rows.columns(made.picture)
        connection.execute("INSERT INTO layout (columns) VALUES (?)", (layout,))
        for picture, moment in zip(
            history_made.pictures(made, at), at.tolist(), strict=True
        ):
            row = moment, rows.packed(picture)
            connection.execute("INSERT INTO step VALUES (1, ?, 1, ?)", row)


def _fill_pictures(file: File, made: Past) -> None:
    """One a minute of two weeks, before it one in ten minutes, and all that turned."""
    turned = {at // 1000 // RAW_S * RAW_S for at, _, _ in made.turns}
    coarse = np.where(made.at < made.end - KEPT_S[MINUTE_S], TEN_MINUTES_S, MINUTE_S)
    at = made.at[(made.at % coarse == 0) | np.isin(made.at, list(turned))]
    base: pictures.Base | None = None
    with file.writing() as connection:
        for picture, moment in zip(
            history_made.pictures(made, at), at.tolist(), strict=True
        ):
            own = moment in turned
            base = pictures.put(connection, 1, moment * 1000, own, picture, base)


def fill_table(path: Path, made: Past) -> None:
    """A row a number, and ten minutes: what one writes at first."""
    at = made.at[made.at % TEN_MINUTES_S == 0]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE number (at INTEGER, subject TEXT, metric TEXT, value REAL)"
        )
        for key in made.bases:
            values = made.values(key, at).tolist()
            connection.executemany(
                "INSERT INTO number VALUES (?, ?, ?, ?)",
                ((t, *key, v) for t, v in zip(at.tolist(), values, strict=True)),
            )
        connection.execute("CREATE INDEX number_at ON number (at)")
        connection.commit()


def fill_engine(url: str, made: Past) -> None:
    """A look in ten minutes, as a push tells it, by series instead of by look."""
    at = made.at[made.at % TEN_MINUTES_S == 0]
    lines = list(_series(made, at))
    for begin in range(0, len(lines), BATCH):
        body = b"\n".join(lines[begin : begin + BATCH])
        requests.post(f"{url}/api/v1/import", data=body, timeout=120).raise_for_status()
    requests.get(f"{url}/internal/force_flush", timeout=60)


def _series(made: Past, at: Ints) -> Iterator[bytes]:
    """Statuses and their beginnings look by look; the numbers whole."""
    told: dict[tuple[str, ...], tuple[Json, array[float], array[int]]] = {}
    shown = history_made.pictures(made, at)
    for picture, moment in zip(shown, at.tolist(), strict=True):
        for name, labels, value in _samples(picture):
            key = (name, *labels.values())
            _, values, moments = told.setdefault(
                key, ({"__name__": name, **labels}, array("d"), array("q"))
            )
            values.append(value)
            moments.append(moment * 1000)
    for metric, values, moments in told.values():
        one = {"values": values.tolist(), "timestamps": moments.tolist()}
        yield orjson.dumps({"metric": metric, **one})


def _samples(picture: Json) -> Iterator[tuple[str, dict[str, str], float]]:
    for family in families([picture]):
        for values, value in family.rows:
            yield family.name, dict(zip(family.labels, values, strict=True)), value
