"""The days of a trend are read as if each were kept by itself."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capacity_terms import Point, Points

BEGIN = date(2026, 2, 27)
numbers = st.one_of(st.none(), st.floats(allow_nan=False))
rows = st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=9)
places = st.one_of(st.none(), st.integers(-12, 12))
steps = st.integers(-3, 3).filter(bool)


@given(rows, places, places, steps)
def test_days_are_read_like_a_tuple_of_them(
    made: list[tuple[float | None, ...]],
    begin: int | None,
    end: int | None,
    step: int,
) -> None:
    points = Points(BEGIN, *zip(*made, strict=True))
    whole = tuple(
        Point(BEGIN + timedelta(days=at), *numbers) for at, numbers in enumerate(made)
    )
    assert tuple(points) == whole
    assert points[begin:end:step] == whole[begin:end:step]
    assert (points[0], points[-1], len(points)) == (whole[0], whole[-1], len(whole))
    assert pickle.loads(pickle.dumps(points)) == points
    with pytest.raises(IndexError):
        points[len(whole)]
