"""Incidents are handed over without waiting, and neither lost nor told twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from app.domain.incidents_ask import Asked
from app.records.address import Address
from app.records.keeper import MOST_UNWRITTEN, Keeper
from app.records.store import Store
from tests.domain.story import FAILING, OK, Story
from tests.records.conftest import now, until

Keep = Callable[..., Keeper]


def outage() -> Story:
    return Story().at(0, {12: FAILING})


def written(keeper: Keeper, file: Path) -> int:
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute("SELECT count(*) FROM incidents").fetchone()
    connection.close()
    return count


def test_what_is_put_is_written_and_found_after_a_restart(keep: Keep) -> None:
    first, story = keep(), outage()
    until("told", lambda: first.told("demo") == ())
    first.shelf("demo").put(story.changed)
    first.stop()
    first.join(30)
    second = keep()
    until("told", lambda: second.told("demo") is not None)
    assert second.shelf("demo").told() == (story.only,)
    assert second.health.trouble is None
    until("it is well", lambda: second.health.well_at is not None)


def test_an_outage_that_unfolds_is_written_once_it_has_settled(
    address: Address, file: Path
) -> None:
    keeper = Keeper(Store(address, ["demo"]), ["demo"], now, settle_s=60)
    keeper.start()
    until("told", lambda: keeper.told("demo") == ())
    story = outage()
    keeper.put("demo", story.changed)
    assert keeper.ask("demo", Asked()).incidents == (story.only,)
    assert written(keeper, file) == 0
    keeper.stop()
    keeper.join(30)
    assert written(keeper, file) == 1, "the end waits for nothing"


def test_what_waits_is_told_as_if_it_were_written(keep: Keep, file: Path) -> None:
    file.write_bytes(b"damaged" * 1000)
    keeper, story = keep(), outage()
    shelf = keeper.shelf("demo")
    until("trouble", lambda: shelf.health().trouble)
    shelf.put(story.changed)
    page = shelf.ask(Asked())
    assert (page.incidents, "damaged" in page.trouble) == ((story.only,), True)
    assert shelf.one(story.only.id).incidents == (story.only,)
    unknown = shelf.one("2026-11-25-1200-none")
    assert (unknown.incidents, unknown.trouble is None) == ((), False)
    assert shelf.told() is None


def test_it_is_written_when_the_database_is_well_again(keep: Keep, file: Path) -> None:
    file.write_bytes(b"damaged" * 1000)
    keeper, story, heard = keep(), outage(), threading.Event()
    keeper.listen(heard.set)
    until("trouble", lambda: keeper.health.trouble)
    keeper.put("demo", story.changed)
    file.rename(file.with_name("aside"))
    until("well", lambda: keeper.health.trouble is None)
    until("written", lambda: written(keeper, file) == 1)
    assert heard.wait(30)
    assert keeper.ask("demo", Asked()).trouble is None
    assert keeper.told("demo") == ()


def test_a_file_that_was_moved_away_is_begun_anew_with_what_is_open(
    keep: Keep, file: Path
) -> None:
    keeper, story = keep(), outage()
    keeper.put("demo", story.changed)
    until("written", lambda: file.exists() and keeper.told("demo") is not None)
    until("written", lambda: not keeper._unwritten)
    file.rename(file.with_name("aside"))
    keeper.put("demo", Story().at(9, {4: FAILING}).changed)
    until("both", lambda: len(keeper.ask("demo", Asked()).incidents) == 2)
    until("written", lambda: not keeper._unwritten)
    assert written(keeper, file) == 2


def test_a_second_dashboard_goes_on_in_memory_and_takes_over_in_the_end(
    keep: Keep, file: Path
) -> None:
    first = keep()
    until("told", lambda: first.told("demo") is not None)
    second = keep()
    until("refused", lambda: second.health.trouble)
    assert "another dashboard keeps its records here" in second.health.trouble
    story = outage()
    second.put("demo", story.changed)
    first.stop()
    first.join(30)
    until("taken over", lambda: second.health.trouble is None)
    until("written", lambda: written(second, file) == 1)


def test_what_ended_is_the_last_word(keep: Keep, file: Path) -> None:
    keeper, story = keep(), outage()
    keeper.put("demo", story.changed)
    until("open", lambda: keeper.ask("demo", Asked(open=True)).incidents)
    keeper.put("demo", story.at(20, {12: OK}).changed)
    assert keeper.ask("demo", Asked(open=True)).incidents == ()
    until("written", lambda: not keeper._unwritten)
    assert keeper.one("demo", story.over.id).incidents == (story.over,)


def test_handing_over_never_waits_for_the_database(
    keep: Keep, store: Store, address: Address
) -> None:
    """Somebody holds the file until all of it is handed over."""
    keeper = keep(Store(Address(f"sqlite://{address.file}-other"), ["demo"]))
    until("told", lambda: keeper.told("demo") is not None)
    with sqlite3.connect(f"{address.file}-other", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(200):
            keeper.put("demo", outage().changed)
        other.execute("ROLLBACK")
    other.close()
    until("written", lambda: not keeper._unwritten)


def test_one_that_is_refused_does_not_hold_up_the_others(keep: Keep) -> None:
    keeper, story = keep(), outage()
    until("told", lambda: keeper.told("demo") is not None)
    broken = Story().at(5, {4: FAILING}).only
    keeper.put("demo", [broken.__class__(broken.id, None, broken.members)])
    keeper.put("demo", story.changed)
    until("written", lambda: not keeper._unwritten)
    assert keeper.one("demo", story.only.id).incidents == (story.only,)
    assert keeper.one("demo", broken.id).incidents == ()
    assert keeper.health.trouble is None


def test_what_waits_in_memory_is_bounded(address: Address) -> None:
    keeper = Keeper(Store(address, ["demo"]), ["demo"], lambda: None)
    story = Story()
    ended = story.at(0, {12: FAILING}).at(20, {12: OK}).over
    opened = Story().at(1, {4: FAILING}).only
    keeper.put("demo", [opened])
    for number in range(MOST_UNWRITTEN + 9):
        keeper.put(
            "demo",
            [ended.__class__(f"x-{number}", ended.start, ended.members, end=ended.end)],
        )
    kept = [name for _, name in keeper._unwritten.waiting()]
    assert len(kept) == MOST_UNWRITTEN
    assert kept[0] == opened.id
    assert kept[-1] == f"x-{MOST_UNWRITTEN + 8}"


def test_who_listens_is_told_once_of_what_was_left_of_all(address: Address) -> None:
    names = [f"d{number}" for number in range(20)]
    keeper, told = Keeper(Store(address, names), names, now), []
    keeper.listen(lambda: told.append([keeper.told(name) for name in names]))
    keeper.start()
    until("told", lambda: told)
    keeper.stop()
    keeper.join(30)
    assert told == [[()] * 20]
