"""What only confirms may wait: nothing that is known is another by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import RegistrationFact
from app.domain.facts_traffic import TrafficFact
from app.domain.knowledge import Knowledge, confirms, learn, urgent
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from tests.domain.scene import NOW

WATCH = Feed("consul", "catalog", 90, continuous=True)
PAGE = Feed("scrape", "pod", 45)
A, B = (RegistrationFact(NodeId("voice"), name) for name in ("a", "b"))
TRAFFIC = TrafficFact(NodeId("redis"), "a", 15, 3)
FIRST = Reading(WATCH, NOW, (A,))
LATER = replace(FIRST, at=NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        pytest.param(LATER, True, id="the-same-again"),
        pytest.param(replace(LATER, facts=(), complete=False), True, id="bookmark"),
        pytest.param(replace(LATER, complete=False), True, id="one-of-it-again"),
        pytest.param(replace(LATER, facts=(A, B)), False, id="more"),
        pytest.param(replace(LATER, facts=()), False, id="less"),
        pytest.param(
            replace(LATER, facts=(), complete=False, gone=(B.key,)), False, id="gone"
        ),
        pytest.param(
            replace(LATER, facts=(), trouble=Trouble("refused", "401")),
            False,
            id="trouble",
        ),
        pytest.param(replace(LATER, facts=(), retired=True), False, id="retired"),
    ],
)
def test_a_feed_confirms_when_it_says_what_is_known(
    reading: Reading, expected: bool
) -> None:
    assert confirms(learn(Knowledge(), FIRST), reading) is expected


def test_a_number_that_is_another_is_no_confirmation() -> None:
    knowledge = learn(Knowledge(), Reading(PAGE, NOW, (TRAFFIC,)))
    moved = replace(TRAFFIC, requests=4)
    assert confirms(knowledge, Reading(PAGE, LATER.at, (TRAFFIC,)))
    assert not confirms(knowledge, Reading(PAGE, LATER.at, (moved,)))


def readings() -> st.SearchStrategy[Reading]:
    facts = st.lists(st.sampled_from((A, B, TRAFFIC)), unique=True, max_size=3)
    return st.builds(
        lambda feed, facts, complete, gone: Reading(
            feed, NOW, tuple(facts), complete, tuple(one.key for one in gone)
        ),
        st.sampled_from((WATCH, PAGE)),
        facts,
        st.booleans(),
        facts,
    )


@given(st.lists(readings(), max_size=5), readings())
def test_nothing_is_another_by_a_confirmation(
    before: list[Reading], last: Reading
) -> None:
    knowledge = Knowledge()
    for second, reading in enumerate([*before, last]):
        reading = replace(reading, at=NOW + timedelta(seconds=second))
        after = learn(knowledge, reading)
        if not urgent(knowledge, reading) and confirms(knowledge, reading):
            assert _facts(after) == _facts(knowledge)
            assert after.feeds.keys() == knowledge.feeds.keys()
        knowledge = after


def _facts(knowledge: Knowledge) -> dict:
    return {key: held.fact for key, held in knowledge.held.items()}
