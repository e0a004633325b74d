"""When calls must be seen, as a calendar says: across midnights, holidays and clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.expected import (
    DAY,
    DAY_MIN,
    Calendar,
    Expected,
    Span,
    expectations,
)
from app.domain.habits import Habits
from app.domain.limits import DEFAULT

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
OFFICE = Span(WEEKDAYS, 8 * 60, 20 * 60)
NIGHT = Span(frozenset({4}), 22 * 60, 6 * 60)
MINUTE = timedelta(minutes=1)


def said(calendar: Calendar, now: datetime, number: int = 1) -> Expected | None:
    return expectations(calendar, Habits(), DEFAULT, [number], now).of.get(number)


def since(calendar: Calendar, now: datetime, number: int = 1) -> datetime | None:
    found = said(calendar, now, number)
    return found.since if found else None


def at(text: str) -> datetime:
    """Of 2026: `11-24 10:00`, in UTC."""
    return datetime.fromisoformat(f"2026-{text}+00:00")


@pytest.mark.parametrize(
    ("now", "begun"),
    [
        ("11-24 06:59", None),
        ("11-24 07:00", "11-24 07:00"),
        ("11-24 18:59", "11-24 07:00"),
        ("11-24 19:00", None),
        ("11-28 10:00", None),
        ("07-24 06:00", "07-24 06:00"),
    ],
)
def test_office_hours_are_those_of_the_zones_clocks(
    now: str, begun: str | None
) -> None:
    calendar = Calendar(BERLIN, (OFFICE,))
    assert since(calendar, at(now)) == (at(begun) if begun else None)


def test_it_is_told_which_hours_are_meant() -> None:
    shift = Span(frozenset({0, 1, 2, 5}), 9 * 60, DAY_MIN, frozenset({9}))
    calendar = Calendar(BERLIN, (OFFICE, shift))
    on, off = said(calendar, at("11-24 10:00"), 9), said(calendar, at("11-29 10:00"), 9)
    assert on.told() == "traffic is expected Mon-Fri 08:00-20:00 Europe/Berlin"
    assert off.told() == (
        "no traffic is expected now; traffic is expected "
        "Mon-Fri 08:00-20:00, Mon-Wed, Sat 09:00-24:00 Europe/Berlin"
    )
    assert "Sat" not in said(calendar, at("11-29 10:00"), 1).told()


def test_a_calendar_says_nothing_of_a_connection_that_no_span_is_about() -> None:
    calendar = Calendar(UTC, (Span(WEEKDAYS, 0, DAY_MIN, frozenset({9})),))
    assert said(calendar, at("11-24 10:00"), 1) is None
    assert said(Calendar(), at("11-24 10:00"), 1) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("11-27 21:59", False),
        ("11-27 22:00", True),
        ("11-28 05:59", True),
        ("11-28 06:00", False),
        ("11-28 22:00", False),
    ],
)
def test_a_span_over_midnight_belongs_to_the_day_on_which_it_begins(
    now: str, expected: bool
) -> None:
    assert (since(Calendar(UTC, (NIGHT,)), at(now)) is not None) is expected


def test_a_holiday_has_no_spans_and_cuts_off_what_runs_into_it() -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    eve = Calendar(UTC, (NIGHT,), frozenset({saturday}))
    assert since(eve, at("11-27 23:59")) is not None
    assert since(eve, at("11-28 00:00")) is None
    itself = Calendar(UTC, (NIGHT,), frozenset({friday}))
    assert since(itself, at("11-27 23:00")) is None
    assert since(itself, at("11-28 01:00")) is None


def test_spans_that_follow_each_other_are_one() -> None:
    halves = (Span(WEEKDAYS, 480, 720), Span(WEEKDAYS, 720, 1200))
    assert since(Calendar(UTC, halves), at("11-24 12:00")) == at("11-24 08:00")
    always = Calendar(UTC, (Span(EVERY_DAY, 0, DAY_MIN),))
    assert since(always, at("11-24 00:00")) == at("11-22 00:00")


@pytest.mark.parametrize(
    ("span", "day", "begin", "end"),
    [
        # The clocks go from 02:00 to 03:00 on 29 March, from 03:00 to 02:00 on 25 October.
        ((1, 4), "03-29", "03-29 00:00", "03-29 02:00"),
        ((2.5, 5), "03-29", "03-29 01:30", "03-29 03:00"),
        ((2.25, 2.75), "03-29", None, None),
        ((1, 4), "10-25", "10-24 23:00", "10-25 03:00"),
        ((2.5, 5), "10-25", "10-25 01:30", "10-25 04:00"),
        ((1, 2.5), "10-25", "10-24 23:00", "10-25 00:30"),
        ((2.25, 2.75), "10-25", None, None),
        ((22, 4), "10-24", "10-24 20:00", "10-25 03:00"),
    ],
)
def test_an_hour_that_is_left_out_or_told_twice_is_in_doubt_and_left_out(
    span: tuple[float, float], day: str, begin: str | None, end: str | None
) -> None:
    begins, ends = (int(hour * 60) for hour in span)
    calendar = Calendar(BERLIN, (Span(EVERY_DAY, begins, ends),))
    (noon,) = (at(f"{day} 12:00"),)
    stretches = calendar.stretches(noon, 0, 0)
    found = [(one.begin, one.end) for one in stretches]
    assert found == ([(at(begin), at(end))] if begin and end else [])


def test_it_is_looked_at_again_when_it_turns() -> None:
    calendar = Calendar(BERLIN, (OFFICE,))
    assert calendar.turns_at(at("11-24 10:00")) == at("11-24 19:00")
    assert calendar.turns_at(at("11-27 19:00")) == at("11-30 07:00")
    assert Calendar(BERLIN).turns_at(at("11-24 10:00")) is None


def test_a_week_of_holidays_is_looked_at_again_after_a_week() -> None:
    off = frozenset(date(2026, 11, 20) + n * DAY for n in range(30))
    calendar = Calendar(UTC, (OFFICE,), off)
    assert calendar.turns_at(at("11-24 10:00")) == at("12-01 10:00")


def test_when_a_silence_began_is_told_on_the_same_clocks() -> None:
    said = Expected("why", at("11-24 07:00"), BERLIN)
    assert said.silent(at("11-24 09:42"), at("11-24 10:00")) == (
        "silent since 10:42, why"
    )
    assert said.silent(at("11-23 22:30"), at("11-23 23:30")) == (
        "silent since 2026-11-23 23:30, why"
    )
    usual = Expected("why", at("11-24 07:00"), learned=True)
    assert usual.silent(at("11-24 09:42"), at("11-24 10:00")) == (
        "silent since 09:42 UTC; why"
    )


# -- whatever the calendar --------------------------------------------------------------

minutes = st.integers(0, DAY_MIN - 1)
spans = st.builds(
    lambda days, begin, length: Span(days, begin, (begin + length) % DAY_MIN),
    st.frozensets(st.integers(0, 6), min_size=1),
    minutes,
    st.integers(1, DAY_MIN - 1),
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    Calendar,
    st.sampled_from(
        [
            UTC,
            BERLIN,
            ZoneInfo("America/New_York"),
            ZoneInfo("Asia/Kolkata"),
            ZoneInfo("Australia/Lord_Howe"),
        ]
    ),
    st.lists(spans, min_size=1, max_size=3).map(tuple),
    st.frozensets(days, max_size=3),
)
# Clocks are changed in these weeks, so that most of them are not left to chance.
moments = st.builds(
    lambda begun, minutes: begun + minutes * MINUTE,
    st.sampled_from([at("01-02 00:00"), at("03-27 00:00"), at("10-02 00:00")]),
    st.one_of(st.integers(0, 600 * DAY_MIN), st.integers(0, 32 * DAY_MIN)),
)


def on_the_wall(calendar: Calendar, now: datetime) -> bool:
    """Whether the clock on the wall, read at `now`, stands within a span."""
    wall = now.astimezone(calendar.zone)
    today, minute = wall.date(), wall.hour * 60 + wall.minute

    def begun(span: Span, day: date) -> bool:
        return day.weekday() in span.days and day not in calendar.holidays

    def within(span: Span) -> bool:
        if span.begin < span.end:
            return begun(span, today) and span.begin <= minute < span.end
        went_on = begun(span, today - DAY) and today not in calendar.holidays
        return (begun(span, today) and minute >= span.begin) or (
            went_on and minute < span.end
        )

    return any(within(span) for span in calendar.spans)


@given(calendars, moments)
def test_nothing_is_expected_outside_of_the_hours_on_the_wall(
    calendar: Calendar, now: datetime
) -> None:
    if since(calendar, now) is not None:
        assert on_the_wall(calendar, now)


@given(calendars, moments)
def test_where_no_clock_is_changed_the_hours_on_the_wall_are_all_expected(
    calendar: Calendar, now: datetime
) -> None:
    near = [
        (now + hours * timedelta(hours=1)).astimezone(calendar.zone).utcoffset()
        for hours in range(-49, 50)
    ]
    if len(set(near)) == 1:
        assert (since(calendar, now) is not None) == on_the_wall(calendar, now)


@given(calendars, moments, st.randoms(use_true_random=False))
def test_the_order_of_the_spans_does_not_matter(
    calendar: Calendar, now: datetime, chance: object
) -> None:
    other = list(calendar.spans)
    chance.shuffle(other)  # type: ignore[attr-defined]
    turned = Calendar(calendar.zone, tuple(other), calendar.holidays)
    assert since(turned, now) == since(calendar, now)
    assert turned.turns_at(now) == calendar.turns_at(now)


@given(calendars, moments, st.floats(0, 1, exclude_max=True))
def test_nothing_changes_before_it_is_looked_at_again(
    calendar: Calendar, now: datetime, part: float
) -> None:
    until = calendar.turns_at(now)
    assert until > now
    between = now + MINUTE * int((until - now) / MINUTE * part)
    assert (since(calendar, between) is None) == (since(calendar, now) is None)


@given(calendars, moments, st.floats(0, 1))
def test_it_was_expected_ever_since(
    calendar: Calendar, now: datetime, part: float
) -> None:
    begun = since(calendar, now)
    if begun is not None:
        assert begun <= now
        between = begun + MINUTE * int((now - begun) / MINUTE * part)
        assert since(calendar, between) is not None
        lately = now - begun < timedelta(days=1)
        if lately:
            assert since(calendar, begun - MINUTE) is None
