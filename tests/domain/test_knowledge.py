"""Readings are folded in without losing anything, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import (
    CheckFact,
    Fact,
    ProbeFact,
    ProbeOutcome,
    RegistrationFact,
)
from app.domain.facts_settings import SettingFact
from app.domain.facts_traffic import MeasureFact
from app.domain.hearing import Hearing, settling
from app.domain.knowledge import Knowledge, learn, urgent
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from tests.domain.scene import NOW

FEED = Feed("consul", "checks", 90, continuous=True, expects_some=True)
POLLED = Feed("scrape", "pod", 45)
A, B = (RegistrationFact(NodeId("voice"), name) for name in ("a", "b"))


def at(seconds: float) -> Reading:
    return Reading(FEED, NOW + timedelta(seconds=seconds), (A,))


def told(*readings: Reading) -> Knowledge:
    knowledge = Knowledge()
    for reading in readings:
        knowledge = learn(knowledge, reading)
    return knowledge


def sightings(knowledge: Knowledge, now: datetime) -> list[tuple[datetime, bool]]:
    """When each fact was last known to hold, and whether it may be judged at `now`."""
    hearing = Hearing(knowledge, now)
    found = [hearing.sighting(held) for held in knowledge.held.values()]
    return [(one.at, one.until >= now) for one in found]


def facts(knowledge: Knowledge) -> set[Fact]:
    return {held.fact for held in knowledge.held.values()}


def test_a_complete_reading_replaces_what_the_feed_said() -> None:
    assert facts(told(at(0), replace(at(1), facts=(B,)))) == {B}


def test_news_adds_and_takes_away() -> None:
    more = replace(at(1), facts=(B,), complete=False)
    assert facts(told(at(0), more)) == {A, B}
    less = replace(at(2), facts=(), complete=False, gone=(A.key,))
    assert facts(told(at(0), more, less)) == {B}


def test_trouble_keeps_everything_and_remembers_since_when() -> None:
    bad = replace(at(1), facts=(), trouble=Trouble("unreachable", "no answer"))
    knowledge = told(at(0), bad, replace(bad, at=NOW + timedelta(seconds=9)))
    assert facts(knowledge) == {A}
    state = knowledge.feeds["consul", "checks"]
    assert state.trouble_since == NOW + timedelta(seconds=1)
    assert state.last_success == NOW
    assert learn(knowledge, at(10)).feeds["consul", "checks"].trouble is None


def test_an_empty_answer_is_believed_where_there_was_nothing() -> None:
    assert told(replace(at(0), facts=())).feeds["consul", "checks"].trouble is None


def test_a_watch_that_repeats_itself_confirms_and_makes_no_news() -> None:
    first = told(at(0))
    again = learn(first, at(30))
    assert again.held is first.held
    assert sightings(again, NOW + timedelta(seconds=40)) == [
        (NOW + timedelta(seconds=30), True)
    ]


def shown(knowledge: Knowledge, seconds: float) -> list[float]:
    """Seconds from `NOW`: as of when each fact is shown, so long after it."""
    hearing = Hearing(knowledge, NOW + timedelta(seconds=seconds))
    found = [hearing.sighting(held) for held in knowledge.held.values()]
    return [(one.shown - NOW).total_seconds() for one in found]


def settles(knowledge: Knowledge, seconds: float) -> float | None:
    at = settling(knowledge, NOW + timedelta(seconds=seconds))
    return None if at is None else (at - NOW).total_seconds()


def test_what_is_merely_confirmed_is_shown_anew_together_and_after_the_news() -> None:
    news = told(at(0), at(5), replace(at(12), facts=(A, B)))
    assert shown(news, 12) == shown(news, 19.9) == [5, 12]
    assert settles(news, 12) == settles(news, 19.9) == 20
    assert shown(news, 20) == [12, 12]
    assert settles(news, 20) is None


def test_where_many_are_watched_ages_are_told_anew_more_seldom() -> None:
    seldom = Knowledge(shown=timedelta(seconds=30))
    for second in (0, 25, 35, 55):
        seldom = learn(seldom, at(second))
    assert shown(seldom, 59) == [25]
    assert settles(seldom, 59) == 60
    assert shown(seldom, 60) == [55]


def test_each_deployment_has_a_grid_of_its_own() -> None:
    own = Knowledge(shown=timedelta(seconds=30), grid=NOW + timedelta(seconds=10))
    for second in (0, 25, 35, 55):
        own = learn(own, at(second))
    assert shown(own, 59) == [35]
    assert settles(own, 59) == 70


def test_a_watch_that_was_not_believed_confirms_at_once() -> None:
    bad = replace(at(60), facts=(), trouble=Trouble("unreachable", "no answer"))
    assert shown(told(at(0), bad, at(73)), 75) == [70]
    assert shown(told(at(0), bad, at(73)), 80) == [73]
    assert shown(told(at(0), at(100)), 100) == [100]


def test_a_watch_that_never_pauses_confirms_all_the_same() -> None:
    busy = told(*(at(half / 2) for half in range(80)))
    assert shown(busy, 39.5) == [29.5]
    assert settles(busy, 39.5) == 40


def test_a_polled_page_that_repeats_itself_was_read_anew() -> None:
    page = replace(at(0), feed=POLLED)
    knowledge = told(page, replace(page, at=NOW + timedelta(seconds=30)))
    assert [h.at for h in knowledge.held.values()] == [NOW + timedelta(seconds=30)]


def test_a_retired_feed_takes_its_facts_along() -> None:
    knowledge = told(at(0), replace(at(1), facts=(), retired=True))
    assert (knowledge.held, knowledge.feeds) == ({}, {})


def test_an_older_reading_never_replaces_a_newer_one() -> None:
    assert facts(told(replace(at(5), facts=(B,)), at(0))) == {B}


def test_a_clock_that_was_set_back_an_hour_does_not_deafen_us() -> None:
    assert facts(told(at(3600), replace(at(0), facts=(B,)))) == {B}


@given(st.permutations([0.0, 1.0, 2.0, 3.0]))
def test_the_order_of_arrival_does_not_matter(order: list[float]) -> None:
    by_time = {
        second: replace(at(second), facts=(A, B)[: 1 + int(second) % 2])
        for second in (0.0, 1.0, 2.0, 3.0)
    }
    shuffled = told(*(by_time[second] for second in order))
    assert facts(shuffled) == facts(told(*by_time.values()))


@given(st.permutations(["a", "b", "c"]), st.booleans())
def test_feeds_do_not_disturb_each_other(order: list[str], complete: bool) -> None:
    readings = [
        Reading(
            Feed("scrape", name, 45),
            NOW,
            (MeasureFact(NodeId("voice"), name, "deadlocked_threads", 0),),
            complete=complete,
        )
        for name in order
    ]
    assert len(facts(told(*readings))) == 3


@pytest.mark.parametrize(
    ("age", "fresh"), [(0.0, True), (45.0, True), (45.1, False)], ids=str
)
def test_a_polled_fact_ages_from_when_it_was_read(age: float, fresh: bool) -> None:
    fact = MeasureFact(NodeId("voice"), "pod", "deadlocked_threads", 0)
    knowledge = told(Reading(POLLED, NOW, (fact,)))
    (held,) = knowledge.held.values()
    assert sightings(knowledge, NOW + timedelta(seconds=age)) == [(NOW, fresh)]
    assert knowledge.of(MeasureFact) == [(fact, held)]
    assert knowledge.of(CheckFact) == []


@pytest.mark.parametrize("name", ["checks", "other"])
def test_a_feed_is_complete_only_while_it_is_heard(name: str) -> None:
    knowledge = told(at(0))
    later = NOW + timedelta(seconds=91)
    expected = NOW if name == "checks" else None
    assert knowledge.complete_at(("consul", name), NOW) == expected
    assert knowledge.complete_at(("consul", name), later) is None


# -- what can wait -------------------------------------------------------------------


def probe(ok: bool, second: float = 0) -> ProbeFact:
    moment = NOW + timedelta(seconds=second)
    return ProbeFact(
        NodeId("redis"), "tcp", "r:1", (ProbeOutcome(moment, ok, "text", second),)
    )


def setting(value: str) -> SettingFact:
    return SettingFact(NodeId("service-proxy"), "gws", "proxy", "CONSUL", value)


def measure(value: float) -> MeasureFact:
    return MeasureFact(NodeId("voice"), "pod", "deadlocked_threads", value)


@pytest.mark.parametrize(
    ("before", "reading", "expected"),
    [
        pytest.param([], at(0), True, id="first-word-of-a-feed"),
        pytest.param([at(0)], at(1), False, id="the-same-again"),
        pytest.param([at(0)], replace(at(1), facts=(A, B)), True, id="something-new"),
        pytest.param([at(0)], replace(at(1), facts=()), True, id="something-missing"),
        pytest.param(
            [at(0)],
            replace(at(1), facts=(), complete=False, gone=(A.key,)),
            True,
            id="something-gone",
        ),
        pytest.param(
            [at(0)],
            replace(at(1), facts=(), complete=False, gone=(B.key,)),
            False,
            id="something-unknown-gone",
        ),
        pytest.param(
            [at(0)], replace(at(1), facts=(), complete=False), False, id="bookmark"
        ),
        pytest.param(
            [at(0)],
            replace(at(1), facts=(), trouble=Trouble("refused", "401")),
            True,
            id="trouble-begins",
        ),
        pytest.param(
            [Reading(POLLED, NOW, (measure(0),))],
            Reading(POLLED, NOW, (measure(1),)),
            False,
            id="a-measurement",
        ),
        pytest.param(
            [Reading(POLLED, NOW, (setting("on"),))],
            Reading(POLLED, NOW, (setting("off"),)),
            False,
            id="a-setting",
        ),
        pytest.param(
            [Reading(POLLED, NOW, (probe(True),))],
            Reading(POLLED, NOW, (probe(True, 9),)),
            False,
            id="a-probe-as-before",
        ),
        pytest.param(
            [Reading(POLLED, NOW, (probe(True),))],
            Reading(POLLED, NOW, (probe(False, 9),)),
            True,
            id="a-probe-that-turned",
        ),
    ],
)
def test_what_may_change_a_verdict_at_once_is_urgent(
    before: list[Reading], reading: Reading, expected: bool
) -> None:
    assert urgent(told(*before), reading) is expected
