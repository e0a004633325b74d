"""Turns are handed over without waiting, told at once, and there after a restart."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from app.domain.status import Status
from app.domain.timeline import Left, Turn, Watch
from app.records.address import Address
from app.records.annals import MOST_UNWRITTEN, Annals
from app.records.keeper import Keeper
from app.records.store import Store
from tests.domain.film import NINE, TWELVE
from tests.records.conftest import now, until

Keep = Callable[..., Keeper]
DAY = timedelta(days=1)


def turn(place: int = 0, status: Status = Status.FAILING, ago_s: float = 5) -> Turn:
    at = now() - timedelta(seconds=ago_s)
    return Turn(at, place, NINE, status=status, was=Status.OK)


def watch(ago_s: float = 9) -> Watch:
    return Watch(now() - timedelta(seconds=ago_s), now())


def written(file: Path, table: str = "timeline") -> int:
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return count


def test_what_is_told_is_there_at_once_and_after_a_restart(keep: Keep) -> None:
    first, one, seen = keep(), turn(), watch()
    shelf = first.shelf("demo")
    until("told", lambda: shelf.left() == Left())
    shelf.tell(seen, [one])
    begin = now() - DAY
    assert shelf.turned(begin, now()).turns == (one,)
    assert first.shelf("east").turned(begin, now()).turns == ()
    first.stop()
    first.join(5)
    second = keep().shelf("demo")
    until("told", lambda: second.left() is not None)
    assert second.left() == Left(((NINE, Status.FAILING),))
    found = second.turned(begin, now())
    assert found.turns == (one,)
    (kept,) = found.watches
    assert kept.began == seen.began
    assert kept.until > seen.until, "the end is told in the end"


def test_a_watch_goes_on_while_it_lasts(keep: Keep) -> None:
    shelf, seen = keep().shelf("demo"), watch()
    shelf.tell(seen, [])
    (found,) = shelf.turned(now() - DAY, now()).watches
    assert found.until > seen.until


def test_a_bad_database_costs_no_turn_and_is_told(keep: Keep, file: Path) -> None:
    file.write_bytes(b"damaged" * 1000)
    keeper, one = keep(), turn()
    shelf = keeper.shelf("demo")
    until("trouble", lambda: keeper.health.trouble)
    assert shelf.left() is None
    shelf.tell(watch(), [one])
    found = shelf.turned(now() - DAY, now())
    assert (found.turns, "damaged" in (found.trouble or "")) == ((one,), True)
    file.rename(file.with_name("aside"))
    until("written", lambda: not keeper.annals.waiting and file.exists())
    assert (written(file), written(file, "watches")) == (1, 1)


def test_a_file_that_was_moved_away_is_begun_anew_with_what_every_lane_is(
    keep: Keep, file: Path
) -> None:
    keeper = keep()
    shelf, seen = keeper.shelf("demo"), watch()
    other = Turn(now(), 0, TWELVE, status=Status.OK)
    shelf.tell(seen, [turn(ago_s=8), turn(1, Status.OK), other])
    until("written", lambda: file.exists() and not keeper.annals.waiting)
    file.rename(file.with_name("aside"))
    shelf.tell(Watch(seen.began, now()), [])
    until("begun anew", lambda: file.exists() and not keeper.annals.waiting)
    assert (written(file), written(file, "watches")) == (2, 1)


def test_turns_that_are_refused_hold_up_nothing(keep: Keep) -> None:
    keeper, good = keep(), turn()
    until("told", lambda: keeper.annals.left("demo") is not None)
    keeper.annals.tell("demo", watch(), [Turn(now(), 0, NINE, exact=None)])
    until("given up", lambda: not keeper.annals.waiting)
    keeper.annals.tell("demo", watch(), [good])
    until("written", lambda: not keeper.annals.waiting)
    assert keeper.health.trouble is None
    assert keeper.annals.ask("demo", now() - DAY, now()).turns == (good,)


def test_what_waits_in_memory_is_bounded(address: Address) -> None:
    store = Store(address, ["demo"])
    annals = Annals(store, ["demo"], threading.Condition(), now, None)
    at = now()
    seen = Watch(at, at)
    many = [Turn(at, place, NINE) for place in range(MOST_UNWRITTEN + 9)]
    annals.tell("demo", seen, many)
    assert annals.waiting == MOST_UNWRITTEN + 1


def test_what_is_too_old_goes_by_itself(store: Store, address: Address) -> None:
    old = Turn(now() - 9 * DAY, 0, NINE, status=Status.OK)
    store.tell("demo", [old, turn()], [])
    store.close()
    kept = Store(address, ["demo"])
    keeper = Keeper(kept, ["demo"], now, timeline_kept=7 * DAY, settle_s=0)
    keeper.start()
    found = lambda: kept.told("demo", now() - 30 * DAY, now(), 9).turns  # noqa: E731
    until("let go", lambda: old not in found())
    assert len(found()) == 1
    keeper.stop()
    keeper.join(10)
    assert not keeper.running()
