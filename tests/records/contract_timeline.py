"""What every database must do with turns and watches; run against both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import AGAIN, Left, Told, Turn, Watch, What
from app.records.schema import TIMELINE, WATCHES
from app.records.store import Store
from tests.domain.film import LANES, NINE, REDIS, TWELVE, Film
from tests.domain.story import FAILING, OK, after

MOST = 99


def film() -> Film:
    told = (
        Film().at(0).at(10, {NINE: FAILING}).at(20, {TWELVE: FAILING, REDIS: FAILING})
    )
    return told.at(30, {NINE: OK}).at(60)


def write(store: Store, shown: Film, deployment: str = "demo") -> None:
    store.tell(deployment, shown.turns, [shown.watch])


def count(store: Store, table: sa.Table) -> int:
    with store.engine.connect() as connection:
        counted = sa.select(sa.func.count()).select_from(table)
        return int(connection.execute(counted).scalar_one())


def turns_are_read_as_they_were_written(store: Store) -> None:
    shown = film()
    full = Turn(
        after(61.25), 3, REDIS, What.ALERT, Status.FAILING, Status.OK, False,
        Witness.ALERTS, "nul \0, ü",
    )  # fmt: skip
    write(store, shown)
    store.tell("demo", [full], [])
    found = store.told("demo", after(-1), after(99), MOST)
    assert found.turns == (*shown.turns, replace(full, text="nul ?, ü"))
    assert found.watches == (shown.watch,)
    assert (found.whole_from, found.trouble) == (None, None)
    assert store.told("east", after(-1), after(99), MOST) == Told()


def what_is_told_again_replaces_itself(store: Store) -> None:
    shown = film()
    write(store, shown)
    write(store, shown.at(90))
    assert count(store, TIMELINE) == len(shown.turns)
    assert count(store, WATCHES) == 1
    assert store.told("demo", after(0), after(0), MOST).watches == (shown.watch,)


def a_span_comes_with_what_every_lane_was_before(store: Store) -> None:
    write(store, film())
    found = store.told("demo", after(15), after(25), MOST)
    before = {turn.lane: turn.status for turn in found.turns if turn.at < after(15)}
    assert before == {lane: FAILING if lane == NINE else OK for lane in LANES}
    assert [t.lane for t in found.turns if t.at >= after(15)] == [TWELVE, REDIS]


def what_was_told_too_long_ago_is_not_looked_for(store: Store) -> None:
    write(store, film())
    late = after(60) + AGAIN + timedelta(hours=2)
    assert store.told("demo", late, late, MOST).turns == ()


def of_too_many_the_newest_are_told(store: Store) -> None:
    shown = film()
    write(store, shown)
    found = store.told("demo", after(-1), after(99), 2)
    assert found.whole_from == after(20)
    assert {turn.lane for turn in found.turns} == set(LANES)
    assert [t for t in found.turns if t.at >= after(20)] == shown.turns[-3:]


def watches_elsewhere_are_not_told(store: Store) -> None:
    for begin in (0, 100, 200):
        store.tell("demo", [], [Watch(after(begin), after(begin + 50))])
    found = store.told("demo", after(60), after(120), MOST)
    assert found.watches == (Watch(after(100), after(150)),)


def what_an_earlier_process_left_is_the_last_of_every_lane(store: Store) -> None:
    assert store.left("demo") == Left()
    shown = film()
    write(store, shown)
    assert dict(store.left("demo").lanes) == dict(shown.reel.lanes)
    assert store.left("east") == Left()


def what_is_too_old_goes(store: Store) -> None:
    shown = film()
    write(store, shown)
    write(store, shown, "east")
    store.tell("demo", [], [Watch(after(-90), after(-80))])
    store.forget("demo", after(15), 999)
    kept = store.told("demo", after(-99), after(99), MOST)
    assert [turn for turn in kept.turns if turn.at < after(15)] == []
    assert kept.watches == (shown.watch,)
    assert store.told("east", after(-99), after(99), MOST).turns == tuple(shown.turns)


def of_too_many_turns_the_oldest_go(store: Store) -> None:
    shown = film()
    write(store, shown)
    store.forget("demo", None, 3)
    found = store.told("demo", after(-99), after(99), MOST)
    assert found.turns == tuple(shown.turns[-3:])
    assert found.watches == (shown.watch,)


CLAIMS = (
    turns_are_read_as_they_were_written,
    what_is_told_again_replaces_itself,
    a_span_comes_with_what_every_lane_was_before,
    what_was_told_too_long_ago_is_not_looked_for,
    of_too_many_the_newest_are_told,
    watches_elsewhere_are_not_told,
    what_an_earlier_process_left_is_the_last_of_every_lane,
    what_is_too_old_goes,
    of_too_many_turns_the_oldest_go,
)
