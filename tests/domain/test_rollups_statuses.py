"""How long a subject was in which status, to the millisecond."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rollups_statuses import seconds
from app.domain.status import Status

OK, FAILING = list(Status).index(Status.OK), list(Status).index(Status.FAILING)
MOMENTS = st.lists(st.integers(0, 200), unique=True, max_size=12).map(sorted)
TURNS = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from([*Status, None])),
    unique_by=lambda turn: turn[0],
    max_size=12,
).map(lambda turns: sorted(turns, key=lambda turn: turn[0]))


def edges(end: int, step: int) -> np.ndarray:
    return np.arange(0, end + step, step, dtype=np.float64)


def test_an_outage_of_a_quarter_of_a_minute_has_its_length_in_an_hour() -> None:
    held = [(0.0, Status.OK), (100.25, Status.FAILING), (115.25, Status.OK)]
    found = seconds(held, [(0.0, 3600.0)], edges(7200, 3600))
    assert found.at.tolist() == [0]
    assert found.seconds[0][FAILING] == 15
    assert found.seconds[0][OK] == 3585


def test_what_nobody_looked_at_counts_nowhere() -> None:
    held = [(-50.0, Status.OK)]
    found = seconds(held, [(-10.0, 20.0), (50.0, 60.0)], edges(120, 60))
    assert found.seconds[:, OK].tolist() == [30]


@pytest.mark.parametrize("watched", [[], [(0.0, 60.0)]])
def test_of_what_never_had_a_status_nothing_is_told(
    watched: list[tuple[float, float]],
) -> None:
    assert len(seconds([], watched, edges(60, 60)).at) == 0


def test_what_left_the_picture_is_in_no_status() -> None:
    held = [(0.0, Status.OK), (10.0, None), (40.0, Status.OK)]
    found = seconds(held, [(0.0, 60.0)], edges(60, 60))
    assert found.seconds[0].sum() == 30


@given(TURNS, MOMENTS, st.integers(1, 50))
def test_it_is_what_one_gets_by_counting_seconds(
    turns: list[tuple[int, Status | None]], bounds: list[int], step: int
) -> None:
    watched = list(zip(bounds[::2], bounds[1::2], strict=False))
    found = seconds(turns, watched, edges(200, step))
    told = dict(zip(found.at.tolist(), found.seconds, strict=True))
    for begin in range(0, 200, step):
        counted = np.zeros(len(Status))
        for second in range(begin, begin + step):
            held = [status for at, status in turns if at <= second]
            looked = any(low <= second < high for low, high in watched)
            if looked and held and held[-1] is not None:
                counted[list(Status).index(held[-1])] += 1
        assert told.get(begin, np.zeros(len(Status))) == pytest.approx(counted)
