"""Windows are there at once, and neither a restart nor a bad database loses them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.windows import Listed, Window
from app.records.address import MEMORY, Address
from app.records.diary import MOST_UNWRITTEN
from app.records.keeper import Keeper
from app.records.store import Store
from tests.records.conftest import now, until

Keep = Callable[..., Keeper]


def window(name: str = "w", hours: float = 1, begins: float = 0) -> Window:
    begin = (now() + timedelta(hours=begins)).replace(microsecond=0)
    return Window(name, begin, begin + timedelta(hours=hours), "upgrade", "ops")


def written(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute("SELECT count(*) FROM maintenance").fetchone()
    connection.close()
    return count


def opened(keeper: Keeper) -> Keeper:
    until("told", lambda: keeper.told("demo") is not None)
    return keeper


def test_what_is_set_lasts_at_once_and_after_a_restart(keep: Keep, file: Path) -> None:
    first, one = opened(keep()), window()
    heard: list[bool] = []
    first.listen(lambda: heard.append(True))
    first.plans("demo").put(one)
    assert heard, "the pictures are to be looked at again"
    assert first.plans("demo").lasting() == (one,)
    assert first.plans("east").lasting() == ()
    first.stop()
    first.join(30)
    second = opened(keep())
    assert second.plans("demo").lasting() == (one,)


def test_what_was_ended_stays_on_record_and_lasts_no_longer(keep: Keep) -> None:
    keeper, one = opened(keep()), window()
    plans = keeper.plans("demo")
    plans.put(one)
    ended = one.ended(now().replace(microsecond=0), "jane")
    plans.put(ended)
    assert plans.lasting() == ()
    assert plans.every(9) == Listed((ended,))
    until("forgotten", lambda: not keeper._diary._known)
    assert plans.every(9) == Listed((ended,))


def test_the_latest_come_first_and_no_more_than_asked_for(keep: Keep) -> None:
    plans = opened(keep()).plans("demo")
    every = [window("a", 1), window("b", 1, begins=-3), window("c", 1, begins=2)]
    for one in every:
        plans.put(one)
    assert [one.id for one in plans.every(9).windows] == ["c", "a", "b"]
    assert [one.id for one in plans.every(2).windows] == ["c", "a"]
    assert {one.id for one in plans.lasting()} == {"a", "c"}


def test_a_bad_database_costs_no_window_and_is_told(keep: Keep, file: Path) -> None:
    file.write_bytes(b"damaged" * 1000)
    keeper, one = keep(), window()
    plans = keeper.plans("demo")
    plans.put(one)
    until("trouble", lambda: keeper.health.trouble)
    listed = plans.every(9)
    assert listed.windows == (one,)
    assert "damaged" in (listed.trouble or "")
    file.rename(file.with_name("aside"))
    until("well", lambda: keeper.health.trouble is None)
    until("written", lambda: written(file) == 1)


def test_a_file_that_was_moved_away_is_begun_anew_with_what_lasts(
    keep: Keep, file: Path
) -> None:
    keeper = opened(keep())
    plans = keeper.plans("demo")
    plans.put(window("past", 1, begins=-3))
    plans.put(window("a"))
    until("written", lambda: not keeper._diary.waiting)
    file.rename(file.with_name("aside"))
    plans.put(window("b"))
    until("begun anew", lambda: file.exists() and not keeper._diary.waiting)
    assert [one.id for one in plans.every(9).windows] == ["b", "a"]
    assert written(file) == 2


def test_one_that_is_refused_does_not_hold_up_the_others(keep: Keep) -> None:
    keeper, one = opened(keep()), window()
    plans = keeper.plans("demo")
    plans.put(replace(window("broken"), starts_at=None))
    plans.put(one)
    until("written", lambda: not keeper._diary.waiting)
    assert keeper.health.trouble is None
    assert keeper._store.windows("demo", 9) == [one]


@pytest.mark.untraced
def test_what_cannot_be_written_is_bounded() -> None:
    keeper = Keeper(Store(Address(MEMORY), ["demo"]), ["demo"], now)
    plans = keeper.plans("demo")
    plans.put(window("lasts"))
    past = window("x", 1, begins=-3)
    for number in range(MOST_UNWRITTEN + 9):
        plans.put(replace(past, id=f"x-{number}"))
    kept = [name for _, name in keeper._diary._unwritten.waiting()]
    assert len(kept) == MOST_UNWRITTEN
    assert (kept[0], kept[1]) == ("lasts", "x-10")
    assert len(keeper._diary._known) == MOST_UNWRITTEN
