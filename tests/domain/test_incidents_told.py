"""How incidents are told as JSON, and which of them somebody asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.incidents import Incident, Kind
from app.domain.incidents_ask import Asked, page, place
from app.domain.incidents_wire import encode, headline, summary
from app.domain.subject import NodeId
from tests.domain.story import DEGRADED, FAILING, MAINTENANCE, OK, Story, after, redis

REDIS = NodeId("redis")


def test_all_that_is_known_of_one_is_told() -> None:
    story = Story().at(0, {12: FAILING, REDIS: DEGRADED}, redis(12))
    told = encode(
        story.at(4, {REDIS: FAILING}).at(20, {12: MAINTENANCE, REDIS: OK}).over
    )
    assert told["id"] == story.over.id
    assert (told["open"], told["kind"], told["worst"]) == (False, "outage", "failing")
    assert (told["start"], told["end"], told["end_exact"]) == (
        "2026-11-25T12:00:00.000Z",
        "2026-11-25T12:00:20.000Z",
        True,
    )
    assert (told["connections"], told["nodes"]) == ([12], ["redis"])
    assert told["cascade"][0] == {
        "connection": None,
        "node": "redis",
        "at": "2026-11-25T12:00:00.000Z",
        "first": "degraded",
        "worst": "failing",
        "status": "ok",
        "until": "2026-11-25T12:00:20.000Z",
    }
    assert [
        (t["connection"] or t["node"], t["status"]) for t in told["transitions"]
    ] == [
        ("redis", "degraded"),
        (12, "failing"),
        ("redis", "failing"),
        ("redis", "ok"),
        (12, "maintenance"),
    ]
    assert told["suspects"][0]["explains"] == [12]
    assert told["remarks"][0]["what"] == "maintenance"
    assert (told["merged"], told["merged_into"]) == ([], None)


def test_a_headline_says_since_when_how_much_and_how_bad() -> None:
    story = Story().at(0, {12: FAILING})
    assert (
        headline(story.only, after(9))
        == "Since 12:00 UTC: 1 connection, worst failing."
    )
    one = story.at(1, {25: FAILING, REDIS: FAILING}).at(2, {12: OK}).only
    assert headline(one, after(9)) == (
        "Since 12:00 UTC: 2 connections and 1 component, worst failing, 1 well again."
    )
    assert headline(one, after(86400)).startswith("Since 2026-11-25 12:00 UTC: ")
    boxes = Story().at(0, {REDIS: DEGRADED}).only
    assert headline(boxes, after(0)) == "Since 12:00 UTC: 1 component, worst degraded."


def test_a_snapshot_has_it_in_short() -> None:
    told = summary(Story().at(0, {12: FAILING}).only, after(1))
    assert (told["status"], told["worst"]) == ("failing", "failing")
    assert told["cascade"][0]["until"] is None


def three() -> list[Incident]:
    """A blip of 12, then a degradation of 23, then an outage of 4 that goes on."""
    story = Story().at(0, {12: FAILING}).at(9, {12: OK})
    story.at(1000, {23: DEGRADED}).at(1200, {23: OK})
    story.at(2000, {4: FAILING}).at(2060)
    return [*story.kept.values()]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(), [4, 23, 12]),
        (Asked(since=after(500)), [4, 23]),
        (Asked(since=after(9), until=after(1100)), [23, 12]),
        (Asked(until=after(-1)), []),
        (Asked(kind=Kind.OUTAGE), [4]),
        (Asked(open=True), [4]),
        (Asked(open=False), [23, 12]),
        (Asked(subject=23), [23]),
        (Asked(subject=REDIS), []),
        (Asked(before=(after(2000), "")), [23, 12]),
        (Asked(limit=2), [4, 23]),
    ],
)
def test_what_is_asked_for_is_found_newest_first(
    asked: Asked, found: list[int]
) -> None:
    answer = page(three(), asked)
    assert [one.members[0].subject for one in answer.incidents] == found
    assert answer.more == (asked.limit == 2)


def test_pages_lead_to_the_end() -> None:
    incidents, before, seen = three(), None, []
    while True:
        answer = page(incidents, Asked(before=before, limit=1))
        seen += [one.members[0].subject for one in answer.incidents]
        if not answer.more:
            break
        before = place(answer.incidents[-1])
    assert seen == [4, 23, 12]


def test_what_became_part_of_another_is_not_listed() -> None:
    story = Story().at(0, {9: FAILING}).at(10, {14: FAILING}).at(20, {31: DEGRADED})
    assert len(story.kept) == 2
    (one,) = page([*story.kept.values()], Asked(), "a reason").incidents
    assert one.end is None
    assert one.start == after(20) - timedelta(seconds=20)
