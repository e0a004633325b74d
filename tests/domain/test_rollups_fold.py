"""What roll-ups say is what the values say, within what is stated."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rollups import ERROR, GROWTH, ZERO, Column
from app.domain.rollups_fold import (
    indices,
    joined,
    measured,
    middles,
    quantile,
    quantiles,
    rolled,
    within,
)

POSITIVE = st.floats(1e-6, 1e9, allow_nan=False)
VALUES = st.lists(POSITIVE | st.just(0.0) | st.floats(-1e6, -1e-6), min_size=1)


def column(values: Sequence[float], step_s: int = 15) -> Column:
    at = np.arange(len(values)) * step_s + 1_800_000_000
    return measured(at, np.array(values, np.float64))


def same(one: Column, other: Column) -> None:
    for name in ("at", "count", "min", "max", "last"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert np.allclose(one.sum, other.sum)
    assert one.buckets is not None and other.buckets is not None
    for name in ("start", "index", "count"):
        assert (getattr(one.buckets, name) == getattr(other.buckets, name)).all(), name


@given(st.lists(POSITIVE, min_size=1, max_size=500), st.floats(0, 1))
def test_a_quantile_is_within_the_error_of_that_of_the_values(
    values: list[float], share: float
) -> None:
    exact = sorted(values)[max(1, math.ceil(share * len(values) - 1e-9)) - 1]
    told = quantile(rolled(column(values), 3600), share)
    assert told == pytest.approx(exact, rel=ERROR * 1.0001)


@given(VALUES)
def test_the_ends_are_exact(values: list[float]) -> None:
    whole = rolled(column(values), 10**10)
    assert (whole.min[0], whole.max[0]) == (min(values), max(values))
    assert (whole.count[0], whole.last[0]) == (len(values), values[-1])
    assert whole.sum[0] == pytest.approx(sum(values), rel=1e-9, abs=1e-6)


@given(VALUES)
def test_longer_steps_may_be_made_of_shorter_ones(values: list[float]) -> None:
    fine = column(values)
    same(rolled(rolled(fine, 60), 600), rolled(fine, 600))


@given(VALUES, VALUES, st.integers(0, 40))
def test_what_is_joined_may_be_parted_again(
    first: list[float], second: list[float], at: int
) -> None:
    one = rolled(column(first + second), 60)
    border = int(one.at[0]) + at * 60
    parts = within(one, 0, border), within(one, border, math.inf)
    same(joined(parts), one)
    assert all(moment < border for moment in parts[0].at)


def test_what_was_not_measured_is_in_no_step() -> None:
    found = rolled(column([math.nan, 1.0, math.nan, math.nan, math.nan]), 15)
    assert found.at.tolist() == [1_800_000_015]
    assert quantile(rolled(column([math.nan]), 60), 0.5) is None
    assert quantiles(column([math.nan]), 0.5).tolist() == []


def test_what_is_not_above_zero_has_a_bucket_of_its_own() -> None:
    assert indices(np.array([0.0, -3.0, 1.0, GROWTH * 1.01])).tolist() == [
        ZERO,
        ZERO,
        0,
        1,
    ]
    assert middles(np.array([ZERO, 0])).tolist() == [0.0, GROWTH**0.5]
    assert quantile(rolled(column([0.0, 0.0, 5.0]), 60), 0.5) == 0.0


def test_without_buckets_means_are_what_is_known() -> None:
    bare = Column(
        *(
            getattr(column([1.0, 3.0]), n)
            for n in ("at", "count", "sum", "min", "max", "last")
        )
    )
    assert quantiles(rolled(bare, 60), 0.95).tolist() == [2.0]
    assert joined([bare, column([1.0])]).buckets is None
    assert within(bare, 0, 1_800_000_015).buckets is None
