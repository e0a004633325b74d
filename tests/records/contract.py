"""What every database must do with incidents and windows; run against SQLite and PostgreSQL."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.domain.habits import HOUR, WEEK, Hour
from app.domain.incidents import Kind, Remark, What
from app.domain.incidents_ask import Asked, page, place
from app.domain.subject import NodeId
from app.domain.windows import Window
from app.records.schema import HABITS, INCIDENTS, METADATA, REMARKS
from app.records.store import Store
from tests.domain.story import (
    DEGRADED,
    FAILING,
    MAINTENANCE,
    OK,
    Story,
    after,
    redis,
)

REDIS = NodeId("redis")
LATER = (
    "habits", "maintenance", "notes", "cares", "timeline", "watches", "audit", "tokens",
    "signed_out", "terms",
)  # fmt: skip
"""Tables that the first version had not."""


def as_at_first(store: Store) -> None:
    """Its schema becomes that of the first version; it is closed."""
    with store.engine.begin() as connection:
        for later in LATER:
            connection.execute(sa.text(f"DROP TABLE {later}"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    store.close()


def told() -> Story:
    """Ended, merged, reopened, silenced and open ones."""
    story = Story().at(0, {12: FAILING, REDIS: FAILING}, redis(12, 25)).at(9, {12: OK})
    story.at(11, {REDIS: OK}).at(30, {REDIS: DEGRADED}).at(40, {REDIS: MAINTENANCE})
    story.at(1000, {9: FAILING}).at(1010, {14: FAILING}).at(1020, {31: DEGRADED})
    return story.at(1600, {4: DEGRADED}).at(2000)


def write(store: Store, story: Story, deployment: str = "demo") -> None:
    for one in story.kept.values():
        store.write(deployment, one)


def what_is_written_is_what_is_read(store: Store) -> None:
    story = told()
    write(store, story)
    for one in story.kept.values():
        assert store.one("demo", one.id) == one
    assert store.one("demo", "nothing") is None
    assert (
        store.one("east", story.only.id if len(story.book.open) == 1 else "x") is None
    )


def an_incident_that_grew_replaces_itself(store: Store) -> None:
    story = Story().at(0, {12: FAILING})
    write(store, story)
    write(store, story.at(4, {25: FAILING}, redis(12, 25)).at(60, {12: OK, 25: OK}))
    assert store.one("demo", story.over.id) == story.over
    with store.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(INCIDENTS)
        assert connection.execute(count).scalar_one() == 1


def deployments_are_kept_apart(store: Store) -> None:
    write(store, told())
    assert store.alive("east", after(0)) == []
    assert store.find("east", Asked(), 0) == []


def what_goes_on_after_a_restart_is_found(store: Store) -> None:
    story = told()
    write(store, story)
    found = store.alive("demo", after(1990))
    assert {one.id for one in found} == {one.id for one in story.book.open}
    found = store.alive("demo", after(40))
    assert len(found) == len(story.book.open) + 1


def asking_gives_what_the_rules_give(store: Store) -> None:
    story = told()
    write(store, story)
    every = [*story.kept.values()]
    sinces = (None, after(20), after(1500), after(3000))
    untils = (None, after(0), after(1005))
    kinds = (None, Kind.BLIP, Kind.OUTAGE)
    subjects = (None, 12, REDIS, 31)
    for since, until, kind, opened, subject in itertools.product(
        sinces, untils, kinds, (None, True, False), subjects
    ):
        asked = Asked(since, until, kind, opened, subject, limit=2)
        found = page(store.find("demo", asked, 0), asked)
        assert found == page(every, asked), asked


def pages_lead_to_the_end(store: Store) -> None:
    story = told()
    write(store, story)
    whole = page([*story.kept.values()], Asked()).incidents
    seen, before = [], None
    while True:
        asked = Asked(before=before, limit=1)
        found = page(store.find("demo", asked, 0), asked)
        seen += found.incidents
        if not found.more:
            break
        before = place(found.incidents[-1])
    assert tuple(seen) == whole


def odd_texts_are_taken(store: Store) -> None:
    one = Story().at(0, {12: FAILING}, redis(12, text="nul \0, half \ud800, ü")).only
    store.write("demo", one.remarked(Remark(after(1), What.MERGED, "a\0b")))
    found = store.one("demo", one.id)
    assert found is not None
    assert found.suspects[0].last_text == "nul ?, half ?, ü"
    assert found.remarks[0].text == "a?b"


def all_of_it_is_written_or_nothing(store: Store) -> None:
    story = Story().at(0, {12: FAILING})
    write(store, story)
    before = story.only
    late = replace(before, kind=Kind.OUTAGE, remarks=(Remark(after(1), None, "x"),))
    try:
        store.write("demo", late)
    except AttributeError:
        pass
    else:
        raise AssertionError("half an incident was written")
    assert store.one("demo", before.id) == before


def the_steps_make_what_the_code_expects(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == "0007"


def window(name: str, begins: float, ends: float, **more: object) -> Window:
    return Window(name, after(begins), after(ends), "upgrade", "ops", **more)


def windows_are_read_as_they_were_written(store: Store) -> None:
    whole = window("a", 0, 60)
    some = window("b", 5, 90, nodes=(REDIS,), connections=(4, 17))
    store.note("demo", whole)
    store.note("demo", some)
    assert store.windows("demo", 9) == [some, whole]
    assert store.windows("demo", 1) == [some]
    assert store.windows("east", 9) == []


def only_windows_that_last_are_taken_up_again(store: Store) -> None:
    past, present, future = (
        window(name, 40 * n, 40 * n + 50) for n, name in enumerate("abc")
    )
    ended = window("d", 40, 90).ended(after(45), "jane")
    for one in (past, present, future, ended):
        store.note("demo", one)
    assert store.lasting("demo", after(60)) == [future, present]
    assert ended in store.windows("demo", 9), "it stays on record"


def a_window_that_is_ended_replaces_itself(store: Store) -> None:
    one = window("a", 0, 60)
    store.note("demo", one)
    store.note("demo", one.ended(after(9), "jane"))
    assert store.windows("demo", 9) == [one.ended(after(9), "jane")]


def odd_words_of_a_window_are_taken(store: Store) -> None:
    store.note("demo", replace(window("a", 0, 60), why="nul \0", by="half \ud800"))
    (found,) = store.windows("demo", 9)
    assert (found.why, found.by) == ("nul ?", "half ?")


def what_belongs_to_an_incident_goes_with_it(store: Store) -> None:
    story = told()
    write(store, story)
    with store.engine.begin() as connection:
        connection.execute(sa.delete(INCIDENTS))
    with store.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(REMARKS)
        assert connection.execute(count).scalar_one() == 0


def hours(*weeks: int, mean: float = 12.0) -> list[Hour]:
    """Noon, so many weeks ago, of two connections."""
    return [
        Hour(number, after(0) - week * WEEK, mean + number, 0.1)
        for week in weeks
        for number in (12, 31)
    ]


def what_is_usual_is_written_and_read(store: Store) -> None:
    store.keep("demo", hours(1, 2), after(0) - 4 * WEEK)
    store.keep("demo", hours(1, mean=3.5), after(0) - 4 * WEEK)
    found = store.hours("demo", after(0) - 4 * WEEK)
    assert set(found) == {*hours(1, mean=3.5), *hours(2)}
    assert {one.at.utcoffset() for one in found} == {timedelta(0)}
    assert store.hours("east", after(0) - 4 * WEEK) == ()


def what_was_usual_long_ago_is_forgotten(store: Store) -> None:
    store.keep("demo", hours(3, 4), after(0) - 4 * WEEK)
    store.keep("east", hours(4), after(0) - 4 * WEEK)
    store.keep("demo", hours(0), after(0) - 4 * WEEK + HOUR)
    assert set(store.hours("demo", after(0) - 9 * WEEK)) == {*hours(0, 3)}
    assert set(store.hours("demo", after(0) - WEEK)) == {*hours(0)}
    with store.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(HABITS)
        assert connection.execute(count).scalar_one() == 6


CLAIMS = (
    what_is_written_is_what_is_read,
    an_incident_that_grew_replaces_itself,
    deployments_are_kept_apart,
    what_goes_on_after_a_restart_is_found,
    asking_gives_what_the_rules_give,
    pages_lead_to_the_end,
    odd_texts_are_taken,
    all_of_it_is_written_or_nothing,
    the_steps_make_what_the_code_expects,
    what_belongs_to_an_incident_goes_with_it,
    what_is_usual_is_written_and_read,
    what_was_usual_long_ago_is_forgotten,
    windows_are_read_as_they_were_written,
    only_windows_that_last_are_taken_up_again,
    a_window_that_is_ended_replaces_itself,
    odd_words_of_a_window_are_taken,
)
