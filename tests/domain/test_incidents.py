"""Which bad turns are one incident, when it begins and ends, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.incidents import (
    MOST_TURNS,
    Book,
    Kind,
    Turn,
    gravest,
)
from app.domain.incidents_fold import fold, resumed
from app.domain.incidents_joins import joins
from app.domain.status import Status
from app.domain.subject import NodeId
from tests.domain.story import (
    DEGRADED,
    FAILING,
    JOINED,
    MAINTENANCE,
    NOON,
    OK,
    STALE,
    TOPOLOGY,
    Story,
    after,
    redis,
    remarks,
    who,
)

REDIS = NodeId("redis")


def test_all_well_is_no_incident() -> None:
    story = Story().at(0).at(60)
    assert (story.book, story.changed, story.wake_at) == (Book(), (), None)


def test_a_cascade_is_one_incident_in_the_order_in_which_they_turned() -> None:
    story = Story().at(0, {REDIS: FAILING, 25: FAILING}).at(1, {12: FAILING})
    story.at(2, {18: DEGRADED}).at(4, {18: FAILING})
    one = story.only
    assert who(one) == [REDIS, 25, 12, 18]
    assert (one.start, one.worst, one.status) == (NOON, FAILING, FAILING)
    assert one.members[3].turns == (Turn(after(2), DEGRADED), Turn(after(4), FAILING))


def test_what_is_not_joined_in_the_picture_is_told_apart() -> None:
    story = Story().at(0, {4: FAILING, 23: FAILING})
    assert sorted(map(who, story.book.open)) == [[4], [23]]


@pytest.mark.parametrize(
    ("one", "other", "is_joined"),
    [
        (12, 25, True),  # both end at Redis
        (1, 6, True),  # the proxy answers one and calls in the other
        (6, 17, True),
        (1, 17, True),  # the proxy calls Workspace, which calls Voicemail
        (13, 14, False),
        (NodeId("redis"), 24, True),
        (NodeId("voice"), 8, True),  # a member of the group that calls
        (9, 12, False),  # two members of one group, and nothing else
        (NodeId("platform-services"), 9, True),
    ],
)
def test_who_is_joined(one: object, other: object, is_joined: bool) -> None:
    assert (other in JOINED[one]) is is_joined
    assert (one in JOINED[other]) is is_joined


def test_neighbours_that_turn_long_after_one_another_are_two() -> None:
    story = Story().at(0, {14: FAILING}).at(299, {17: FAILING})
    assert len(story.book.open) == 1
    story = Story().at(0, {14: FAILING}).at(301, {17: FAILING})
    assert len(story.book.open) == 2


def test_one_suspect_explains_one_incident_whenever_it_turned() -> None:
    story = Story().at(0, {18: DEGRADED}).at(900, {24: FAILING}, redis(18, 24))
    assert who(story.only) == [18, 24]


def test_two_that_grow_together_are_the_older_one_and_that_is_told() -> None:
    story = Story().at(0, {9: FAILING}).at(10, {14: FAILING, 20: FAILING})
    assert [who(one) for one in story.book.open] == [[9], [14, 20]]
    older, younger = story.book.open
    story.at(20, {31: DEGRADED})
    assert story.only.id == older.id
    assert who(story.only) == [9, 14, 20, 31]
    assert story.only.merged == (younger.id,)
    assert remarks(story.only) == ["merged"]
    (told,) = [one for one in story.changed if one.id == younger.id]
    assert (told.into, told.end) == (older.id, after(20))
    assert remarks(told) == ["merged"]


def test_what_was_merged_once_stays_named_when_that_is_merged_too() -> None:
    story = Story().at(0, {4: FAILING}).at(1, {23: DEGRADED}).at(2, {17: FAILING})
    assert len(story.book.open) == 3
    ids = [one.id for one in story.book.open]
    story.at(3, {7: FAILING, 6: FAILING}, redis(23, text="Redis"))
    assert story.only.id == ids[0]
    assert set(story.only.merged) == set(ids[1:])
    assert story.only.kind is Kind.BLIP


def test_it_ends_when_all_have_been_well() -> None:
    story = Story().at(0, {12: FAILING}).at(3, {25: FAILING}).at(30, {12: OK})
    assert story.only.end is None
    assert story.only.status is FAILING
    story.at(40, {25: Status.IDLE})
    assert (story.over.end, story.over.status) == (after(40), OK)
    assert story.over.ends_exactly
    assert story.over in story.changed


def test_trouble_that_is_back_soon_is_the_same() -> None:
    story = Story().at(0, {12: FAILING}).at(20, {12: OK}).at(319, {12: FAILING})
    assert remarks(story.only) == ["reopened"]
    assert story.only.start == NOON
    assert [turn.status for turn in story.only.members[0].turns] == [
        FAILING,
        OK,
        FAILING,
    ]
    later = Story().at(0, {12: FAILING}).at(20, {12: OK}).at(322, {12: FAILING})
    assert later.only.start == after(322)


def test_a_neighbour_of_what_has_just_ended_belongs_to_it() -> None:
    story = Story().at(0, {12: FAILING}).at(20, {12: OK}).at(30, {25: FAILING})
    assert who(story.only) == [12, 25]
    assert remarks(story.only) == ["reopened"]


def test_what_has_ended_is_not_reopened_by_an_incident_beside_it() -> None:
    story = Story().at(0, {14: FAILING}).at(10, {14: OK})
    story.at(20, {4: FAILING}).at(30)
    assert who(story.only) == [4]
    assert [who(one) for one in story.book.ended] == [[14]]


def test_a_member_that_is_bad_again_is_in_its_own_incident() -> None:
    story = Story().at(0, {12: FAILING, 25: FAILING}).at(10, {12: OK})
    story.at(1000, {12: DEGRADED})
    assert who(story.only) == [12, 25]
    assert story.only.members[0].began == after(1000)


def test_blindness_neither_opens_nor_ends_one() -> None:
    assert Story().at(0, {12: STALE, 18: Status.NO_DATA}).book == Book()
    story = Story().at(0, {12: FAILING}).at(5, {12: STALE})
    before = story.only
    assert story.at(9, {12: Status.NO_DATA}).only.members == before.members
    assert story.at(10, {12: FAILING}).only.members == before.members
    assert story.at(11, {12: STALE}).at(12, {12: OK}).over.end == after(12)


def test_maintenance_ends_a_part_and_says_so() -> None:
    story = Story().at(0, {12: FAILING, 25: FAILING}).at(5, {12: MAINTENANCE})
    assert remarks(story.only) == ["maintenance"]
    assert "connection 12 is silenced" in story.only.remarks[0].text
    story.at(9, {25: OK}).at(60, {12: FAILING})
    assert story.only.members[0].turns[-1].at == after(60)


def test_what_the_picture_no_longer_has_does_not_keep_one_open() -> None:
    story = Story().at(0, {12: FAILING, REDIS: DEGRADED})
    del story.states[12]
    assert remarks(story.at(5).only) == ["removed"]
    story.states[REDIS] = (Status.ABSENT, after(9))
    assert "redis is no longer there" in story.at(9).over.remarks[1].text


def test_an_empty_picture_says_nothing() -> None:
    story = Story().at(0, {12: FAILING})
    story.states.clear()
    assert story.at(5).only.members[0].bad


@pytest.mark.parametrize(
    ("status", "seconds", "kind"),
    [
        (FAILING, 14, Kind.BLIP),
        (FAILING, 15, Kind.OUTAGE),
        (DEGRADED, 119, Kind.BLIP),
        (DEGRADED, 120, Kind.DEGRADATION),
    ],
)
def test_blips_are_told_apart(status: Status, seconds: float, kind: Kind) -> None:
    story = Story().at(0, {12: status}).at(seconds, {12: OK})
    assert story.over.kind is kind


def test_it_grows_graver_by_time_alone_at_a_moment_that_is_named() -> None:
    story = Story().at(0, {12: FAILING})
    assert (story.only.kind, story.wake_at) == (Kind.BLIP, after(15))
    story.at(15)
    assert (story.only.kind, story.wake_at) == (Kind.OUTAGE, None)
    assert story.changed == (story.only,)
    assert story.at(100).changed == ()


def test_it_never_grows_less_grave() -> None:
    story = Story().at(0, {12: FAILING}).at(16).at(17, {12: OK}).at(100, {12: DEGRADED})
    assert story.only.kind is Kind.OUTAGE


def test_suspects_keep_the_first_and_the_last_word() -> None:
    story = Story().at(0, {12: FAILING, REDIS: FAILING}, redis(12, text="1 of 3"))
    story.at(5, {}, redis(12, text="1 of 3")).at(9, {25: FAILING}, redis(12, 25))
    (named,) = story.only.suspects
    assert (named.first_at, named.first_text) == (NOON, "1 of 3")
    assert (named.last_at, named.last_text) == (after(9), "Look at Redis first")
    assert named.explains == (12, 25)
    assert story.at(20, {18: DEGRADED}, redis(12, 25)).only.suspects == (named,)


def test_a_suspect_of_something_else_is_not_named() -> None:
    story = Story().at(0, {4: FAILING}, redis(12))
    assert story.only.suspects == ()


def test_words_on_one_box_are_joined_when_incidents_are() -> None:
    story = Story().at(0, {12: FAILING}, redis(12, text="first"))
    left = story.only
    fresh = Story().at(60, {12: FAILING}, redis(12, text="later"))
    fresh.book = resumed(fresh.book, [left], after(61))
    (named,) = fresh.at(62).only.suspects
    assert (named.first_text, named.last_text) == ("first", "later")
    assert fresh.only.id == left.id
    assert fresh.only.members[0].turns == (Turn(NOON, FAILING),)


def test_the_turns_of_a_member_are_bounded() -> None:
    story = Story().at(0, {12: FAILING, 25: FAILING})
    for turn in range(1, 2 * MOST_TURNS):
        story.at(turn, {12: FAILING if turn % 2 == 0 else DEGRADED})
    turns = story.only.members[0].turns
    assert len(turns) == MOST_TURNS
    assert (turns[0].at, turns[-1].at) == (NOON, after(2 * MOST_TURNS - 1))


def test_the_gravest_comes_first() -> None:
    story = Story().at(0, {4: DEGRADED}).at(1, {23: FAILING}).at(2, {17: FAILING})
    story.at(2, {14: FAILING})
    assert [who(one) for one in gravest(story.book.open)] == [[14, 17], [23], [4]]


def test_the_order_of_a_snapshot_does_not_matter() -> None:
    story = Story().at(0, {12: FAILING, 4: DEGRADED, 23: FAILING})
    now = after(9)
    story.states[25] = story.states[REDIS] = (FAILING, now)
    forth = story.snapshot(now, [redis(12, 25)])
    back = story.snapshot(now, [redis(12, 25)], reversed(list(story.states)))
    assert fold(story.book, forth, JOINED, now) == fold(story.book, back, JOINED, now)


def test_a_site_without_a_part_still_has_its_joins() -> None:
    small = replace(TOPOLOGY, connections=TOPOLOGY.connections[:3])
    assert set(joins(small)) == {1, 2, 3, *(box.id for box in TOPOLOGY.boxes)}
