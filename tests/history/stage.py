"""A small deployment, pictures of it, and a history that is handed them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.instants import instant
from app.domain.measures import CONNECTION_METRICS
from app.history.base import Json, Unreadable
from app.history.book import Book
from app.history.file import File
from app.history.inbox import Entry
from app.history.reading import millis
from app.history.retention import Keep
from app.history.sqlite import SqliteHistory

BEGIN = datetime(2026, 3, 2, 6, tzinfo=UTC)
PATIENCE_S = 30.0


def picture(
    at: datetime, statuses: dict[int | str, str] | None = None, **numbers: Any
) -> Json:
    """Connections 1 and 17 and the box `redis`; `numbers` are of connection 17, unless
    they begin with `redis_`."""
    given = {1: "ok", 17: "ok", "redis": "ok"} | (statuses or {})
    own = {k: v for k, v in numbers.items() if not k.startswith("redis_")}
    box = {k.removeprefix("redis_"): v for k, v in numbers.items() if k not in own}
    none = dict.fromkeys(CONNECTION_METRICS)
    return {
        "deployment": "demo",
        "version": 1,
        "at": instant(at.astimezone(UTC)),
        "connections": [
            {
                "number": n,
                "status": given[n],
                "metrics": none | (own if n == 17 else {}),
            }
            for n in (1, 17)
        ],
        "nodes": [{"id": "redis", "status": given["redis"], "ready": 3, **box}],
        "sources": [],
    }


class Clock:
    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


def entry(shown: Json, *, turned: bool = False, deployment: str = "demo") -> Entry:
    at = millis(datetime.fromisoformat(shown["at"]))
    return Entry(deployment, at, shown, turned)


def opened(path: Path) -> tuple[File, Book]:
    """To write without threads."""
    file = File(path)
    file.open()
    return file, Book(file)


def reader(path: Path) -> SqliteHistory:
    """Only to read: nothing of it runs."""
    return SqliteHistory(path, Clock(), Keep())


def until(met: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(Unreadable):  # It is being made, or set aside.
            if found := met():
                return found
        time.sleep(0.005)
    raise AssertionError("it never came to that")
