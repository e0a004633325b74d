"""A pipeline learns what is usual from its own pictures, and knows it after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import structlog

from app.domain.evaluate import evaluate
from app.domain.expected import Calendar
from app.domain.habits import Hour
from app.domain.snapshot import ConnectionState, Metrics, Snapshot
from app.domain.status import Status
from app.pipeline.almanac import Almanac

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
EVERY_DAY = Calendar()


class HandWritten:
    """A shelf that a test fills, and looks into."""

    def __init__(self, left=()) -> None:
        self.left, self.kept = left, []

    def hours(self):
        return self.left

    def keep(self, hours) -> None:
        self.kept += hours


def picture(now, rate=4.0):
    states = [
        ConnectionState(9, Status.OK, TEN, None, metrics=Metrics(request_rate=rate)),
        ConnectionState(12, Status.OK, TEN, None),
    ]
    return Snapshot("demo", 0, now, Status.OK, tuple(states))


def live(almanac, seconds, calendar=EVERY_DAY, begun=TEN):
    for second in range(0, seconds, 5):
        now = begun + timedelta(seconds=second)
        almanac.note(picture(now), calendar, now)


def test_an_hour_that_ended_is_known_and_handed_over():
    shelf = HandWritten()
    almanac = Almanac(shelf)
    live(almanac, 3600)
    assert shelf.kept == []
    live(almanac, 60, begun=TEN + timedelta(hours=1))
    (hour,) = shelf.kept
    assert (hour.number, hour.at, round(hour.mean, 3)) == (9, TEN, 4.0)
    assert almanac.habits(TEN + timedelta(hours=1)).hours == {(9, TEN): hour}


def test_what_an_earlier_process_left_is_known_once_it_is_told():
    shelf, now = HandWritten(None), TEN + timedelta(minutes=61)
    almanac = Almanac(shelf)
    live(almanac, 3660)
    (own,) = shelf.kept
    assert list(almanac.habits(now).hours.values()) == [own]
    older = Hour(9, TEN - timedelta(days=7), 1.0, 1.0)
    shelf.left = (older, replace(own, mean=99.0))
    known = almanac.habits(now)
    assert set(known.hours.values()) == {own, older}
    assert almanac.habits(now) is known


def test_holidays_and_who_does_not_want_it_teach_nothing():
    for calendar in (
        Calendar(holidays=frozenset({date(2026, 11, 24)})),
        Calendar(learn=False),
    ):
        shelf = HandWritten()
        live(Almanac(shelf), 7300, calendar)
        assert shelf.kept == []


def test_without_a_shelf_it_is_known_until_the_process_ends():
    almanac = Almanac()
    live(almanac, 3660)
    assert len(almanac.habits(TEN + timedelta(hours=1)).hours) == 1


def test_a_bug_in_it_costs_no_picture():
    class Broken(HandWritten):
        def keep(self, hours):
            raise RuntimeError("a bug")

    with structlog.testing.capture_logs() as told:
        live(Almanac(Broken()), 3660)
    assert told[0]["event"] == "bug in the habits"


def test_a_pipeline_judges_by_what_is_usual(running, bus):
    left = Hour(9, datetime(2026, 11, 24, 10, tzinfo=UTC), 1.0, 1.0)
    seen = []

    class Known(Almanac):
        def habits(self, now):
            return super().habits(left.at + timedelta(hours=1))

    def rules(deployment, knowledge, memory, now):
        seen.append(memory.habits)
        return evaluate(deployment, knowledge, memory, now)

    with running(rules, almanac=Known(HandWritten((left,)))):
        bus.wait(lambda s: s["version"] == 1)
    assert seen[0].hours == {(9, left.at): left}
