"""Growth, weeks, steps, gaps and noise, and what is made of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capacity_forecast import Series, forecasts
from app.domain.capacity_terms import DaysLeft, Left, Way
from app.domain.capacity_trend import days_until
from app.domain.rollups import Floats
from tests.examples import dear

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3])


def one(values: Floats, *, drop: bool = True) -> Series:
    weekday = np.arange(len(values)) % 7
    return forecasts(pd.DataFrame({"a": values}), weekday, drop=drop)[0]


def growing(days: int, a_day: float, noise: float = 0.02, seed: int = 1) -> Floats:
    draw = np.random.default_rng(seed)
    line = 100 * (1 + a_day * np.arange(days)) * WEEK[np.arange(days) % 7]
    return np.asarray(line * (1 + noise * draw.standard_normal(days)))


@pytest.mark.parametrize("days", [42, 90, 365])
def test_growth_is_found_with_its_weeks(days: int) -> None:
    series = one(growing(days, 0.005))
    assert series.way is Way.RISING
    assert series.slope is not None
    mean_week = WEEK.mean() * 100 * 0.005
    assert abs(series.slope - mean_week) < 3 * series.slope_half
    assert series.back_test is not None and series.back_test.better
    assert series.back_test.error < 0.05


def test_a_fall_is_no_exhaustion() -> None:
    series = one(growing(90, -0.005))
    assert series.way is Way.FALLING
    assert days_until(series, 500, 100).left is Left.NOT_RISING


def test_the_day_of_the_mark_lies_in_the_range() -> None:
    series = one(growing(90, 0.005))
    # The busiest weekday is at 120 * (1 + 0.005 * day) of the beginning.
    left = days_until(series, 240, 150)
    assert left.left is Left.RANGE
    true = 200 - 89
    assert left.earliest is not None and left.latest is not None
    assert left.earliest - 7 <= true <= left.latest + 7
    assert left.likely is not None
    assert left.earliest <= left.likely <= left.latest


def test_a_mark_too_far_is_told_as_beyond() -> None:
    series = one(growing(42, 0.005))
    assert days_until(series, 10_000, 100) == DaysLeft(
        Left.BEYOND, None, None, None, 126, 42
    )


@dear()
@given(
    st.integers(21, 120),
    st.sampled_from(["flat", "normal", "even", "weekly"]),
    st.floats(0.001, 0.2),
    st.integers(0, 10_000),
)
def test_a_flat_series_never_has_an_exhaustion_date(
    days: int, kind: str, noise: float, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    values = {
        "flat": np.full(days, 100.0),
        "normal": 100 * (1 + noise * draw.standard_normal(days)),
        "even": 100 * (1 + noise * draw.uniform(-1, 1, days)),
        "weekly": growing(days, 0.0, noise, seed),
    }[kind]
    series = one(np.maximum(values, 0.0))
    left = days_until(series, 1000, 100)
    assert left.left in (Left.NOT_RISING, Left.NOT_ENOUGH)
    assert left.earliest is None


def test_zeros_are_flat_and_not_scored() -> None:
    series = one(np.zeros(30))
    assert (series.way, series.back_test) == (Way.FLAT, None)


def test_too_few_days_are_not_enough() -> None:
    series = one(growing(20, 0.01))
    assert (series.way, series.told, series.slope) == (Way.UNKNOWN, None, None)
    assert days_until(series, 500, 100) == DaysLeft(Left.NOT_ENOUGH, have=20)
    assert days_until(series, 90, 100).left is Left.REACHED
    assert one(np.full(30, np.nan)).used == 0


def test_gaps_and_closed_weekdays_are_no_zeros() -> None:
    values = growing(90, 0.005)
    values[[3, 20, 21, 50]] = np.nan
    values[np.arange(90) % 7 >= 5] = np.nan
    series = one(values)
    assert series.way is Way.RISING
    assert series.told is not None
    weekday = np.arange(len(series.told.mid)) % 7
    assert np.isnan(series.told.mid[weekday >= 5]).all()
    assert not np.isnan(series.told.mid[weekday < 5]).any()


def test_history_that_begins_later_is_enough() -> None:
    values = growing(90, 0.005)
    values[:40] = np.nan
    series = one(values)
    assert (series.since, series.used, series.way) == (40, 50, Way.RISING)


def test_only_the_days_since_a_step_count() -> None:
    values = growing(90, 0.0)
    values[50:] *= 1.5
    series = one(values)
    assert [row for row, _, _ in series.shifts] == [50]
    assert series.since == 50
    assert series.way is Way.FLAT
    _, before, after = series.shifts[0]
    assert after / before == pytest.approx(1.5, rel=0.1)


def test_two_steps_are_both_told() -> None:
    values = growing(120, 0.0)
    values[30:] *= 1.6
    values[80:] *= 1.3
    rows = [row for row, _, _ in one(values).shifts]
    assert rows == [30, 80]


def test_a_step_shortly_before_the_end_leaves_not_enough() -> None:
    values = growing(60, 0.0)
    values[50:] *= 1.5
    series = one(values)
    assert (series.since, series.way) == (50, Way.UNKNOWN)


def test_a_steady_growth_is_no_step() -> None:
    assert not one(growing(90, 0.01)).shifts


def test_a_day_far_off_is_left_out_by_choice() -> None:
    values = growing(60, 0.0)
    values[30] *= 3
    series = one(values)
    assert [*np.flatnonzero(series.left_out)] == [30]
    assert series.used == 59
    kept = one(values, drop=False)
    assert [*np.flatnonzero(kept.left_out)] == [30]
    assert kept.used == 60


def test_the_band_holds_most_days() -> None:
    tests = [one(growing(90, 0.003, 0.05, seed)).back_test for seed in range(10)]
    covered = np.mean([test.covered for test in tests if test])
    assert 0.8 <= covered <= 1
