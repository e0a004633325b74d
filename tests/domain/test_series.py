"""Rows of measurements: what a step says, and how much may be asked for."""

import numpy as np

from app.domain.rollups import GROWTH, ZERO, Answer, Buckets, Column
from app.domain.series import (
    MOST_ROWS,
    fitting_step,
    last_or_mean,
    most_rows,
    pairs,
    rows,
)
from app.domain.subject import NodeId

REDIS = NodeId("redis")


def column(*steps, buckets=True):
    """One that a store would make of what was measured in each step."""
    parts = [np.array(step, dtype=float) for step in steps]
    return Column(
        np.arange(len(parts)) * 60,
        np.array([len(part) for part in parts]),
        np.array([part.sum() for part in parts]),
        np.array([part.min() for part in parts]),
        np.array([part.max() for part in parts]),
        np.array([part[-1] for part in parts]),
        counted(parts) if buckets else None,
    )


def counted(parts):
    start, index, count = [0], [], []
    for part in parts:
        with np.errstate(divide="ignore"):
            places = np.where(
                part > 0, np.floor(np.log(part) / np.log(GROWTH)), ZERO
            ).astype(int)
        for place, times in zip(*np.unique(places, return_counts=True), strict=True):
            index.append(place)
            count.append(times)
        start.append(len(index))
    return Buckets(np.array(start), np.array(index), np.array(count))


def test_without_buckets_no_quantile_is_known():
    answer = Answer(60, None, {(2, "saturation"): column([1, 2], buckets=False)})
    (found,) = rows(answer)
    assert np.isnan(found.numbers["p95"]).all()


def test_rows_come_connections_first_and_only_where_measured():
    none = column()
    answer = Answer(60, None, {
        (REDIS, "ready"): column([3.0]), (2, "saturation"): column([0.5, 0.7]),
        (2, "request_rate"): none, (11, "error_ratio"): column([0.0]),
    })  # fmt: skip
    found = list(rows(answer))
    assert [(one.subject, one.metric) for one in found] == [
        (2, "saturation"),
        (11, "error_ratio"),
        (REDIS, "ready"),
    ]
    assert {name: values.tolist() for name, values in found[0].numbers.items()} | {"p50": 0, "p95": 0, "p99": 0} == {
        "mean": [0.6], "min": [0.5], "max": [0.7], "last": [0.7], "p50": 0, "p95": 0, "p99": 0,
    }  # fmt: skip
    assert len(found[0]) == 1


def test_the_one_number_of_a_step():
    assert last_or_mean(column([1, 3]), 15).tolist() == [3]
    assert last_or_mean(column([1, 3]), 60).tolist() == [2]


def test_who_can_have_which_metric():
    assert pairs([9, REDIS], ["clients", "saturation"]) == (
        (9, ("saturation",)),
        (REDIS, ("clients",)),
    )
    assert pairs([9], ["clients"]) == ()
    (of_nine,) = pairs([9], [])
    assert "request_rate" in of_nine[1]


def test_how_much_may_be_asked_for():
    asked = pairs(range(1, 32), [])
    assert most_rows(asked, 3600, 60) == 61 * 31 * 9
    week, year = 7 * 86400, 365 * 86400
    assert most_rows(asked, week, 60) > MOST_ROWS
    assert fitting_step(asked, week, 60) == 600
    assert fitting_step(asked, year, 600) is None
