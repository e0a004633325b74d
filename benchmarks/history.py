"""What months of history cost: on the disk, to show a moment, to review, to go on.

Beside our own file, in the same run: a plain table of SQLite and a VictoriaMetrics,
which hold a look in ten minutes where ours was made of one in fifteen seconds.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import orjson
import pandas as pd

from app.aside import Aside
from app.cli.quiet import TURN_S
from app.cli.reviewing import reviewed
from app.config.storage import Storage
from app.domain.capacity import Review
from app.domain.capacity_terms import Choices
from app.domain.evaluate import Deployment
from app.domain.limits import DEFAULT
from app.domain.measures import HOUR_S, TEN_MINUTES_S
from app.domain.rollups import Ask
from app.domain.topology import standard
from app.history.base import History
from app.history.book import Book
from app.history.file import PARTS, File
from app.history.inbox import Entry
from app.history.promql import PromqlHistory
from app.history.promql_talk import Engine
from app.history.sqlite import SqliteHistory
from benchmarks import history_made
from benchmarks.engines import running
from benchmarks.history_fill import fill_engine, fill_file, fill_table
from benchmarks.history_made import Past
from benchmarks.stage import Json, free_port
from collectors.prometheus import PrometheusAddress

SCRUB: Final = timedelta(minutes=10)
"""Between two frames."""
FRAMES: Final = 144
"""A day."""
APPENDED: Final = 200
YEAR: Final = 365
YEAR_S: Final = 150
"""Seconds between two looks of the year: four in ten minutes are enough."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`values`: of each time that it was done."""

    keeper: str
    what: str
    unit: str
    values: tuple[float, ...]


def measure_history(folder: Path, picture: Json, days: int, times: int) -> list[Cost]:
    now = datetime.fromtimestamp(time.time(), UTC)
    made = history_made.past(picture, days, now)
    return [
        *_own(folder / "history.db", made, times),
        *_table(folder / "table.db", made, times),
        *_engine(folder, made, times),
    ]


def _own(path: Path, made: Past, times: int) -> Iterator[Cost]:
    name = "our file"
    fill_file(path, made)
    size = sum(f.stat().st_size for p in PARTS if (f := Path(f"{path}{p}")).exists())
    yield Cost(name, "size", "MB", (size / 1e6,))
    history = SqliteHistory(path, lambda: datetime.fromtimestamp(made.end, UTC))
    yield from _read(name, history, made, times)
    aside = Aside()
    month = _review(aside, path, made, 30)
    yield Cost(name, "first review of 30 days", "ms", (_took(month),))
    took = tuple(_took(month) for _ in range(max(2, times // 5)))
    yield Cost(name, "review of 30 days", "ms", took)
    yield Cost(name, "append during a review", "ms", _appended(path, month, made))
    yield from _year(path.with_name("year.db"), aside, made, times)
    aside.close()


def _year(path: Path, aside: Aside, made: Past, times: int) -> Iterator[Cost]:
    """A file that holds a whole year by hours, and little else."""
    end = datetime.fromtimestamp(made.end, UTC)
    whole = history_made.past(made.picture, YEAR, end, YEAR_S)
    fill_file(path, whole, (HOUR_S,), ())
    name = "our file, of a year"
    history = SqliteHistory(path, lambda: end)
    ask = Ask(end - timedelta(days=YEAR), end, HOUR_S)
    reads = max(2, times // 5)
    took = tuple(
        _took(lambda: history.series(made.picture["deployment"], ask))
        for _ in range(reads)
    )
    yield Cost(name, "numbers of a year", "ms", took)
    year = _review(aside, path, whole, YEAR)
    yield Cost(name, "review of a year", "ms", tuple(_took(year) for _ in range(reads)))


def _review(aside: Aside, path: Path, made: Past, days: int) -> Callable[[], Review]:
    """As the capacity page has it made: in another process."""
    end = datetime.fromtimestamp(made.end, UTC)
    storage = Storage(history=f"sqlite:///{path}")
    watched = Deployment(made.picture["deployment"], standard(), DEFAULT)
    choices = Choices(end - timedelta(days=days), end)
    return lambda: aside.do(reviewed, storage, watched, end, choices, made.picture)


def _read(name: str, history: History, made: Past, times: int) -> Iterator[Cost]:
    """The same of whoever keeps it: as the pages ask."""
    own = made.picture["deployment"]
    end = datetime.fromtimestamp(made.end, UTC)
    chance = np.random.default_rng(2)
    minutes = chance.integers(made.begin // 60 + 11, made.end // 60, 10 * times)

    def shown(minute: int) -> None:
        found = history.picture(own, datetime.fromtimestamp(minute * 60, UTC))
        orjson.dumps(found)

    took = [_took(lambda at=at: shown(int(at))) for at in minutes]  # type: ignore[misc]
    yield Cost(name, "picture of any minute", "ms", tuple(took))
    begin = end - SCRUB * (FRAMES + 1)
    frames = history.pictures(own, begin, end, SCRUB, FRAMES)
    yield Cost(name, "a frame of 24 h", "ms", tuple(_each(frames)))
    for what, back, step in (
        ("numbers of 30 days", 30, TEN_MINUTES_S),
        ("numbers of a year", 366, HOUR_S),
    ):
        ask = Ask(end - timedelta(days=back), end, step)
        values = tuple(
            _took(lambda ask=ask: history.series(own, ask))  # type: ignore[misc]
            for _ in range(max(2, times // 5))
        )
        yield Cost(name, what, "ms", values)


def _each(frames: Iterator[Json]) -> Iterator[float]:
    while True:
        began = time.perf_counter()
        if next(frames, None) is None:
            return
        yield (time.perf_counter() - began) * 1000


def _appended(
    path: Path, review: Callable[[], object], made: Past
) -> tuple[float, ...]:
    """Whole pictures that turned, a transaction each, while somebody reviews."""
    own = made.picture["deployment"]
    file = File(path)
    file.open()
    book = Book(file)
    at = np.arange(made.end, made.end + APPENDED)
    late = _longer(made).pictures(at)
    took = []
    with _meanwhile(review):
        for picture, moment in zip(late, at.tolist(), strict=True):
            entry = Entry(own, moment * 1000, picture, turned=True)
            took.append(_took(lambda entry=entry: book.keep([entry])))  # type: ignore[misc]
    file.close()
    return tuple(took)


def _longer(made: Past) -> Past:
    """The load goes on for an hour as it was last."""
    more = np.full(240, made.load[-1])
    return Past(
        made.picture, made.at, np.append(made.load, more), made.bases, made.turns
    )


@contextmanager
def _meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Again and again, in another thread."""
    ending = threading.Event()
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)  # As the server does.

    def run() -> None:
        while not ending.is_set():
            act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
        sys.setswitchinterval(before)


def _table(path: Path, made: Past, times: int) -> Iterator[Cost]:
    """One moment's numbers, and p95 of all of 30 days, as one would ask at first."""
    name = "plain table, a look in 10 min"
    fill_table(path, made)
    yield Cost(name, "size", "MB", (path.stat().st_size / 1e6,))
    chance = np.random.default_rng(2)
    with closing(sqlite3.connect(path)) as connection:

        def shown(at: int) -> None:
            text = "SELECT * FROM number WHERE at = ?"
            connection.execute(text, (at,)).fetchall()

        tens = range(made.begin // 600 + 1, made.end // 600)
        ats = chance.choice(tens, 10 * times) * 600
        took = [_took(lambda at=at: shown(int(at))) for at in ats]  # type: ignore[misc]
        yield Cost(name, "picture of any minute", "ms", tuple(took))
        for what, back in (("numbers of 30 days", 30), ("numbers of a year", 366)):
            text = f"SELECT * FROM number WHERE at >= {made.end - back * 86_400}"

            def review(text: str = text) -> object:
                frame = pd.read_sql_query(text, connection)
                return frame.groupby(["subject", "metric"])["value"].quantile(0.95)

            values = tuple(_took(review) for _ in range(2))
            yield Cost(name, what, "ms", values)


def _engine(folder: Path, made: Past, times: int) -> Iterator[Cost]:
    name = "VictoriaMetrics, a look in 10 min"
    url, data = f"http://127.0.0.1:{free_port()}", folder / "engine"
    arguments = [
        f"-storageDataPath={data}",
        f"-httpListenAddr={url.removeprefix('http://')}",
        "-retentionPeriod=2y",
    ]
    with running(["victoria-metrics", *arguments], folder, url, "/health"):
        fill_engine(url, made)
        size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
        yield Cost(name, "size", "MB", (size / 1e6,))
        engine = Engine(PrometheusAddress(url))
        topologies = {made.picture["deployment"]: standard()}
        end = datetime.fromtimestamp(made.end, UTC)
        history = PromqlHistory(engine, topologies, lambda: end, look_s=600)
        yield from _read(name, history, made, times)
        history.join(0)


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
