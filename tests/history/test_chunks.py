"""What is packed into a chunk comes back, within what is stated."""

from __future__ import annotations

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rollups import Column
from app.domain.rollups_fold import measured, rolled
from app.history.chunks import decode, encode

WHOLE = st.integers(0, 2**23).map(float)
MEASURED = st.floats(
    -1e6, 2.0**39, allow_nan=False, allow_subnormal=False, width=32
) | st.just(float("nan"))
ROUNDED = 2.0**-12


def column(values: list[float]) -> Column:
    return measured(np.arange(len(values)) * 15 + 1_800_000_000, np.array(values))


def there_and_back(one: Column, step_s: int) -> Column:
    return decode(encode({"x": one}, step_s), step_s)["x"]


def alike(one: Column, other: Column, rel: float) -> None:
    assert (one.at == other.at).all() and (one.count == other.count).all()
    for name in ("sum", "min", "max", "last"):
        assert np.allclose(
            getattr(one, name), getattr(other, name), rtol=rel, atol=1e-30
        )
    assert one.buckets is not None and other.buckets is not None
    assert (one.buckets.start == other.buckets.start).all()
    assert (one.buckets.count == other.buckets.count).all()
    assert (one.buckets.index == other.buckets.index).all()


@given(st.lists(MEASURED, min_size=1, max_size=200))
def test_values_come_back_to_the_last_bit(values: list[float]) -> None:
    one = column(values)
    if len(one.at):
        alike(there_and_back(one, 15), one, 0)


@given(st.lists(MEASURED, min_size=2, max_size=200), st.sampled_from([60, 600, 3600]))
def test_steps_come_back_but_for_bits_that_mean_nothing(
    values: list[float], step_s: int
) -> None:
    one = rolled(column(values), step_s)
    if not len(one.at):
        return
    again = there_and_back(one, step_s)
    if (one.count > 1).any():
        assert (again.min <= again.max).all()
        largest = np.maximum(np.abs(one.min), np.abs(one.max)) * one.count
        assert (np.abs(again.sum - one.sum) <= largest * ROUNDED + 1e-30).all()
        same = Column(
            one.at, one.count, again.sum, one.min, one.max, one.last, one.buckets
        )
        alike(again, same, ROUNDED)


@given(st.lists(WHOLE, min_size=2, max_size=100))
def test_whole_numbers_stay_whole(values: list[float]) -> None:
    one = rolled(column(values), 60)
    again = there_and_back(one, 60)
    assert (again.min == one.min).all() and (again.last == one.last).all()


def test_packing_it_again_changes_nothing() -> None:
    one = rolled(column(list(np.random.default_rng(1).gamma(4, 10, 999))), 600)
    once = there_and_back(one, 600)
    alike(there_and_back(once, 600), once, 0)


def test_a_damaged_chunk_is_noticed() -> None:
    packed = bytearray(encode({"x": column([1.0, 2.0, 4.0])}, 15))
    packed[-6] ^= 1
    with pytest.raises(zstandard.ZstdError):
        decode(bytes(packed), 15)
