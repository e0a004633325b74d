"""What is usual is handed over without waiting, and told to the next process."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from app.domain.habits import HOUR, Hour
from app.domain.habits import hour_of as begun
from app.records.address import Address
from app.records.habits import MOST_UNWRITTEN, Habits
from app.records.keeper import Keeper
from app.records.store import Store
from tests.domain.story import FAILING, Story
from tests.records.conftest import now, until

Keep = Callable[..., Keeper]


def lately(*numbers: int) -> tuple[Hour, ...]:
    at = begun(now()) - HOUR
    return tuple(Hour(number, at, 2.5, 0.5) for number in numbers)


def test_what_is_kept_is_told_after_a_restart(keep: Keep) -> None:
    first, ended = keep(None, "demo", "east"), lately(9, 12)
    shelf = first.shelf("demo")
    until("told", lambda: shelf.hours() == ())
    shelf.keep(ended)
    first.shelf("east").keep(ended[:1])
    first.stop()
    first.join(30)
    second = keep(None, "demo", "east")
    until("told", lambda: second.shelf("east").hours() is not None)
    assert set(second.shelf("demo").hours()) == set(ended)
    assert second.shelf("east").hours() == ended[:1]


def test_what_waits_is_written_when_the_database_is_well_again(
    keep: Keep, file: Path
) -> None:
    file.write_bytes(b"damaged" * 1000)
    keeper, ended = keep(), lately(9)
    until("trouble", lambda: keeper.health.trouble)
    assert keeper.shelf("demo").hours() is None
    keeper.shelf("demo").keep(ended)
    file.rename(file.with_name("aside"))
    until("written", lambda: not keeper.habits.waiting)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT number FROM habits").fetchall() == [(9,)]
    connection.close()


def test_hours_that_are_refused_hold_up_nothing(keep: Keep) -> None:
    keeper, story = keep(), Story().at(0, {12: FAILING})
    until("told", lambda: keeper.told("demo") is not None)
    (good,) = lately(9)
    keeper.habits.put("demo", [Hour(good.number, good.at, None, 0.0)])
    until("given up", lambda: not keeper.habits.waiting)
    keeper.put("demo", story.changed)
    keeper.habits.put("demo", [good])
    until("written", lambda: not (keeper._unwritten or keeper.habits.waiting))
    assert keeper.health.trouble is None
    assert keeper.one("demo", story.only.id).incidents == (story.only,)


def test_what_waits_in_memory_is_bounded(address: Address) -> None:
    habits = Habits(Store(address, ["demo"]), ["demo"], threading.Condition())
    (one,) = lately(9)
    for number in range(MOST_UNWRITTEN + 9):
        habits.put("demo", [Hour(9, one.at + number * HOUR, 1.0, 1.0)])
    assert habits.waiting == MOST_UNWRITTEN
    assert ("demo", 9, one.at) not in habits._unwritten
