"""How long something takes, counted and remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.timings import BOUNDS_S, RECENT, Asks, Timings, together

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SECONDS = st.lists(st.floats(0, 100, allow_nan=False), max_size=2 * RECENT)


def timed(*seconds: float) -> Timings:
    return reduce(Timings.timed, seconds, Timings())


def test_before_anything_was_timed_nothing_is_known():
    nothing = Timings()
    assert (nothing.count, nothing.last_s, nothing.percentile(0.5)) == (0, None, None)


@pytest.mark.parametrize(
    ("share", "seconds"), [(0.0, 1), (0.5, 2), (0.75, 3), (0.95, 9), (1.0, 9)]
)
def test_a_percentile_is_one_of_those_that_were_timed(share, seconds):
    assert timed(9, 1, 3, 2).percentile(share) == seconds


@given(SECONDS)
def test_all_are_counted_and_the_last_are_remembered(seconds):
    told = timed(*seconds)
    assert told.count == len(seconds)
    assert told.recent_s == tuple(seconds[-RECENT:])
    assert told.total_s == pytest.approx(sum(seconds))
    assert told.cumulative() == tuple(
        (bound, sum(one <= bound for one in seconds)) for bound in (*BOUNDS_S, inf)
    )


def test_what_is_held_open_is_counted_and_not_timed():
    asks = Asks().answered(0.2).answered(None)
    assert (asks.asked, asks.failed, asks.timings.count) == (2, 0, 1)


def test_the_last_trouble_stays_when_it_is_over():
    asks = Asks().troubled(NOW, "refused").answered(0.1)
    assert (asks.asked, asks.failed) == (2, 1)
    assert asks.trouble == (NOW, "refused")


def test_several_that_are_one_source_are_told_as_one():
    later = NOW + timedelta(seconds=5)
    one = Asks(lists=2, watches=3).answered(0.1).troubled(NOW, "first")
    other = Asks(lists=1, watches=1).answered(0.3).troubled(later, "second")
    both = together([one, other])
    assert (both.asked, both.failed, both.lists, both.watches) == (4, 2, 3, 4)
    assert both.timings.recent_s == (0.1, 0.3)
    assert both.timings.count == 2
    assert both.trouble == (later, "second")
    assert together([]) == Asks()
