"""What another process showed is gone on from: no status turns for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import Finding
from app.domain.instants import instant
from app.domain.limits import DEFAULT
from app.domain.status import RANK, Status
from app.domain.subject import Witness
from app.domain.taken_up import (
    NOTHING,
    UNSEEN,
    WAITS,
    TakenUp,
    shown_again,
    taken_up,
    tracks,
)
from app.domain.verdict import LEVELS, step

THEN = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
NOW = THEN + timedelta(minutes=7)
UNTIL = NOW + WAITS
SAID = (Witness.KUBERNETES, Witness.TRAFFIC)
statuses = st.sampled_from(list(Status))
witnesses = st.sampled_from(list(Witness))


def picture(status: Status, *by: Witness) -> dict:
    marks = {who.value: "ok" if who in by else "no_data" for who in Witness}
    item = {"status": status.value, "since": instant(THEN), "witnesses": marks}
    return {
        "connections": [{"number": 17, **item}, {"number": 18, **item}],
        "nodes": [{"id": "redis", **item}],
        "suspects": [],
    }


def found(status: Status, witness: Witness = Witness.TRAFFIC) -> Finding:
    return Finding("errors", witness, status, "many", NOW)


@given(statuses)
def test_everything_stands_as_it_stood_since_it_stood_so(status):
    known = tracks(picture(status))
    assert set(known) == {17, 18, "redis"}
    assert {(one.status, one.since) for one in known.values()} == {(status, THEN)}


@given(st.sampled_from(LEVELS))
def test_what_was_bad_and_is_stays_so_without_a_hold(status):
    after = step(tracks(picture(status))[17], [found(status)], DEFAULT.of(17), NOW)
    assert (after.track.status, after.track.since) == (status, THEN)


@given(st.sampled_from(LEVELS))
def test_what_was_bad_and_is_not_gets_better_as_slowly_as_ever(status):
    limits = DEFAULT.of(17)
    well = [found(Status.OK)]
    first = step(tracks(picture(status))[17], well, limits, NOW)
    assert first.track.status is status
    later = NOW + timedelta(seconds=limits.leave + 1)
    assert step(first.track, well, limits, later).track.status is Status.OK


@given(statuses, st.sets(witnesses), st.lists(st.tuples(statuses, witnesses)))
def test_it_stands_until_all_have_spoken_or_one_says_worse(status, by, said):
    left = taken_up(picture(status, *by), UNTIL)
    now = [found(*one) for one in said]
    worse = any(RANK[one.status] > RANK[status] for one in now)
    spoken = {one.witness for one in now}
    silent = not now or bool(by - spoken)
    assert left.stands(17, now, spoken) is (silent and not worse)


def test_nobody_is_waited_for_who_was_not_shown():
    left = taken_up(picture(Status.OK, *SAID), UNTIL)
    assert not left.stands(99, (), frozenset())
    assert not NOTHING.stands(17, (), frozenset())


def test_who_has_spoken_once_is_not_waited_for_again():
    left = taken_up(picture(Status.OK, *SAID), UNTIL)
    assert left.still(left.waiting) is left
    less = left.still(frozenset({18}))
    still = [less.stands(one, (), frozenset()) for one in (17, 18)]
    assert still == [False, True]
    assert less.saw(17)


@pytest.mark.parametrize("all_spoke", [False, True])
def test_it_is_waited_for_so_long_and_no_longer(all_spoke):
    left = taken_up(picture(Status.OK, *SAID), UNTIL)
    before = UNTIL - timedelta(milliseconds=1)
    assert left.at(before, all_spoke=all_spoke) is left
    over = left.at(UNTIL, all_spoke=all_spoke)
    assert over.waiting == frozenset()
    assert over.saw(17) is not all_spoke
    assert over.at(UNTIL, all_spoke=all_spoke) is over


@pytest.mark.parametrize(
    ("status", "by", "seen"),
    [
        (Status.OK, SAID, True),
        (Status.STALE, (), True),
        (Status.NO_DATA, (), False),
        (Status.ABSENT, (), False),
    ],
)
def test_only_what_was_seen_can_be_out_of_sight(status, by, seen):
    assert taken_up(picture(status, *by), UNTIL).saw(17) is seen


def test_a_witness_that_could_not_be_believed_is_not_waited_for():
    left = picture(Status.OK, *SAID)
    for mark in UNSEEN:
        left["connections"][0]["witnesses"]["traffic"] = mark.value
        one = taken_up(left, UNTIL)
        said = [found(Status.OK, Witness.KUBERNETES)]
        assert not one.stands(17, said, {Witness.KUBERNETES})


def test_a_picture_of_an_earlier_release_names_no_witnesses():
    left = picture(Status.OK)
    left["connections"][0]["witnesses"] = None
    assert not taken_up(left, UNTIL).saw(17)


def suspect(node: str, *explains: int) -> dict:
    return {"node": node, "connection": None, "host": None, "explains": [*explains]}


def test_what_stands_is_shown_as_it_was_with_those_who_explain_it():
    left = picture(Status.FAILING, *SAID)
    now = picture(Status.FAILING, Witness.PROBE)
    now["suspects"] = [suspect("iwd", 18)]
    earlier = [suspect("redis", 17), suspect("voice", 18), suspect("iwd", 17)]
    one = taken_up(left, UNTIL).still(frozenset({17, "redis"}))
    shown = shown_again(now, one, earlier)
    assert shown["connections"] == [left["connections"][0], now["connections"][1]]
    assert shown["nodes"] == left["nodes"]
    assert shown["suspects"] == [suspect("iwd", 18), suspect("redis", 17)]
    assert shown_again(now, TakenUp(), earlier) is now
