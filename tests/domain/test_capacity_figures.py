"""One rounding for all who show a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capacity_figures import MISSING, days_label, days_left, figure
from app.domain.capacity_terms import DaysLeft, Left, Unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        pytest.param(0.31274, Unit.SHARE, "31.3%", id="percent"),
        pytest.param(0.0, Unit.MILLISECONDS, "0 ms", id="zero-is-a-number"),
        pytest.param(1234.56, Unit.PER_SECOND, "1,235 requests/s", id="large"),
        pytest.param(12.0, Unit.MILLISECONDS, "12 ms", id="no-empty-decimals"),
        pytest.param(0.00004, Unit.MILLISECONDS, "0 ms", id="below-all-decimals"),
        pytest.param(0.01234, Unit.CORES, "0.012 cores", id="small"),
        pytest.param(2.0**30, Unit.BYTES, "1,024 MiB", id="bytes"),
        pytest.param(1.0, Unit.PODS, "1 pod", id="one"),
        pytest.param(1.0, Unit.SECONDS, "1 s", id="one-of-a-sign"),
        pytest.param(2.6, Unit.PODS, "3 pods", id="no-parts"),
        pytest.param(None, Unit.PODS, MISSING, id="not-measured"),
        pytest.param(float("nan"), Unit.PODS, MISSING, id="not-a-number"),
    ],
)
def test_a_number_is_written_with_its_unit(
    value: float | None, unit: Unit, text: str
) -> None:
    assert figure(value, unit).text == text


def test_growth_has_its_sign() -> None:
    assert figure(0.2, Unit.SHARE, signed=True).text == "+20%"
    assert figure(-3.0, Unit.USERS, signed=True).text == "-3 users"
    assert figure(0.0, Unit.USERS, signed=True).text == "0 users"


@given(st.floats(-1e12, 1e12), st.sampled_from(Unit))
def test_text_and_number_are_the_same(value: float, unit: Unit) -> None:
    shown = figure(value, unit)
    assert shown.number is not None
    plain = shown.text.removesuffix("%").split(" ")[0].replace(",", "")
    assert float(plain) == shown.number


RANGE = DaysLeft(Left.RANGE, 41, 50, 66, 90)


@pytest.mark.parametrize(
    ("left", "told", "label"),
    [
        (RANGE, "in 41 to 66 days", "41–66 d"),
        (DaysLeft(Left.RANGE, 41, 50, None, 90), "in 41 days or more", ">41 d"),
        (DaysLeft(Left.RANGE, 41, 41, 41, 90), "in 41 days", "41 d"),
        (DaysLeft(Left.RANGE, 1, 1, 1, 90), "in 1 day", "1 d"),
        (DaysLeft(Left.REACHED), "reached", "full"),
        (DaysLeft(Left.BEYOND, horizon_days=90), "not within 90 days", ">90 d"),
        (DaysLeft(Left.NOT_RISING), "not rising", "steady"),
        (DaysLeft(Left.NOT_ENOUGH, have=6), "not enough history: 6 of 21 days", "?"),
        (DaysLeft(Left.NO_LIMIT), "no limit known", ""),
    ],
)
def test_days_left_are_told(left: DaysLeft, told: str, label: str) -> None:
    assert days_left(left) == told
    assert days_label(left) == label
