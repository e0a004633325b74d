"""Quantiles as Prometheus gives them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quantiles import added, quantile

INF = math.inf


@pytest.mark.parametrize(
    ("buckets", "q", "value"),
    [
        pytest.param([(1, 0), (2, 10), (INF, 10)], 0.5, 1.5, id="half-way-in-a-bucket"),
        pytest.param([(1, 10), (2, 10), (INF, 10)], 0.5, 0.5, id="from-zero"),
        pytest.param([(1, 5), (2, 10), (INF, 10)], 0.5, 1.0, id="on-a-bound"),
        pytest.param([(1, 5), (2, 6), (INF, 10)], 0.95, 2.0, id="unbounded-bucket"),
        pytest.param([(-1, 5), (2, 10), (INF, 10)], 0.2, -1, id="first-bound-below-zero"),
        pytest.param([(1, 0), (2, 10), (INF, 10)], 0.0, 0.0, id="zero"),
        pytest.param([(1, 0), (2, 10), (INF, 10)], 1.0, 2.0, id="one"),
        pytest.param([(1, 6), (2, 4), (INF, 10)], 0.6, 1.0, id="a-dip-is-levelled"),
        pytest.param([], 0.5, None, id="nothing"),
        pytest.param([(1, 0), (INF, 0)], 0.5, None, id="nothing-counted"),
        pytest.param([(1, 5), (2, 10)], 0.5, None, id="no-infinite-bucket"),
        pytest.param([(INF, 10)], 0.5, None, id="only-the-infinite-bucket"),
    ],
)  # fmt: skip
def test_a_quantile_is_interpolated_within_its_bucket(buckets, q, value):
    assert quantile(buckets, q) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize("q", [-0.1, 1.1, math.nan])
def test_a_quantile_outside_0_to_1_is_a_mistake(q):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([(1, 1), (INF, 1)], q)


BOUNDS = (0.005, 0.01, 0.1, 0.5, 1.0, 5.0)
VALUES = st.lists(st.floats(min_value=0.0001, max_value=20), min_size=1, max_size=60)


def histogram(values):
    return [(b, sum(v <= b for v in values)) for b in (*BOUNDS, INF)]


@given(VALUES, st.floats(min_value=0, max_value=1, exclude_min=True))
def test_a_quantile_lies_in_the_bucket_of_the_true_one(values, q):
    ordered = sorted(values)
    true = ordered[max(0, math.ceil(q * len(ordered)) - 1)]
    found = quantile(histogram(values), q)
    edges = (0.0, *BOUNDS, INF)
    upper = next(i for i, edge in enumerate(edges) if true <= edge)
    if edges[upper] == INF:
        assert found == BOUNDS[-1]
    else:
        slack = 1e-9
        assert edges[upper - 1] - slack <= found <= edges[upper] + slack


@given(VALUES, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_never_has_a_smaller_quantile(values, a, b):
    low, high = sorted((a, b))
    buckets = histogram(values)
    assert quantile(buckets, low) <= quantile(buckets, high) + 1e-9


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_added_histograms_are_that_of_all_values(parts):
    everything = [value for part in parts for value in part]
    assert list(added(histogram(part) for part in parts)) == histogram(everything)


def test_only_bounds_that_all_have_are_added():
    assert added([[(1, 1), (2, 3), (INF, 4)], [(2, 5), (INF, 5)]]) == ((2, 8), (INF, 9))


def test_a_target_without_buckets_takes_none_away():
    assert added([[], [(1, 1), (INF, 1)]]) == ((1, 1), (INF, 1))
    assert added([]) == ()
