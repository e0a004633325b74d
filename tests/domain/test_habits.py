"""What is usual at an hour of the week: learnt carefully, and forgotten in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.expected import Calendar, Span, expectations
from app.domain.habits import (
    HOUR,
    MOST_WEEKS,
    WEEK,
    Count,
    Habits,
    Hour,
    Tally,
    counted,
)
from app.domain.limits import DEFAULT
from tests.examples import dear

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = TEN + timedelta(minutes=20)


def hours(
    *weeks: int, mean: float = 12.0, least: float = 3.0, at: datetime = TEN
) -> list[Hour]:
    """The hour and those beside it, so many weeks ago."""
    return [
        Hour(1, at + side * HOUR - week * WEEK, mean, least)
        for week in weeks
        for side in (-1, 0, 1)
    ]


def told(*known: Hour, now: datetime = LATER, calendar: Calendar | None = None) -> str:
    habits = Habits().learnt(known, now)
    found = expectations(
        calendar or Calendar(), habits, DEFAULT, [1], now.replace(second=0)
    )
    return found.of[1].told() if found.of else ""


def test_what_was_busy_at_this_hour_of_two_weeks_is_expected() -> None:
    assert told(*hours(1, 3)) == (
        "in this hour of the past 2 weeks it had 12 requests/s"
    )
    assert told(*hours(1, 2, 3, 4, mean=0.5, least=0.1)) == (
        "in this hour of the past 4 weeks it had 0.5 requests/s"
    )


@pytest.mark.parametrize(
    "known",
    [
        pytest.param([], id="nothing"),
        pytest.param(hours(2), id="once"),
        pytest.param(hours(1, 5), id="too-long-ago"),
        pytest.param(
            [*hours(1, 2), Hour(1, TEN - 3 * WEEK, 0, 0)], id="one-was-silent"
        ),
        pytest.param(hours(1, 2, least=0.0), id="a-silent-minute"),
        pytest.param(hours(1, 2, mean=0.06, least=0.01), id="too-few-to-tell-by"),
        pytest.param(
            [h for h in hours(1, 2) if h.at.hour != 9], id="the-hour-before-unknown"
        ),
        pytest.param(
            [
                replace(h, mean=0.0, least=0.0) if h.at.hour == 11 else h
                for h in hours(1, 2)
            ],
            id="the-hour-after-was-silent",
        ),
    ],
)
def test_in_doubt_nothing_is_expected(known: list[Hour]) -> None:
    assert told(*known) == ""


def test_a_longer_patience_needs_fewer_requests() -> None:
    habits = Habits().learnt(hours(1, 2, mean=0.06, least=0.01), LATER)
    assert habits.usual(1, TEN, 300) == ()
    assert len(habits.usual(1, TEN, 600)) == 2


def test_a_holiday_is_unlike_other_days() -> None:
    today = Calendar(holidays=frozenset({date(2026, 11, 24)}))
    assert told(*hours(1, 2), calendar=today) == ""
    assert told(*hours(1, 2), calendar=Calendar(learn=False)) == ""


def test_where_a_calendar_speaks_it_decides_alone() -> None:
    nights = Calendar(UTC, (Span(frozenset(range(7)), 22 * 60, 23 * 60),))
    assert told(*hours(1, 2), calendar=nights).startswith("no traffic is expected now")
    others = Calendar(UTC, (Span(frozenset(range(7)), 0, 60, frozenset({2})),))
    assert told(*hours(1, 2), calendar=others).startswith("in this hour")


def test_it_is_expected_for_as_long_as_matters() -> None:
    day = [hour for side in (0, 1, 2) for hour in hours(1, 2, at=TEN - side * HOUR)]
    habits = Habits().learnt(day, LATER)
    long = replace(DEFAULT, idle_after=5400.0)
    begun = [
        expectations(Calendar(), habits, limits, [1], LATER).of[1].since
        for limits in (DEFAULT, long)
    ]
    assert begun == [TEN - HOUR, TEN - 2 * HOUR]
    alone = Habits().learnt(hours(1, 2), LATER)
    found = expectations(Calendar(), alone, DEFAULT, [1], LATER)
    assert found.of[1].since == TEN


def test_it_is_looked_at_again_when_an_hour_or_a_day_may_end() -> None:
    habits = Habits().learnt(hours(1, 2), LATER)
    found = expectations(Calendar(), habits, DEFAULT, [1], LATER)
    assert found.until == TEN + timedelta(minutes=30)
    soon = Calendar(UTC, (Span(frozenset({1}), 10 * 60 + 25, 11 * 60, frozenset({2})),))
    found = expectations(soon, habits, DEFAULT, [1], LATER)
    assert found.until == TEN + timedelta(minutes=25)
    assert expectations(Calendar(), Habits(), DEFAULT, [1], LATER).until is None


# -- counting ---------------------------------------------------------------------------


def fold(
    looks: list[tuple[float, dict[int, float]]], begun: datetime = TEN
) -> tuple[Count | None, list[Hour]]:
    """`looks`: seconds since the beginning, and what was counted then."""
    count, ended = None, []
    for seconds, rates in looks:
        count, more = counted(count, rates, begun + timedelta(seconds=seconds))
        ended += more
    return count, ended


def steadily(rate: float, first: int = 0, last: int = 3660) -> list[tuple[float, dict]]:
    return [(second, {1: rate}) for second in range(first, last, 15)]


def test_an_hour_is_remembered_once_it_has_ended() -> None:
    assert fold(steadily(2.0, last=3600))[1] == []
    (hour,) = fold(steadily(2.0))[1]
    assert (hour.number, hour.at, hour.least) == (1, TEN, 2.0)
    assert hour.mean == pytest.approx(2.0)


def test_its_mean_and_its_least_are_those_of_the_whole_hour() -> None:
    (hour,) = fold([*steadily(4.0, last=1800), *steadily(0.0, first=1800)])[1]
    assert hour.mean == pytest.approx(2.0, abs=0.02)
    assert hour.least == 0.0


def test_an_hour_that_was_seen_for_less_than_fifty_minutes_is_not_counted() -> None:
    assert fold(steadily(2.0, first=660))[1] == []
    assert len(fold(steadily(2.0, first=540))[1]) == 1


def test_a_pause_and_what_nobody_measured_count_as_not_seen() -> None:
    pause = [look for look in steadily(2.0) if not 600 < look[0] < 1500]
    assert fold(pause)[1] == []
    unmeasured = [
        (second, {} if 600 < second < 1500 else rates)
        for second, rates in steadily(2.0)
    ]
    assert fold(unmeasured)[1] == []


def test_looks_that_follow_each_other_closely_are_one() -> None:
    often = [(second / 10, {1: 2.0}) for second in range(0, 36_600, 10)]
    count, (hour,) = fold(often)
    assert hour.mean == pytest.approx(2.0)
    early, _ = counted(count, {1: 9.0}, count.looked + timedelta(seconds=1))
    assert early is count


def test_a_clock_that_was_set_back_makes_no_hour() -> None:
    count, _ = fold(steadily(2.0, last=1800))
    same, ended = counted(count, {1: 2.0}, TEN + timedelta(minutes=10))
    assert (ended, same.seen) == ((), count.seen)
    before, ended = counted(count, {1: 2.0}, TEN - timedelta(minutes=10))
    assert (ended, before.seen) == ((), {})


looks = st.lists(
    st.tuples(st.floats(1, 400), st.one_of(st.none(), st.floats(0, 50))), max_size=400
)


@dear()
@given(looks)
def test_what_is_remembered_lies_within_what_was_seen(
    looks: list[tuple[float, float | None]],
) -> None:
    count, seconds = None, 0.0
    seen: list[float] = []
    for pause, rate in looks:
        seconds += pause
        rates = {} if rate is None else {1: rate}
        seen += rates.values()
        count, ended = counted(count, rates, TEN + timedelta(seconds=seconds))
        for hour in ended:
            assert min(seen) <= hour.least <= hour.mean * 1.000001
            assert hour.mean <= max(seen) * 1.000001
        for tally in count.seen.values():
            assert isinstance(tally, Tally)
            assert tally.seconds <= 3600


# -- remembering ------------------------------------------------------------------------

known = st.lists(
    st.builds(
        Hour,
        st.integers(1, 3),
        st.integers(-40 * 24, 24).map(lambda n: TEN + n * HOUR),
        st.floats(0, 50),
        st.floats(0, 50),
    ),
    max_size=60,
    unique_by=lambda hour: (hour.number, hour.at),
)


@given(known, st.integers(0, 60))
def test_the_order_in_which_hours_are_learnt_does_not_matter(
    known: list[Hour], cut: int
) -> None:
    forth = Habits().learnt(known[:cut], TEN).learnt(known[cut:], TEN)
    assert forth == Habits().learnt(reversed(known), TEN)


@given(known)
def test_what_is_older_than_four_weeks_or_yet_to_come_is_not_kept(
    known: list[Hour],
) -> None:
    kept = Habits().learnt(known, LATER).hours
    assert {at for _, at in kept} <= {
        TEN - n * HOUR for n in range(MOST_WEEKS * 168 + 1)
    }


def test_it_never_holds_more_than_four_weeks_of_hours() -> None:
    habits, now = Habits(), TEN
    for _ in range(MOST_WEEKS * 168 + 50):
        ended = [Hour(1, now, 1.0, 1.0)]
        now += HOUR
        habits = habits.learnt(ended, now)
    assert len(habits.hours) == MOST_WEEKS * 168
