"""Puts a past into each of those that keep one: our own file, a plain table, an engine.

Our file gets what months of writing, sealing and pruning would have left in it.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Container, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import orjson
import requests

from app.domain.exported import families
from app.domain.measures import MINUTE_S, STEPS, TEN_MINUTES_S
from app.domain.rollups import Ints
from app.history.file import File
from app.history.made import looked, numbers, pictured, put_numbers, put_pictures
from benchmarks.history_made import DAY_S, Past
from benchmarks.stage import Json

PICTURES: Final = ((14 * DAY_S, MINUTE_S), (400 * DAY_S, TEN_MINUTES_S))
"""For how long back one in how many seconds."""
BATCH: Final = 40


def fill_file(
    path: Path,
    made: Past,
    steps: Container[int] = STEPS,
    seen: Sequence[tuple[int, int]] = PICTURES,
) -> None:
    """Chunks of these steps alone; no pictures but those that turned, where none are
    `seen`."""
    file, name = File(path), made.picture["deployment"]
    file.open()
    put_numbers(file, name, numbers(made, steps))
    put_pictures(file, name, pictured(made, looked(made, seen)))
    file.checkpoint()
    file.close()


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
    shown = made.pictures(at)
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
