"""What every database must let go of, and what it must keep; run against both."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from app.domain.incidents_ask import Asked
from app.records.schema import PARTS
from app.records.store import Store
from tests.domain.story import DEGRADED, FAILING, OK, Story, after, redis
from tests.records.contract import told, window, write


def what_ended_long_ago_goes_with_all_that_belongs_to_it(store: Store) -> None:
    story = told()
    write(store, story)
    write(store, story, "east")
    gone = [one for one in story.kept.values() if one.end and one.end < after(1000)]
    assert store.prune("demo", after(1000), 9) == len(gone) == 1
    left = {name for name in story.kept if store.one("demo", name) is not None}
    assert left == {*story.kept} - {one.id for one in gone}
    assert all(store.one("east", one.id) == one for one in gone)
    with store.engine.connect() as connection:
        for table in PARTS:
            owner = sa.select(table.c.incident).where(table.c.deployment == "demo")
            assert {*connection.execute(owner).scalars()} <= left
    assert store.prune("demo", after(1000), 9) == 0


def what_is_open_is_never_let_go_of(store: Store) -> None:
    story = told()
    write(store, story)
    store.prune("demo", after(99_999), 9)
    assert {one.id for one in store.find("demo", Asked(), 0)} == {
        one.id for one in story.book.open
    }


def what_became_part_of_another_goes_after_it(store: Store) -> None:
    story = Story().at(0, {9: FAILING}).at(10, {14: FAILING}).at(20, {31: DEGRADED})
    (whole,) = story.at(30, {}, redis(9, 14, 31)).book.open
    assert whole.merged
    write(store, story)
    store.prune("demo", after(99_999), 9)
    for name in (whole.id, *whole.merged):
        assert store.one("demo", name) == story.kept[name]
    write(store, story.at(60, {9: OK, 14: OK, 31: OK}).at(500))
    while store.prune("demo", after(99_999), 9):
        pass
    assert store.find("demo", Asked(), 0) == []
    assert [name for name in story.kept if store.one("demo", name)] == []


def the_oldest_go_first_and_a_few_at_a_time(store: Store) -> None:
    one = Story().at(0, {12: FAILING}).at(20, {12: OK}).over
    for number in range(5):
        late = after(100 + number)
        store.write("demo", replace(one, id=f"x-{number}", end=late))
    assert store.prune("demo", after(103.5), 3) == 3
    assert [name for name in "01234" if store.one("demo", f"x-{name}")] == ["3", "4"]
    assert store.prune("demo", after(103.5), 3) == 1


def windows_that_were_over_long_ago_go_too(store: Store) -> None:
    past, present, future = (
        window(name, 40 * n, 40 * n + 50) for n, name in enumerate("abc")
    )
    early = window("d", 40, 90).ended(after(45), "jane")
    for one in (past, present, future, early):
        store.note("demo", one)
    store.note("east", past)
    assert store.prune("demo", after(60), 9) == 0
    assert store.windows("demo", 9) == [future, present]
    assert store.windows("east", 9) == [past]


CLAIMS = (
    what_ended_long_ago_goes_with_all_that_belongs_to_it,
    what_is_open_is_never_let_go_of,
    what_became_part_of_another_goes_after_it,
    the_oldest_go_first_and_a_few_at_a_time,
    windows_that_were_over_long_ago_go_too,
)
