"""The watching half of `serve`, in this process: its clock can be moved, and every
picture that it makes is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.bus.memory import MemoryBus
from app.cli.watch import Watches
from app.config.load import load

Json = dict[str, Any]
BAD: Final = ("failing", "degraded")
UNSEEN: Final = ("stale", "no_data")
WORKERS: Final = ("kubernetes ", "consul-", "pipeline-", "rounds", "records")


class Clock:
    """The system's, so many seconds ahead."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.ahead_s, UTC)


class KeepingBus(MemoryBus):
    """Keeps every picture that was ever shown."""

    def __init__(self) -> None:
        super().__init__("chaos")
        self.pictures: list[Json] = []

    def publish(self, snapshot: Json, delta: Json | None) -> None:
        self.pictures.append(snapshot)
        super().publish(snapshot, delta)


class Dashboard:
    def __init__(self, written: Path) -> None:
        self.clock = Clock()
        self._bus = KeepingBus()
        self._watches = Watches(
            load(written, {}), self._bus, self.clock, lambda name: lambda seconds: None
        )

    @property
    def pictures(self) -> list[Json]:
        return self._bus.pictures

    def start(self) -> None:
        self._watches.start()

    def stop(self) -> None:
        self._watches.stop()

    def ill(self) -> list[str]:
        return self._watches.ill()

    def bad(self) -> set[int]:
        """The connections that are shown failing or degraded now."""
        return with_status(self.pictures[-1], *BAD) if self.pictures else set()

    def unseen(self, *excused: str) -> dict[str, str]:
        """Everything about which we are blind now, and why; but for these sources."""
        if not self.pictures:
            return {"picture": "none yet"}
        last = self.pictures[-1]
        sources = [s for s in last["sources"] if s["name"] not in excused]
        told = {s["name"]: s["error"] for s in sources if s["status"] != "ok"}
        return told | {str(n): "unseen" for n in with_status(last, *UNSEEN)}

    def troubles(self) -> set[str]:
        """Every trouble that any source was ever told to have."""
        sources = (one for picture in self.pictures for one in picture["sources"])
        return {str(one["error"]) for one in sources if one["error"]}


def with_status(picture: Json, *statuses: str) -> set[int]:
    return {c["number"] for c in picture["connections"] if c["status"] in statuses}


def reasons(picture: Json, numbers: set[int]) -> list[tuple[int, list[str]]]:
    """What is held against some connections."""
    found = [c for c in picture["connections"] if c["number"] in numbers]
    return [(c["number"], [r["text"] for r in c["reasons"]]) for c in found]


def workers() -> set[str]:
    """The lasting threads of a dashboard that live."""
    return {t.name for t in threading.enumerate() if t.name.startswith(WORKERS)}


@contextmanager
def watching(written: Path) -> Iterator[Dashboard]:
    dashboard = Dashboard(written)
    dashboard.start()
    try:
        yield dashboard
    finally:
        dashboard.stop()
