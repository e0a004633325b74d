"""A review is made of what the configuration names, wherever that is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.aside import Aside, Ended
from app.cli.reviewing import Elsewhere, reviewed
from app.config.storage import Storage
from app.domain.capacity_terms import Choices
from app.domain.evaluate import Deployment
from app.domain.limits import DEFAULT
from app.domain.topology import standard
from app.history.base import Unreadable
from app.history.sqlite import SqliteHistory
from app.history.trouble import Damaged
from tests.history.stage import BEGIN, Clock, entry, opened, picture, until

NOW = datetime(2026, 3, 3, tzinfo=UTC)
WATCHED = Deployment("demo", standard(), DEFAULT)
CHOICES = Choices(NOW - timedelta(days=2), NOW)


class Broken(Aside):
    def __init__(self, exc: Exception) -> None:
        super().__init__()
        self.exc = exc

    def do(self, work: Callable[..., Any], *given: Any) -> Any:
        raise self.exc


def test_it_is_the_same_in_another_process(tmp_path: Path) -> None:
    file, book = opened(tmp_path / "history.db")
    for minutes in range(0, 120, 5):
        at = BEGIN + timedelta(minutes=minutes)
        book.keep([entry(picture(at, request_rate=50.0))])
    file.close()
    storage = Storage(history=f"sqlite:///{tmp_path / 'history.db'}")
    aside = Aside()
    there = aside.do(reviewed, storage, WATCHED, NOW, CHOICES, None)
    aside.close()
    here = reviewed(storage, WATCHED, NOW, CHOICES, None)
    assert there.of(17).measures == here.of(17).measures
    assert here.of(17).measures[0].p50 == pytest.approx(50, rel=0.05)
    assert there == here or [one.label for one in there.subjects]


def test_without_a_history_that_is_said() -> None:
    with pytest.raises(Unreadable, match=r"storage\.history"):
        reviewed(Storage(history="none"), WATCHED, NOW, CHOICES, None)


def test_a_file_that_is_found_damaged_there_is_set_aside_here(tmp_path: Path) -> None:
    history = SqliteHistory(tmp_path / "history.db", Clock())
    history.start()
    with pytest.raises(Damaged):
        Elsewhere(Broken(Damaged("not a database")), history)(int, "1")
    until(lambda: any(tmp_path.glob("history.db.damaged-*")))
    history.stop()
    history.join(30)


def test_a_process_that_died_is_no_history_that_can_be_read() -> None:
    with pytest.raises(Unreadable, match="too little memory"):
        Elsewhere(Broken(Ended("too little memory")), None)(int, "1")
