"""A history that runs: what its threads write, and what is said when they can't."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.rollups import Ask
from app.files import FileLock
from app.history.base import Unreadable
from app.history.file import PARTS
from app.history.schema import FIRST, LADDER, OURS, upgrade
from app.history.sqlite import SqliteHistory
from tests.history.stage import BEGIN, Clock, entry, opened, picture, reader, until

Begin = Callable[..., SqliteHistory]
SECOND = timedelta(seconds=1)
NEWS = {"status": "failing"}


def note(history: SqliteHistory, clock: Clock, **statuses: str) -> None:
    shown = picture(clock(), {17: statuses.get("c17", "ok")})
    history.note("demo", shown, NEWS if statuses else {"version": 2})


def test_what_turned_is_written_at_once(begin: Begin, clock: Clock) -> None:
    history = begin()
    history.note("demo", picture(clock()), None)
    clock.go(seconds=5)
    note(history, clock, c17="failing")
    found = until(lambda: history.turns("demo", BEGIN + SECOND, BEGIN + 9 * SECOND))
    assert [one.subject for one in found] == [17]
    assert history.kept().size > 0 and history.kept().written_at == clock()
    assert history.health().paused is None


def test_time_goes_on_without_news(begin: Begin, file: Path, clock: Clock) -> None:
    """A step is written although nothing was published in it."""
    history = begin()
    history.note("demo", picture(clock()), None)
    until(lambda: history.first("demo"))
    for _ in range(4):
        clock.go(seconds=15)
        note(history, clock, c17="ok")
    until(lambda: len(history.moments("demo", BEGIN, clock())) == 5)
    found = history.series("demo", Ask(BEGIN, clock(), 15))
    assert found.columns["redis", "ready"].count.tolist() == [1] * 4


def test_what_is_left_is_written_in_the_end(
    begin: Begin, file: Path, clock: Clock
) -> None:
    history = begin()
    history.note("demo", picture(clock()), None)
    clock.go(seconds=20)
    history.note("demo", picture(clock(), {17: "failing"}), {"version": 2})
    history.stop()
    history.join(30)
    assert not history.running()
    assert len(reader(file).turns("demo", BEGIN + SECOND, clock())) == 1
    steps = reader(file).series("demo", Ask(BEGIN, clock() + 20 * SECOND, 15))
    assert len(steps.columns["redis", "ready"].at) == 2


def test_a_second_process_is_refused_until_the_first_ends(
    begin: Begin, file: Path, clock: Clock
) -> None:
    program = (
        "import sys; from pathlib import Path; from app.files import FileLock\n"
        f"FileLock(Path({str(file)!r})); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == "held\n"
        history = begin()
        paused = until(lambda: history.health().paused)
        assert paused == (
            f"{file}: another dashboard keeps its history here (process {other.pid}); "
            "give this one a history of its own, or end the other"
        )
        note(history, clock, c17="failing")
        other.stdin.close()
    until(lambda: history.health().paused is None)
    until(lambda: history.moments("demo", BEGIN, clock()))


def test_what_waits_for_too_long_is_lost_and_told(
    begin: Begin, file: Path, clock: Clock
) -> None:
    lock = FileLock(file)
    told: list[int] = []
    history = begin(most_waiting=4)
    history.listen(lambda: told.append(1))
    until(lambda: history.health().paused)
    for _ in range(6):
        note(history, clock, c17="failing")
        clock.go(seconds=20)
    assert history.health().lost_from == BEGIN
    lock.release()
    until(lambda: history.moments("demo", BEGIN, clock()))
    health = until(lambda: (h := history.health()).remark and h)
    assert (health.paused, health.lost_from) == (None, BEGIN)
    assert health.lost_until == BEGIN + 80 * SECOND
    assert "another dashboard" in health.remark
    assert told
    clock.go(hours=2)
    assert history.health().remark is None


def test_a_file_that_was_moved_away_is_begun_anew(
    begin: Begin, file: Path, clock: Clock
) -> None:
    history = begin()
    history.note("demo", picture(clock()), None)
    until(lambda: history.first("demo"))
    for part in PARTS:
        file.with_name(file.name + part).rename(file.with_name("old.db" + part))
    clock.go(seconds=5)
    note(history, clock, c17="failing")
    until(lambda: file.exists() and history.health().paused is None)
    until(lambda: history.first("demo") == clock())


def test_a_clock_that_is_set_back_is_told(
    begin: Begin, file: Path, clock: Clock
) -> None:
    history = begin()
    history.note("demo", picture(clock()), None)
    clock.go(seconds=60)
    note(history, clock, c17="failing")
    until(lambda: len(history.moments("demo", BEGIN, clock())) == 2)
    clock.go(seconds=-30)
    note(history, clock, c17="ok")
    until(lambda: history.health().remark)
    assert history.health().remark == (
        "the clock was set back from 2026-03-02 06:01:00 UTC, and what was kept as "
        "later than it shows now was let go"
    )
    seen = [at for at, _ in history.moments("demo", BEGIN, BEGIN + 90 * SECOND)]
    assert seen == [BEGIN, BEGIN + 30 * SECOND]


def test_one_that_is_set_back_far_pauses_it_and_takes_nothing(
    begin: Begin, file: Path, clock: Clock
) -> None:
    held, book = opened(file)
    for minute in range(0, 120):
        book.keep([entry(picture(BEGIN + minute * 60 * SECOND))])
    held.close()
    history = begin()
    note(history, clock, c17="failing")
    paused = until(lambda: history.health().paused)
    assert "the clock shows 2026-03-02 06:00 UTC, but what is kept reaches to" in paused
    assert history.health().lost_from == BEGIN
    clock.go(hours=3)
    note(history, clock, c17="failing")
    until(lambda: history.health().paused is None)
    assert history.health().lost_until == clock()
    assert len(history.moments("demo", BEGIN, clock())) == 121


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (f"PRAGMA application_id={OURS}; PRAGMA user_version=99", "a newer version"),
        ("CREATE TABLE invoices (id)", "a database of something else"),
    ],
)
def test_what_is_not_ours_is_left_alone(
    begin: Begin, file: Path, statement: str, words: str
) -> None:
    with sqlite3.connect(file) as connection:
        connection.executescript(statement)
    connection.close()
    before = file.read_bytes()
    history = begin()
    assert words in until(lambda: history.health().paused)
    assert file.read_bytes() == before


def test_an_older_form_is_brought_up_to_date(tmp_path: Path) -> None:
    """A step that is broken off leaves the form before it."""
    connection = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    upgrade(connection, LADDER)
    connection.execute("INSERT INTO deployment (name) VALUES ('demo')")
    with pytest.raises(sqlite3.OperationalError):
        upgrade(connection, (FIRST, "ALTER TABLE deployment ADD a; SELECT nonsense"))
    connection.rollback()
    upgrade(connection, (FIRST, "ALTER TABLE deployment ADD COLUMN colour TEXT"))
    rows = connection.execute("SELECT name, colour FROM deployment").fetchall()
    assert rows == [("demo", None)]
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_before_it_was_ever_kept_there_is_nothing_to_read(file: Path) -> None:
    with pytest.raises(Unreadable, match="its folder is not there"):
        reader(file).first("demo")
