"""Which past pictures stay, and what turns one into a turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.moments import Bounds, thinned, turned

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
WIDE = Bounds(
    fine=timedelta(minutes=2),
    coarse_s=60,
    longest=timedelta(hours=24),
    most=10_000,
    most_bytes=10**9,
    most_asked=3,
)


@dataclass(frozen=True)
class Shot:
    at: datetime
    turned: bool = False
    asked: bool = False
    size: int = 10


def shots(*seconds: float, **more) -> list[Shot]:
    return [Shot(START + timedelta(seconds=s), **more) for s in seconds]


def test_of_late_every_picture_stays():
    kept = shots(*range(0, 120, 3))
    assert thinned(kept, WIDE) == kept


def test_of_what_is_older_one_a_minute_stays():
    old, new = shots(*range(0, 300, 5)), shots(600)
    stay = [one.at.minute for one in thinned([*old, *new], WIDE)]
    assert stay == [0, 1, 2, 3, 4, 10]


def test_every_turn_stays_and_stands_for_its_minute():
    turn = Shot(START + timedelta(seconds=20), turned=True)
    old = sorted([*shots(10, 30, 50), turn], key=lambda one: one.at)
    kept = thinned([*old, *shots(600)], WIDE)
    assert [one.at.second for one in kept] == [10, 20, 0]


def test_what_was_asked_for_stays_but_not_without_end():
    old = shots(*range(1, 50, 5), asked=True)
    kept = thinned([*shots(0), *old, *shots(600)], WIDE)
    assert kept == [*shots(0), *old[-3:], *shots(600)]


def test_the_oldest_go_first_when_it_is_too_much():
    all_ = shots(*range(0, 100, 10), turned=True)
    bounds = Bounds(timedelta(0), 60, timedelta(seconds=75), 5, 35, 3)
    assert thinned(all_, bounds) == all_[-3:]
    few = Bounds(timedelta(0), 60, timedelta(seconds=75), 2, 10**6, 3)
    assert thinned(all_, few) == all_[-2:]
    young = Bounds(timedelta(0), 60, timedelta(seconds=45), 100, 10**6, 3)
    assert thinned(all_, young) == all_[-5:]


def test_the_newest_stays_however_large_it_is():
    huge = shots(0, 1, size=10**12)
    assert thinned(huge, WIDE) == huge[-1:]


@st.composite
def histories(draw) -> list[Shot]:
    gaps = draw(st.lists(st.floats(0.001, 90), min_size=1, max_size=80))
    found, at = [], START
    for gap in gaps:
        at += timedelta(seconds=gap)
        kind = draw(st.sampled_from(["plain", "plain", "turned", "asked"]))
        size = draw(st.integers(1, 50))
        found.append(Shot(at, kind == "turned", kind == "asked", size))
    return found


@given(histories())
def test_thinning_keeps_the_order_and_every_turn_and_does_nothing_twice(history):
    kept = thinned(history, WIDE)
    assert [one for one in history if one in kept] == kept
    assert [one for one in history if one.turned] == [o for o in kept if o.turned]
    assert kept[-1] is history[-1]
    assert thinned(kept, WIDE) == kept


@given(histories(), st.integers(1, 40), st.integers(1, 900), st.integers(1, 4000))
def test_the_bounds_hold(history, most, most_bytes, longest_s):
    longest = timedelta(seconds=longest_s)
    bounds = Bounds(timedelta(minutes=1), 60, longest, most, most_bytes, 3)
    kept = thinned(history, bounds)
    assert len(kept) <= most
    assert len(kept) == 1 or sum(one.size for one in kept) <= most_bytes
    assert kept[-1].at - kept[0].at <= longest


@given(histories())
def test_a_moment_is_answered_with_the_statuses_of_then(history):
    """The turn that was last before a moment is the last one among what is kept."""
    kept = thinned(history, WIDE)
    for asked in history:
        told = [one for one in kept if one.at <= asked.at]
        turns = [one for one in history if one.at <= asked.at and one.turned]
        if turns:
            assert told[-1].at >= turns[-1].at


HEAD = {"deployment": "demo", "version": 2, "at": "2026-11-24T10:00:00.000Z"}


@pytest.mark.parametrize(
    "news",
    [
        {"status": "failing"},
        {"suspects": []},
        {"incident": None},
        {"maintenance": []},
        {"connections": [{"number": 3, "heard": {}}, {"number": 4, "status": "ok"}]},
        {"nodes": [{"id": "redis", "status": "ok"}]},
        {"sources": [{"name": "consul", "status": "failing"}]},
    ],
)
def test_other_statuses_suspects_or_maintenance_are_a_turn(news):
    assert turned(HEAD | news)


def test_a_first_picture_is_a_turn_and_other_numbers_are_none():
    assert turned(None)
    assert not turned(HEAD | {"connections": [{"number": 3, "metrics": {}}]})
    assert not turned(HEAD | {"incidents": []})
