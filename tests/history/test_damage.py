"""A file that a disk has damaged is set aside, and said to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.history.base import Unreadable
from app.history.file import File
from app.history.retention import Keep
from app.history.schema import PAGE_BYTES
from app.history.sqlite import SqliteHistory
from app.history.tender import Tender
from app.history.trouble import Damaged
from tests.history.stage import BEGIN, Clock, entry, opened, picture, reader, until

SECOND = timedelta(seconds=1)
Begin = Callable[..., SqliteHistory]


@pytest.fixture
def written(file: Path) -> Path:
    held, book = opened(file)
    for n in range(0, 7200, 15):
        shown = picture(BEGIN + n * SECOND, {17: "failing" if n % 30 else "ok"})
        book.keep([entry(shown, turned=True)])
    held.checkpoint()
    held.close()
    return file


def spoil(file: Path, page: int) -> None:
    with file.open("r+b") as raw:
        raw.seek(page * PAGE_BYTES)
        raw.write(b"\xa5" * PAGE_BYTES)


def test_a_damaged_page_is_noticed_by_who_reads_and_set_aside(
    written: Path, begin: Begin, clock: Clock
) -> None:
    clock.go(hours=3)
    history = begin()
    until(lambda: history.health().paused is None and history.first("demo"))
    for page in range(2, written.stat().st_size // PAGE_BYTES):
        spoil(written, page)
    with pytest.raises(Unreadable):
        history.turns("demo", BEGIN, clock())
    remark = until(lambda: history.health().remark)
    assert "it was set aside as history.db.damaged-20260302T090000Z" in remark
    aside = written.with_name("history.db.damaged-20260302T090000Z")
    assert aside.stat().st_size > 10 * PAGE_BYTES
    history.note("demo", picture(clock()), None)
    assert until(lambda: history.first("demo")) == clock()


def test_a_file_whose_head_is_gone_is_set_aside_at_the_start(
    written: Path, begin: Begin, clock: Clock
) -> None:
    spoil(written, 0)
    clock.go(hours=3)
    history = begin()
    assert "begins anew" in until(lambda: history.health().remark)
    assert list(written.parent.glob("history.db.damaged-*"))


def test_damage_is_looked_for_once_it_is_open(written: Path, clock: Clock) -> None:
    held = File(written)
    held.open()
    told: list[Damaged] = []
    tender = Tender(held, clock, Keep(), told.append)
    tender.tend()
    spoil(written, written.stat().st_size // PAGE_BYTES // 2)
    with pytest.raises(Damaged):
        Tender(held, clock, Keep(), told.append).tend()


def test_a_picture_that_is_damaged_hides_no_other(written: Path) -> None:
    held = File(written)
    held.open()
    with held.writing() as connection:
        connection.execute("UPDATE picture SET packed = x'28b52ffd00' WHERE id = 5")
    at = BEGIN + 60 * SECOND
    with pytest.raises(Unreadable, match="06:01:00 UTC is damaged"):
        reader(written).picture("demo", at)
    assert reader(written).picture("demo", at + 15 * SECOND) is not None
    held.close()
