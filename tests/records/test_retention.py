"""What was over too long ago goes by itself; nothing that is open does, nor too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.incidents import Incident
from app.domain.incidents_ask import Asked
from app.records.address import Address
from app.records.keeper import Keeper
from app.records.retention import AT_ONCE, EVERY, Retention
from app.records.store import Store
from tests.domain.story import FAILING, OK, Story, after
from tests.records.conftest import until

DAY = timedelta(days=1)


class Clock:
    """Moved by the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(after(0) + 30 * DAY)


def ended(name: str, days_ago: float, clock: Clock) -> Incident:
    one = Story().at(0, {12: FAILING}).at(20, {12: OK}).over
    end = clock.now - days_ago * DAY
    return replace(one, id=name, start=end - timedelta(minutes=1), end=end)


def names(store: Store) -> list[str]:
    return sorted(one.id for one in store.find("demo", Asked(limit=500), 0))


def test_the_keeper_lets_go_of_what_an_earlier_process_left(
    store: Store, address: Address, clock: Clock
) -> None:
    opened = Story().at(-40 * 86_400, {4: FAILING}).only
    for one in (ended("old", 8, clock), ended("young", 6, clock), opened):
        store.write("demo", one)
    store.close()
    kept = Store(address, ["demo"])
    keeper = Keeper(kept, ["demo"], clock, kept=7 * DAY)
    keeper.start()
    until("let go", lambda: "old" not in names(kept))
    assert names(kept) == sorted([opened.id, "young"])
    assert opened in (keeper.told("demo") or ())
    keeper.stop()
    keeper.join(30)
    assert not keeper.running()


def test_an_incident_that_was_too_old_when_it_came_is_written_and_then_let_go(
    address: Address, clock: Clock
) -> None:
    store = Store(address, ["demo"])
    keeper = Keeper(store, ["demo"], clock, kept=7 * DAY)
    keeper.put("demo", [ended("old", 8, clock), ended("young", 1, clock)])
    keeper.start()
    until("both", lambda: keeper.health.well_at and names(store) == ["young"])
    keeper.stop()
    keeper.join(30)


def test_it_is_done_again_after_an_hour_and_not_before(
    store: Store, clock: Clock
) -> None:
    retention = Retention(store, ["demo"], 7 * DAY, clock)
    assert retention.due()
    retention.prune()
    store.write("demo", ended("old", 8, clock))
    clock.now += EVERY - timedelta(seconds=1)
    assert not retention.due()
    retention.prune()
    assert names(store) == ["old"]
    clock.now += timedelta(seconds=1)
    assert retention.due()
    retention.prune()
    assert names(store) == []


def test_it_stays_due_until_nothing_is_left(store: Store, clock: Clock) -> None:
    for number in range(AT_ONCE + 5):
        store.write("demo", ended(f"old-{number}", 8, clock))
    retention = Retention(store, ["demo"], 7 * DAY, clock)
    retention.prune()
    assert (len(names(store)), retention.due()) == (5, True)
    retention.prune()
    assert (names(store), retention.due()) == ([], True)
    retention.prune()
    assert not retention.due()


def test_for_ever_is_for_ever(store: Store, clock: Clock) -> None:
    store.write("demo", ended("old", 20_000, clock))
    retention = Retention(store, ["demo"], None, clock)
    assert not retention.due()
    retention.prune()
    assert names(store) == ["old"]
