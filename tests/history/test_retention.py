"""What is old goes, what is too large goes, and copies are whole."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.rollups import Ask
from app.history.backup import backup
from app.history.base import Unreadable
from app.history.book import Book
from app.history.examination import examine
from app.history.file import File
from app.history.retention import Keep, give_back, prune, size
from app.history.tender import Tender
from tests.history.stage import BEGIN, Clock, entry, opened, picture, reader

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def watch(book: Book, days: int) -> None:
    """An hour of each day, with a picture each other minute."""
    book.keep(
        entry(picture(BEGIN + day * DAY + n * MINUTE, request_rate=n % 7 + n / 1000))
        for day in range(days)
        for n in range(0, 62, 2)
    )


def days_kept(file: File, step_s: int, now: float) -> float:
    ask = Ask(BEGIN, BEGIN + now * DAY, step_s)
    column = reader(file.path).series("demo", ask).columns.get((17, "request_rate"))
    return 0 if column is None else len(set(column.at // 86400))


def tended(file: File, keep: Keep, now: float) -> None:
    Tender(file, Clock(BEGIN + now * DAY), keep, lambda exc: None).tend()


def test_the_finer_a_step_the_sooner_it_goes(file: Path) -> None:
    held, book = opened(file)
    watch(book, 10)
    keep = Keep(DAY, 4 * DAY, 8 * DAY)
    tended(held, keep, 10)
    kept = {step_s: days_kept(held, step_s, 10) for step_s in (15, 60, 600, 3600)}
    assert kept[15] <= 3 and 4 <= kept[60] <= 6
    assert kept[600] >= 8 and kept[3600] >= 8
    before = reader(file).moments("demo", BEGIN, BEGIN + 6 * DAY)
    assert before[0].at == BEGIN + 2 * DAY
    assert {at.minute % 10 for at, _ in before} == {0}
    assert len(before) == 4 * 7 + 1
    fine = reader(file).moments("demo", BEGIN + 7 * DAY, BEGIN + 7.5 * DAY)
    assert len(fine) == 31
    shown = reader(file).picture("demo", BEGIN + 3 * DAY)
    assert shown is not None and shown["connections"][1]["status"] == "ok"


def test_what_was_before_the_oldest_is_still_known(file: Path) -> None:
    """Of turns that are too old the last one says what was then."""
    held, book = opened(file)
    book.keep(
        [
            entry(picture(BEGIN, {17: "failing"})),
            entry(picture(BEGIN + MINUTE, {17: "degraded"})),
        ]
    )
    watch(book, 0)
    prune(held, Keep(longest=DAY), BEGIN + 3 * DAY)
    turns = reader(file).turns("demo", BEGIN, BEGIN + 3 * DAY)
    assert [(one.at, one.subject) for one in turns if one.subject == 17] == [
        (BEGIN + MINUTE, 17)
    ]


def test_the_oldest_days_go_when_it_is_too_large(file: Path) -> None:
    held, book = opened(file)
    watch(book, 40)
    tended(held, Keep(), 40)
    with held.reading() as connection:
        whole = size(connection).used
    gone = prune(held, replace(Keep(), most_bytes=whole * 2 // 3), BEGIN + 40 * DAY)
    assert gone is not None and BEGIN < gone < BEGIN + 38 * DAY
    assert reader(file).first("demo") >= gone - timedelta(hours=1)
    with held.reading() as connection:
        assert size(connection).used <= whole * 2 // 3
    give_back(held)
    with held.reading() as connection:
        assert size(connection).empty < whole // 5


def test_the_newest_day_stays_however_large(file: Path) -> None:
    held, book = opened(file)
    watch(book, 3)
    prune(held, replace(Keep(), most_bytes=1), BEGIN + 3 * DAY)
    assert len(reader(file).moments("demo", BEGIN + 2 * DAY, BEGIN + 3 * DAY)) == 31


def test_for_ever_is_for_ever(file: Path) -> None:
    held, book = opened(file)
    watch(book, 2)
    prune(held, Keep(None, None, None), BEGIN + 9999 * DAY)
    assert len(reader(file).moments("demo", BEGIN, BEGIN + DAY)) == 32


def test_a_copy_is_whole_while_somebody_writes(file: Path, tmp_path: Path) -> None:
    held, book = opened(file)
    watch(book, 1)
    out, ended = tmp_path / "copy.db", threading.Event()

    def write() -> None:
        own = Book(held)
        at = BEGIN + DAY
        while not ended.is_set():
            own.keep([entry(picture(at := at + MINUTE), turned=True)])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert backup(file, out) == out.stat().st_size
    finally:
        ended.set()
        thread.join()
    copied = reader(out).moments("demo", BEGIN, BEGIN + 9 * DAY)
    original = reader(file).moments("demo", BEGIN, BEGIN + 9 * DAY)
    assert 31 <= len(copied) and original[: len(copied)] == copied
    opened(out)


def test_a_copy_is_never_made_over_something(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.db"
    with pytest.raises(Unreadable, match="there is no history yet"):
        backup(file, out)
    opened(file)
    out.write_text("dear")
    with pytest.raises(Unreadable, match="is there already"):
        backup(file, out)
    assert out.read_text() == "dear"
    with pytest.raises(Unreadable, match="its folder is not there"):
        backup(file, tmp_path / "gone" / "copy.db")


def test_it_can_be_examined_beside_who_writes(file: Path, tmp_path: Path) -> None:
    assert examine(file).form is None
    _, book = opened(file)
    assert examine(file).since is None
    watch(book, 1)
    found = examine(file)
    assert (found.trouble, found.form, found.losses) == (None, 1, 0)
    assert (found.since, found.until) == (BEGIN, BEGIN + 60 * MINUTE)
    assert "nothing can be written" in str(examine(tmp_path / "no" / "x.db").trouble)
    (tmp_path / "text.db").write_text("nothing of ours" * 99)
    assert "not a database" in str(examine(tmp_path / "text.db").trouble)
