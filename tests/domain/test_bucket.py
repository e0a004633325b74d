"""Bursts are free; what never pauses is held to its rate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bucket import Bucket

SIZE, PER_S = 0.5, 0.25
SPENT = st.lists(st.floats(0, 1), min_size=1, max_size=50)


@given(SPENT)
def test_no_more_than_the_rate_is_spent_in_the_long_run(spent: list[float]) -> None:
    bucket, now_s = Bucket(0.0, size=SIZE, per_s=PER_S), 0.0
    for tokens in spent:
        now_s += bucket.spend(tokens, now_s)
    assert sum(spent) <= SIZE + now_s * PER_S + 1e-6


@given(SPENT)
def test_nobody_waits_for_longer_than_the_rate_needs(spent: list[float]) -> None:
    bucket = Bucket(0.0, size=SIZE, per_s=PER_S)
    waits = [bucket.spend(tokens, 0.0) for tokens in spent]
    assert waits[-1] == pytest.approx(max(0.0, sum(spent) - SIZE) / PER_S, abs=1e-6)


def test_what_comes_after_a_pause_is_not_delayed() -> None:
    bucket = Bucket(0.0, size=SIZE, per_s=PER_S)
    assert bucket.spend(1.5, 0.0) == 4.0
    assert bucket.spend(SIZE, 1000.0) == 0.0
