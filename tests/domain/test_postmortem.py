"""What an incident came to, in figures."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.incidents import Incident, Member, Turn
from app.domain.notes import About, Note, What
from app.domain.postmortem import (
    BESIDE,
    figures,
    noted,
    spells,
    statuses_at,
    worst_at,
)
from app.domain.status import Status
from app.domain.subject import NodeId
from tests.domain.story import DEGRADED, FAILING, OK, Story, after, redis

REDIS = NodeId("redis")


def test_how_long_each_member_was_how_bad() -> None:
    story = Story().at(0, {12: DEGRADED, REDIS: FAILING}, redis(12))
    over = story.at(10, {12: FAILING}).at(30, {12: OK, REDIS: OK}).over
    known = figures(over, after(9999))
    assert known.lasted == timedelta(seconds=30)
    assert (known.connections, known.nodes) == (1, 1)
    assert known.spells[12] == {
        DEGRADED: timedelta(seconds=10),
        FAILING: timedelta(seconds=20),
    }
    assert known.spells[REDIS] == {FAILING: timedelta(seconds=30)}
    assert known.worst_at == after(10)
    assert known.suspected_after == timedelta()


def test_what_is_open_lasts_until_now() -> None:
    one = Story().at(0, {12: FAILING}).only
    known = figures(one, after(60))
    assert known.lasted == timedelta(seconds=60)
    assert known.suspected_after is None
    assert known.spells[12] == {FAILING: timedelta(seconds=60)}


def test_a_clock_that_is_behind_makes_nothing_negative() -> None:
    known = figures(Story().at(0, {12: FAILING}).only, after(-60))
    assert known.lasted == timedelta()
    assert known.spells[12] == {FAILING: timedelta()}


def test_of_equally_bad_moments_the_first_is_the_worst() -> None:
    story = Story().at(0, {12: FAILING}).at(5, {24: DEGRADED}).at(9, {24: OK})
    assert worst_at(story.at(20, {24: DEGRADED}).only) == after(5)


def test_members_at_a_moment() -> None:
    one = Story().at(0, {12: FAILING}).at(5, {24: DEGRADED}).only
    assert statuses_at(one, after(-1)) == {12: OK, 24: OK}
    assert statuses_at(one, after(2)) == {12: FAILING, 24: OK}
    assert statuses_at(one, after(5)) == {12: FAILING, 24: DEGRADED}


STEPS = st.lists(
    st.tuples(st.integers(0, 5000), st.sampled_from(list(Status))), min_size=1
)


@given(STEPS, st.integers(0, 9000))
def test_spells_never_add_up_to_more_than_the_whole(
    steps: list[tuple[int, Status]], until_s: int
) -> None:
    steps.sort(key=lambda step: step[0])
    turns = tuple(Turn(after(seconds), status) for seconds, status in steps)
    member = Member(12, turns)
    lasted = spells(member, after(until_s))
    whole = max(after(until_s), turns[-1].at) - turns[0].at
    bad = sum(
        (
            later - turn.at
            for turn, later in zip(
                turns,
                [b.at for _, b in pairwise(turns)] + [turns[0].at + whole],
                strict=True,
            )
            if turn.status in (DEGRADED, FAILING)
        ),
        timedelta(),
    )
    assert set(lasted) <= {DEGRADED, FAILING}
    assert sum(lasted.values(), timedelta()) == bad <= whole


@given(STEPS)
def test_the_worst_moment_is_one_at_which_something_turned(
    steps: list[tuple[int, Status]],
) -> None:
    steps.sort(key=lambda step: step[0])
    turns = tuple(Turn(after(seconds), status) for seconds, status in steps)
    one = Incident("x", turns[0].at, (Member(12, turns),))
    assert worst_at(one) in {turn.at for turn in turns}


def note(at_s: float, what: What, which: str) -> Note:
    return Note(f"{what}-{which}-{at_s}", after(at_s), "Ana", About(what, which), "x")


def test_notes_about_its_members_belong_to_it_while_it_lasts_and_a_little_beside() -> (
    None
):
    one = Story().at(0, {12: FAILING, REDIS: FAILING}).at(60, {12: OK, REDIS: OK}).over
    half_an_hour = BESIDE.total_seconds()
    mine = [
        note(-half_an_hour, What.CONNECTION, "12"),
        note(10, What.NODE, "redis"),
        note(20, What.MOMENT, "2026-11-25T12:00:05Z"),
        note(60 + half_an_hour, What.CONNECTION, "12"),
        note(86400, What.INCIDENT, one.id),
    ]
    others = [
        note(-half_an_hour - 1, What.CONNECTION, "12"),
        note(61 + half_an_hour, What.NODE, "redis"),
        note(10, What.CONNECTION, "17"),
        note(10, What.INCIDENT, "another"),
    ]
    assert noted(one, [*others, *reversed(mine)]) == mine


def test_notes_of_what_goes_on_belong_to_it_however_late() -> None:
    one = Story().at(0, {12: FAILING}).only
    late = note(99_999, What.CONNECTION, "12")
    assert noted(one, [late]) == [late]
