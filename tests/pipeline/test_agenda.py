"""What is no news waits longer where many are watched, and never too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.facts import CheckFact, ConsulClusterFact
from app.domain.facts_traffic import TrafficFact
from app.domain.knowledge import SHOWN, Knowledge, learn
from app.domain.reading import Feed, Reading
from app.domain.subject import NodeId
from app.pipeline.agenda import (
    LONGEST_CALM,
    LONGEST_SHOWN,
    LOOK,
    Agenda,
    calm_among,
    shown_among,
)

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
CLUSTER = Feed("consul", "cluster", 6)
CALM = 5 * LOOK
LONG = timedelta(hours=1)


class Day:
    """An agenda whose clock a test turns, and what is known."""

    def __init__(self) -> None:
        self.now, self.knowledge = START, Knowledge()
        self.meanwhile: list[Reading] = []
        """What is said in the pause for which a change waits for others."""
        self.agenda = Agenda(lambda: self.now, LOOK, CALM, self._gather)

    def _gather(self, _seconds: float) -> None:
        while self.meanwhile:
            self.say(self.meanwhile.pop())

    def say(self, reading: Reading) -> None:
        self.agenda.add(replace(reading, at=self.now), self.knowledge)

    def learn(self) -> set[str]:
        """The feeds of which something is due now; it must be."""
        due = self.agenda.next()
        assert due is not None
        for reading in due.readings:
            self.knowledge = learn(self.knowledge, reading)
        self.agenda.weigh_again(due.readings, self.knowledge)
        return {reading.feed.name for reading in due.readings}

    def nothing_is_due(self) -> bool:
        """For as long as nobody says anything."""
        return self.agenda.due_at is None or self.agenda.due_at > self.now


@pytest.fixture
def day() -> Day:
    """The state of Consul is known."""
    made = Day()
    made.say(state())
    assert made.learn() == {"cluster"}
    return made


def state(peers: int = 3) -> Reading:
    return Reading(CLUSTER, START, (ConsulClusterFact("a:8300", peers, True, 1),))


def measured(value: float) -> Reading:
    fact = TrafficFact(NodeId("redis"), "a", 15, value)
    return Reading(Feed("scrape", "a", 45), START, (fact,))


def test_what_only_confirms_waits(day: Day) -> None:
    day.say(state())
    day.now += CALM - timedelta(milliseconds=1)
    assert day.nothing_is_due()
    day.now += timedelta(milliseconds=1)
    assert day.learn() == {"cluster"}
    assert day.nothing_is_due()


def test_what_is_measured_waits_less_and_takes_along_what_confirms(day: Day) -> None:
    day.say(measured(1))
    assert day.learn() == {"a"}
    day.say(state())
    day.now += LOOK
    day.say(measured(2))
    day.now += LOOK
    assert day.learn() == {"cluster", "a"}


def test_what_is_news_waits_for_nothing(day: Day) -> None:
    day.say(measured(1))
    assert day.learn() == {"a"}
    day.say(measured(2))
    day.say(state(peers=1))
    assert day.learn() == {"cluster"}
    assert day.nothing_is_due()


def test_what_one_event_changes_is_learnt_together(day: Day) -> None:
    day.meanwhile = [measured(2)]
    day.say(replace(state(peers=1), complete=False))
    assert day.learn() == {"cluster", "a"}


def test_a_whole_answer_waits_for_no_other(day: Day) -> None:
    day.meanwhile = [measured(2)]
    day.say(state(peers=1))
    assert day.learn() == {"cluster"}
    assert day.meanwhile


def test_all_that_waits_is_learnt_before_time_alone_makes_anything_old(
    day: Day,
) -> None:
    day.agenda.wake_at = day.now + LOOK
    day.say(state())
    day.now += LOOK
    assert day.learn() == {"cluster"}


def test_a_clock_that_is_set_back_puts_off_nothing(day: Day) -> None:
    day.now += LONG
    day.say(state())
    day.now -= LONG
    day.say(replace(state(), complete=False))
    day.now += CALM
    assert day.learn() == {"cluster"}


def test_what_was_no_news_before_what_was_learnt_meanwhile_is_seen_soon(
    day: Day,
) -> None:
    day.say(measured(1))
    assert day.learn() == {"a"}
    day.say(measured(2))
    day.now += LOOK
    due = day.agenda.next()
    assert due is not None
    day.say(measured(1))  # as was known until now
    for reading in due.readings:
        day.knowledge = learn(day.knowledge, reading)
    day.agenda.weigh_again(due.readings, day.knowledge)
    day.now += LOOK
    assert day.learn() == {"a"}


def test_news_that_came_meanwhile_is_told_at_once(day: Day) -> None:
    checks = Feed("consul", "checks", 30, continuous=True)
    fact = CheckFact(NodeId("redis"), "redis", "redis-1", "n1", "c1", "passing")
    day.say(Reading(checks, START, (fact,)))
    due = day.agenda.next()
    assert due is not None
    day.say(Reading(checks, START, (replace(fact, status="critical"),)))
    for reading in due.readings:
        day.knowledge = learn(day.knowledge, reading)
    day.agenda.weigh_again(due.readings, day.knowledge)
    assert day.learn() == {"checks"}


def test_the_end_is_told_whatever_waits(day: Day) -> None:
    day.say(state(peers=1))
    day.agenda.end()
    assert day.agenda.next() is None


def test_the_more_are_watched_the_longer_what_is_no_news_may_wait() -> None:
    waits = [calm_among(number) for number in (1, 10, 20, 40, 100, 1000)]
    assert waits == sorted(waits)
    assert (waits[0], waits[2], waits[-1]) == (LOOK, LOOK, LONGEST_CALM)
    assert LONGEST_CALM < timedelta(seconds=CLUSTER.max_age_s)


def test_ages_of_many_are_told_anew_more_seldom() -> None:
    steps = [shown_among(number) for number in (1, 20, 50, 100, 1000)]
    assert steps == sorted(steps)
    assert (steps[0], steps[1], steps[-1]) == (SHOWN, SHOWN, LONGEST_SHOWN)


def test_who_rests_is_not_kept_from_the_end(day: Day) -> None:
    day.agenda.end()
    day.agenda.rest(3600)
    assert day.agenda.next() is None


def test_who_has_time_left_does_not_rest(day: Day) -> None:
    day.agenda.rest(0.0)
    day.say(state(peers=1))
    assert day.learn() == {"cluster"}


def test_ages_are_shown_anew_when_what_confirms_would_be(day: Day) -> None:
    day.agenda.show_anew(day.now + LOOK)
    day.now += CALM - timedelta(milliseconds=1)
    assert day.nothing_is_due()
    day.now += timedelta(milliseconds=1)
    assert day.learn() == set()
    day.say(state())
    day.agenda.show_anew(day.now)
    day.now += CALM - LOOK
    assert day.learn() == {"cluster"}
