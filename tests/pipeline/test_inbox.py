"""Waiting together changes nothing: what is learnt is what would have been learnt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import CheckFact
from app.domain.knowledge import Knowledge, learn
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from app.pipeline.inbox import Inbox

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
FEEDS = (
    Feed("consul", "checks", 30, continuous=True, expects_some=True),
    Feed("consul", "catalog", 30, continuous=True),
)


def check(feed: int, name: int, status: str) -> CheckFact:
    return CheckFact(NodeId("redis"), "redis", "i", f"feed{feed}", str(name), status)


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    said = []
    for turn in range(draw(st.integers(1, 12))):
        feed = draw(st.integers(0, 1))
        at = START + timedelta(seconds=turn)
        kind = draw(
            st.sampled_from(["complete", "news", "trouble", "retired", "empty"])
        )
        names = draw(st.sets(st.integers(0, 3), min_size=1, max_size=3))
        statuses = st.sampled_from(["passing", "critical"])
        facts = tuple(check(feed, name, draw(statuses)) for name in sorted(names))
        gone = tuple(
            check(feed, n, "passing").key for n in draw(st.sets(st.integers(0, 3)))
        )
        said.append(
            {
                "complete": Reading(FEEDS[feed], at, facts),
                "news": Reading(FEEDS[feed], at, facts, complete=False, gone=gone),
                "trouble": Reading(
                    FEEDS[feed], at, trouble=Trouble("unreachable", f"no {turn}")
                ),
                "retired": Reading(FEEDS[feed], at, retired=True),
                "empty": Reading(FEEDS[feed], at),
            }[kind]
        )
    return said


def learnt(readings: list[Reading], before: Knowledge) -> Knowledge:
    for reading in readings:
        before = learn(before, reading)
    return before


def shown(knowledge: Knowledge) -> object:
    """All that a verdict can depend on, but for the very moment within one batch."""
    facts = {key: held.fact for key, held in knowledge.held.items()}
    feeds = {
        name: (
            state.trouble.kind if state.trouble else None,
            state.last_success is None,
        )
        for name, state in knowledge.feeds.items()
    }
    return facts, feeds


@given(readings(), readings())
def test_readings_that_waited_together_teach_the_same(before, waiting):
    known = learnt(before, Knowledge())
    later = [
        Reading(
            r.feed,
            r.at + timedelta(minutes=1),
            r.facts,
            r.complete,
            r.gone,
            r.trouble,
            r.retired,
        )
        for r in waiting
    ]
    inbox = Inbox()
    for reading in later:
        inbox.add(reading)
    assert shown(learnt(list(inbox.drain()), known)) == shown(learnt(later, known))


@given(readings())
def test_a_feed_never_fills_the_inbox_with_more_than_four_readings(waiting):
    inbox = Inbox()
    for reading in waiting * 5:
        inbox.add(reading)
    drained = inbox.drain()
    assert len(drained) <= 4 * len({reading.feed for reading in waiting})
    assert not inbox


@given(readings(), st.data())
def test_what_is_left_of_a_partial_drain_is_all_that_was_not_asked_for(waiting, data):
    inbox, whole = Inbox(), Inbox()
    for reading in waiting:
        inbox.add(reading)
        whole.add(reading)
    names = sorted({reading.feed.key for reading in waiting})
    asked = data.draw(st.sets(st.sampled_from(names))) if names else set()
    first, rest = inbox.drain(asked), inbox.drain()
    assert {reading.feed.key for reading in first} == asked
    assert not {reading.feed.key for reading in rest} & asked
    assert sorted((*first, *rest), key=str) == sorted(whole.drain(), key=str)


def test_a_clock_that_was_set_back_loses_nothing_that_waits_together():
    ahead = Reading(FEEDS[1], START + timedelta(hours=1), (check(1, 0, "passing"),))
    back = Reading(FEEDS[1], START, (check(1, 0, "critical"),), complete=False)
    inbox = Inbox()
    for reading in (ahead, back):
        inbox.add(reading)
    (told,) = inbox.drain()
    assert [fact.status for fact in told.facts] == ["critical"]
    assert told.at == START
