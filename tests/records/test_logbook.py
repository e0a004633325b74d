"""What is said is there at once, and neither a restart nor a bad database loses it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.care import Care
from app.domain.incidents import Incident
from app.domain.notes import SHOWN, About, Note, Wanted, What
from app.records.address import MEMORY, Address
from app.records.keeper import Keeper
from app.records.logbook import MOST_CARES, MOST_KNOWN, MOST_UNWRITTEN
from app.records.store import Store
from tests.domain.story import FAILING, Story
from tests.records.conftest import now, until

Keep = Callable[..., Keeper]
ABOUT_17 = About(What.CONNECTION, "17")


def note(name: str = "n", ago: float = 0, **more: object) -> Note:
    at = (now() - timedelta(seconds=ago)).replace(microsecond=0)
    return replace(Note(name, at, "Ana", ABOUT_17, "up again"), **more)


def opened(keeper: Keeper) -> Keeper:
    until("told", lambda: keeper.told("demo") is not None)
    return keeper


def ended(keeper: Keeper) -> None:
    keeper.stop()
    keeper.join(20)


def written(file: Path, table: str = "notes") -> int:
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return count


def incident() -> Incident:
    """Open since a moment ago."""
    return replace(Story().at(0, {12: FAILING}).only, start=now())


def test_what_is_said_is_there_at_once_and_after_a_restart(keep: Keep) -> None:
    first, one, trouble = opened(keep()), note(), incident()
    heard: list[bool] = []
    first.listen(lambda: heard.append(True))
    first.put("demo", [trouble])
    first.room("demo").put(one)
    care = Care(trouble.id, one.at).acknowledge("Ana", one.at)
    first.room("demo").tend(care)
    assert len(heard) >= 2, "the pictures are to be looked at again"
    assert first.room("demo").talk().notes == (one,)
    assert first.room("demo").talk().cares == {trouble.id: care}
    ended(first)
    second = opened(keep()).room("demo")
    assert second.talk().notes == (one,)
    assert second.talk().cares == {trouble.id: care}


def test_deployments_do_not_hear_of_each_other(keep: Keep) -> None:
    keeper = opened(keep(None, "demo", "east"))
    keeper.room("demo").put(note())
    assert keeper.room("east").talk().notes == ()
    assert keeper.room("east").find(Wanted()).notes == ()
    assert keeper.room("east").one("n") is None


def test_what_was_deleted_is_nowhere(keep: Keep, file: Path) -> None:
    keeper, one = opened(keep()), note()
    room = keeper.room("demo")
    room.put(one)
    until("written", lambda: written(file) == 1)
    room.put(one.deleted())
    assert room.talk().notes == room.find(Wanted()).notes == ()
    assert room.one("n") is None
    until("gone", lambda: written(file) == 0)
    assert room.talk().notes == room.find(Wanted()).notes == ()
    assert room.one("n") is None


def test_older_ones_are_found_and_come_up_where_newer_ones_go(keep: Keep) -> None:
    room = opened(keep()).room("demo")
    every = [note(f"n-{number}", number) for number in range(SHOWN + 5)]
    room.put(*every)
    assert [one.id for one in room.talk().notes] == [f"n-{n}" for n in range(SHOWN)]
    found = room.find(Wanted(limit=99))
    assert (len(found.notes), found.more) == (SHOWN + 5, False)
    found = room.find(Wanted(ABOUT_17, every[SHOWN + 2].place, limit=1))
    assert ([one.id for one in found.notes], found.more) == ([f"n-{SHOWN + 3}"], True)
    assert room.one(f"n-{SHOWN + 4}") == every[-1]
    room.put(every[0].deleted())
    assert room.talk().notes[-1].id == f"n-{SHOWN}"
    assert len(room.find(Wanted(limit=99)).notes) == SHOWN + 4


def test_no_more_are_known_than_a_bound_and_the_pinned_one_always(keep: Keep) -> None:
    first = opened(keep())
    old = [note(f"n-{number}", number) for number in range(MOST_KNOWN + 9)]
    old[-1] = replace(old[-1], pinned=True)
    first.room("demo").put(*old)
    assert len(first._logbook._notes["demo"]) == MOST_KNOWN + 1
    assert first.room("demo").talk().notes[-1].pinned
    ended(first)
    second = opened(keep()).room("demo")
    assert second.talk().notes[-1] == old[-1]
    assert second.one(old[-2].id) == old[-2], "it is looked for where it is kept"


def test_the_very_same_is_told_while_nothing_else_is_said(keep: Keep) -> None:
    room = opened(keep()).room("demo")
    room.put(note())
    assert room.talk() is room.talk()
    before = room.talk().notes
    room.tend(Care("i-1", now()))
    assert room.talk().notes is before


def test_a_bad_database_costs_nothing_and_is_told(keep: Keep, file: Path) -> None:
    file.write_bytes(b"damaged" * 1000)
    keeper, one = keep(), note()
    room, care = keeper.room("demo"), Care("i-1", now()).assign("Ben", now())
    room.put(one)
    room.tend(care)
    until("trouble", lambda: keeper.health.trouble)
    found = room.find(Wanted())
    assert found.notes == (one,)
    assert "damaged" in (found.trouble or "")
    assert room.one("n") == one
    assert room.one("x") is None
    assert room.cares(["i-1", "i-2"]) == {"i-1": care}
    file.rename(file.with_name("aside"))
    until("well", lambda: keeper.health.trouble is None)
    until("written", lambda: written(file) == written(file, "cares") == 1)


def test_a_file_that_was_moved_away_is_begun_anew_with_what_is_known(
    keep: Keep, file: Path
) -> None:
    keeper = opened(keep())
    room = keeper.room("demo")
    room.put(note("a"))
    room.tend(Care("i-1", now()).assign("Ben", now()))
    until("written", lambda: not keeper._logbook.waiting)
    file.rename(file.with_name("aside"))
    room.put(note("b"))
    until("begun anew", lambda: file.exists() and not keeper._logbook.waiting)
    assert {one.id for one in room.find(Wanted()).notes} == {"a", "b"}
    assert written(file, "cares") == 1


def test_one_that_is_refused_does_not_hold_up_the_others(keep: Keep) -> None:
    keeper, one = opened(keep()), note()
    room, care = keeper.room("demo"), Care("i-1", now().replace(microsecond=0))
    room.put(note("broken", about=About(What.NODE, None)), one)
    room.tend(replace(care, incident="broken", at=None))
    room.tend(care)
    until("written", lambda: not keeper._logbook.waiting)
    assert keeper.health.trouble is None
    assert keeper._store.notes("demo", Wanted()) == [one]
    assert keeper._store.cares("demo", ["i-1", "broken"]) == [care]


def test_of_an_ended_incident_it_is_read_where_it_is_kept(keep: Keep) -> None:
    first, care = (
        opened(keep()),
        Care("i-1", now().replace(microsecond=0)).assign("Ben", now()),
    )
    care = replace(care, at=care.at.replace(microsecond=0))
    first.room("demo").tend(care)
    ended(first)
    room = opened(keep()).room("demo")
    assert room.talk().cares == {}, "no such incident is open, or was lately"
    assert room.cares(["i-1", "i-2"]) == {"i-1": care}
    assert room.cares([]) == {}


@pytest.mark.untraced
def test_what_cannot_be_written_is_bounded() -> None:
    keeper = Keeper(Store(Address(MEMORY), ["demo"]), ["demo"], now)
    room = keeper.room("demo")
    for number in range(MOST_UNWRITTEN + 9):
        room.put(note(f"n-{number}"))
        room.tend(Care(f"i-{number}", now()))
    assert keeper._logbook.waiting == 2 * MOST_UNWRITTEN
    assert len(room.talk().cares) == MOST_CARES
    assert f"i-{MOST_UNWRITTEN + 8}" in room.talk().cares


def test_what_the_records_let_go_of_is_shown_no_longer(address: Address) -> None:
    store, moment = Store(address, ["demo"]), [now()]
    keeper = Keeper(
        store, ["demo"], lambda: moment[0], kept=timedelta(days=1), retry_s=0.05,
        settle_s=0,
    )  # fmt: skip
    keeper.start()
    opened(keeper)
    room = keeper.room("demo")
    room.put(note("new"), note("old", ago=23 * 3600))
    until("written", lambda: not keeper._logbook.waiting)
    moment[0] += timedelta(hours=2)
    room.tend(Care("i-1", now()))
    until("let go", lambda: [one.id for one in room.talk().notes] == ["new"])
    ended(keeper)
