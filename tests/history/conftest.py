"""Histories that are ended after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.history.sqlite import SqliteHistory
from tests.history.stage import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def begin(file: Path, clock: Clock) -> Iterator[Callable[..., SqliteHistory]]:
    """A history that runs, with short waits."""
    begun: list[SqliteHistory] = []

    def start(path: Path = file, **options: Any) -> SqliteHistory:
        history = SqliteHistory(
            path, clock, **{"settle_s": 0.0, "retry_s": 0.02, **options}
        )
        history.start()
        begun.append(history)
        return history

    yield start
    for history in begun:
        history.stop()
    for history in begun:
        history.join(30)
        assert not history.running()
