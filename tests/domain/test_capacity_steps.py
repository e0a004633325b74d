"""From steps to days: quantiles within the stated error of those of the values."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capacity_hours import grid_of
from app.domain.capacity_steps import spread, weekly
from app.domain.rollups import ERROR, GROWTH, Column
from tests.domain.capacity_scene import BEGIN, choices, column, moments

GRID = grid_of(choices(2))
ALL = np.ones(len(GRID.day), dtype=bool)
WANTED = np.bincount(GRID.day)
DAYS = np.ones(2, dtype=bool)
VALUES = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-4, 1e6)), min_size=1, max_size=12
).map(lambda few: [few[n * n % len(few)] for n in range(288)])


@given(VALUES)
def test_quantiles_are_within_the_stated_error(values: list[float]) -> None:
    found = spread(GRID, column(moments(2), np.array(values)), ALL, WANTED)
    assert found is not None and found.within == ERROR
    shares = (0.5, 0.95, 0.99)
    exact = np.quantile(values, shares, method="inverted_cdf")
    told = np.array(found.quantiles(DAYS, shares))
    assert (np.abs(told - exact) <= ERROR * exact * (1 + 1e-9)).all()
    peak, place = found.peak(DAYS, GRID.day)
    assert (peak, place) == (max(values), values.index(max(values)))


@given(VALUES)
def test_a_day_is_within_its_bucket(values: list[float]) -> None:
    found = spread(GRID, column(moments(2), np.array(values)), ALL, WANTED)
    assert found is not None
    for day, told in enumerate(found.daily()):
        own = values[day * 144 : (day + 1) * 144]
        exact = np.quantile(own, 0.95, method="inverted_cdf")
        assert abs(told - exact) <= (GROWTH - 1) * exact * (1 + 1e-9)


def test_without_buckets_means_are_sorted_and_no_error_is_known() -> None:
    at, values = moments(2), np.array([0.0, *np.linspace(1, 100, 287)])
    found = spread(GRID, column(at, values, buckets=False), ALL, WANTED)
    assert found is not None and found.within is None
    assert found.quantiles(DAYS, (0.5,))[0] == pytest.approx(50, rel=ERROR)


def test_a_day_of_less_than_half_has_no_p95() -> None:
    at = moments(2)[60:]
    found = spread(GRID, column(at, np.full(len(at), 3.0)), ALL, WANTED)
    assert found is not None
    assert found.daily() == pytest.approx([3, 3])
    fewer = spread(GRID, column(at[30:], np.full(len(at) - 30, 3.0)), ALL, WANTED)
    assert fewer is not None
    assert np.isnan(fewer.daily()[0])
    assert fewer.daily()[1] == pytest.approx(3)


def test_a_day_without_anything_has_no_p95() -> None:
    at = moments(2)[200:]
    found = spread(GRID, column(at, np.full(len(at), 3.0)), ALL, np.array([0, 10]))
    assert found is not None
    assert np.isnan(found.daily()[0])


def test_what_does_not_count_or_lies_outside_is_not_there() -> None:
    at = np.array([int((BEGIN - timedelta(days=1)).timestamp())])
    assert spread(GRID, column(at, np.ones(1)), ALL, WANTED) is None
    at = moments(2)
    assert spread(GRID, column(at, np.ones(288)), ~ALL, WANTED) is None
    none = np.zeros(288, dtype=np.int64)
    empty = Column(at, none, *(np.zeros(288),) * 4)
    assert spread(GRID, empty, ALL, WANTED) is None


def test_hours_of_the_week_have_their_mean() -> None:
    at = moments(3)
    hours = ((at - at[0]) // 3600 % 24).astype(float)
    means = weekly(GRID, column(at, hours), ALL)
    assert [*means[:48]] == [*range(24), *range(24)]
    assert np.isnan(means[48:]).all()
