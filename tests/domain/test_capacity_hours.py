"""Steps on the clocks of a zone, over nights on which these change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capacity_hours import business, grid_of, spans_about, step_of, told
from app.domain.capacity_terms import Choices
from app.domain.expected import Calendar, Span
from app.domain.rollups import HOUR_S, TEN_MINUTES_S
from app.domain.subject import NodeId

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Span(frozenset(range(5)), 8 * 60, 20 * 60)
NIGHT = Span(frozenset({4}), 22 * 60, 6 * 60)
SEVENTEEN = Span(frozenset({6}), 0, 60, frozenset({17}))


def over(begin: datetime, days: int, calendar: Calendar) -> Choices:
    return Choices(begin, begin + timedelta(days=days), calendar)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_hours_are_the_clocks(night: date) -> None:
    begin = datetime(night.year, night.month, night.day, tzinfo=BERLIN)
    grid = grid_of(over(begin - timedelta(days=1), 3, Calendar(BERLIN)))
    for place in range(len(grid.day)):
        local = grid.moment(place).astimezone(BERLIN)
        assert grid.hour[place] == local.weekday() * 24 + local.hour
        assert grid.days[grid.day[place]] == local.date()


def test_an_hour_told_twice_counts_twice_and_one_left_out_never() -> None:
    for night, many in ((date(2026, 10, 25), 12), (date(2026, 3, 29), 0)):
        begin = datetime(night.year, night.month, night.day, tzinfo=BERLIN)
        grid = grid_of(Choices(begin, begin + timedelta(days=1), Calendar(BERLIN)))
        assert (grid.hour == 6 * 24 + 2).sum() == many


def test_clocks_that_go_back_at_midnight_do_not_go_back_a_day() -> None:
    begin = datetime(2017, 2, 18, 12, tzinfo=UTC)
    grid = grid_of(over(begin, 1, Calendar(ZoneInfo("America/Sao_Paulo"))))
    assert (np.diff(grid.day) >= 0).all()
    assert len(grid.days) == 2


def test_business_hours_are_those_of_the_calendar() -> None:
    calendar = Calendar(BERLIN, (OFFICE,), frozenset({date(2026, 3, 31)}))
    begin = datetime(2026, 3, 27, tzinfo=BERLIN)
    grid = grid_of(over(begin, 6, calendar))
    inside = business(grid, calendar, calendar.spans)
    for place in np.flatnonzero(inside):
        local = grid.moment(int(place)).astimezone(BERLIN)
        assert 8 <= local.hour < 20
    hours = np.bincount(grid.day[inside], minlength=len(grid.days)) / 6
    assert [*hours] == [12, 0, 0, 12, 0, 12, 0][: len(hours)]


def test_a_span_over_midnight_that_began_before_the_review_counts() -> None:
    calendar = Calendar(UTC, (NIGHT,))
    grid = grid_of(over(datetime(2026, 3, 7, tzinfo=UTC), 1, calendar))
    assert business(grid, calendar, calendar.spans).sum() == 36


@given(st.integers(0, 365 * 24), st.integers(1, 20))
def test_business_steps_lie_in_stretches(hour: int, days: int) -> None:
    calendar = Calendar(BERLIN, (OFFICE, NIGHT))
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    grid = grid_of(over(begin, days, calendar))
    inside = business(grid, calendar, calendar.spans)
    stretches = calendar.stretches(begin, -2, days + 2)
    for place in range(0, len(inside), 37):
        middle = grid.moment(place) + timedelta(minutes=5)
        known = any(one.begin <= middle < one.end for one in stretches)
        assert known == inside[place]


def test_a_connection_may_have_hours_of_its_own() -> None:
    calendar = Calendar(BERLIN, (OFFICE, SEVENTEEN))
    assert spans_about(calendar, 17) == (OFFICE, SEVENTEEN)
    assert spans_about(calendar, 16) == (OFFICE,)
    assert spans_about(calendar, NodeId("redis")) == (OFFICE,)


def test_without_a_span_all_hours_count() -> None:
    grid = grid_of(over(datetime(2026, 3, 7, tzinfo=UTC), 1, Calendar()))
    assert business(grid, Calendar(), ()).all()


def test_a_long_review_is_made_of_hours() -> None:
    begin = datetime(2026, 3, 7, 0, 5, tzinfo=UTC)
    assert step_of(over(begin, 62, Calendar())) == TEN_MINUTES_S
    assert step_of(over(begin, 63, Calendar())) == HOUR_S
    assert grid_of(over(begin, 1, Calendar())).moment(0).minute == 10


def test_business_hours_are_told() -> None:
    holiday = frozenset({date(2026, 3, 31)})
    assert told(Calendar()) == "all hours of all days (UTC)"
    assert told(Calendar(BERLIN, (OFFICE, SEVENTEEN), holiday)) == (
        "Mon-Fri 08:00-20:00 (Europe/Berlin), but 1 holiday, some connections have "
        "hours of their own"
    )
    two = holiday | {date(2026, 4, 1)}
    assert told(Calendar(BERLIN, (OFFICE,), two)).endswith("but 2 holidays")
