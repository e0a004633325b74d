"""What is other in a second picture, and the same seen the other way round."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.compare import METRICS, Change, Difference, How, compare
from app.domain.status import Status
from app.domain.timeline import Kind, Lane

MIRROR = {
    How.WORSE: How.BETTER,
    How.BETTER: How.WORSE,
    How.CHANGED: How.CHANGED,
}
STATUSES = st.sampled_from([status.value for status in Status])
NUMBER = st.none() | st.floats(0, 1e6)
COUNT = st.none() | st.integers(0, 9)
CONNECTION = st.fixed_dictionaries(
    {
        "status": STATUSES,
        "metrics": st.dictionaries(st.sampled_from([*METRICS]), NUMBER),
    }
)
NODE = st.fixed_dictionaries(
    {
        "status": STATUSES,
        "ready": COUNT,
        "desired": COUNT,
        "restarts": COUNT,
        "version": st.none() | st.sampled_from(["9.0.1", "9.0.2"]),
        "memory": st.none() | st.integers(0, 2**33),
        "lag_s": COUNT,
    }
)
SOURCE = st.fixed_dictionaries(
    {"status": STATUSES, "error": st.none() | st.sampled_from(["refused", "late"])}
)


def keyed(names: list, items: st.SearchStrategy, key: str) -> st.SearchStrategy:
    told = st.dictionaries(st.sampled_from(names), items)
    return told.map(lambda by: [{key: name, **item} for name, item in by.items()])


PICTURES = st.fixed_dictionaries(
    {
        "connections": keyed([1, 2, 17], CONNECTION, "number"),
        "nodes": keyed(["redis", "voicemail"], NODE, "id"),
        "sources": keyed(["consul", "probe"], SOURCE, "name"),
    }
)


def picture(**parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"connections": [], "nodes": [], "sources": []} | parts


def row(status: str = "ok", **metrics: float | None) -> dict[str, Any]:
    return {"number": 17, "status": status, "metrics": metrics}


def box(**fields: Any) -> dict[str, Any]:
    return {"id": "redis", "status": "ok"} | fields


def mirrored(one: Difference) -> Difference:
    changes = (Change(c.what, c.after, c.before, MIRROR[c.how]) for c in one.changes)
    return Difference(one.lane, MIRROR[one.how], tuple(changes))


@given(PICTURES, PICTURES)
def test_the_other_way_round_worse_is_better(before, after):
    there, back = compare(before, after), compare(after, before)
    assert {mirrored(one) for one in there} == set(back)


@given(PICTURES)
def test_the_same_picture_differs_in_nothing(shown):
    assert compare(shown, shown) == ()


@given(PICTURES, PICTURES)
def test_what_is_worse_stands_first_and_nothing_stands_twice(before, after):
    found = compare(before, after)
    places = [[*How].index(one.how) for one in found]
    assert places == sorted(places)
    assert len({one.lane for one in found}) == len(found)


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        ("ok", "failing", How.WORSE),
        ("degraded", "failing", How.WORSE),
        ("ok", "stale", How.WORSE),
        ("failing", "stale", How.BETTER),
        ("failing", "maintenance", How.BETTER),
        ("stale", "no_data", How.CHANGED),
        ("ok", "idle", How.CHANGED),
    ],
)
def test_a_status_is_worse_where_it_is_more_trouble(before, after, how):
    (found,) = compare(
        picture(connections=[row(before)]), picture(connections=[row(after)])
    )
    assert found == Difference(
        Lane(Kind.CONNECTION, "17"), how, (Change("status", before, after, how),)
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "how"),
    [
        pytest.param("latency_p95_ms", 10, 14.9, None, id="less-than-its-least-step"),
        pytest.param("latency_p95_ms", 100, 130, None, id="less-than-its-share"),
        pytest.param("latency_p95_ms", 90, 120, How.WORSE, id="slower"),
        pytest.param("latency_p95_ms", 120, 90, How.BETTER, id="quicker"),
        pytest.param("error_ratio", 0.0, 0.02, How.WORSE, id="errors"),
        pytest.param("request_rate", 12.0, 4.0, How.CHANGED, id="less-load"),
        pytest.param("request_rate", None, 4.0, How.CHANGED, id="measured-now"),
        pytest.param("request_rate", 0.0, None, How.CHANGED, id="not-measured-now"),
        pytest.param("request_rate", None, None, None, id="never-measured"),
    ],
)
def test_a_number_is_told_where_it_moved_enough(name, before, after, how):
    found = compare(
        picture(connections=[row(**{name: before})]),
        picture(connections=[row(**{name: after})]),
    )
    told = [(one.how, one.changes) for one in found]
    wanted = [(how, (Change(name, before, after, how),))] if how else []
    assert told == wanted


def test_the_status_decides_before_the_numbers():
    (found,) = compare(
        picture(connections=[row("failing", latency_p95_ms=10)]),
        picture(connections=[row("ok", latency_p95_ms=900)]),
    )
    assert found.how is How.BETTER
    assert [one.how for one in found.changes] == [How.BETTER, How.WORSE]


def test_numbers_that_disagree_are_a_change():
    (found,) = compare(
        picture(connections=[row(latency_p95_ms=10, error_ratio=0.5)]),
        picture(connections=[row(latency_p95_ms=900, error_ratio=0.0)]),
    )
    assert found.how is How.CHANGED


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        pytest.param(
            {"ready": 3, "desired": 3},
            {"ready": 2, "desired": 3},
            Change("pods", "3/3", "2/3", How.WORSE),
            id="a-pod-less",
        ),
        pytest.param(
            {"ready": 3, "desired": 3},
            {"ready": 5, "desired": 5},
            Change("pods", "3/3", "5/5", How.CHANGED),
            id="scaled",
        ),
        pytest.param(
            {"ready": 3, "desired": None},
            {"ready": None, "desired": None},
            Change("pods", "3/–", None, How.CHANGED),
            id="not-counted",
        ),
        pytest.param(
            {"version": "9.0.1"},
            {"version": "9.0.2"},
            Change("version", "9.0.1", "9.0.2", How.CHANGED),
            id="another-version",
        ),
        pytest.param(
            {"restarts": 1},
            {"restarts": 4},
            Change("restarts", 1, 4, How.WORSE),
            id="restarted",
        ),
        pytest.param(
            {"lag_s": 0}, {"lag_s": 9}, Change("lag_s", 0, 9, How.WORSE), id="behind"
        ),
    ],
)
def test_of_a_box(before, after, change):
    (found,) = compare(picture(nodes=[box(**before)]), picture(nodes=[box(**after)]))
    assert found == Difference(Lane(Kind.NODE, "redis"), change.how, (change,))


def test_a_source_that_went_blind_says_why():
    def told(status: str, error: str | None) -> dict[str, Any]:
        return picture(sources=[{"name": "consul", "status": status, "error": error}])

    (found,) = compare(told("ok", None), told("failing", "403"))
    assert found == Difference(
        Lane(Kind.SOURCE, "consul"),
        How.WORSE,
        (
            Change("status", "ok", "failing", How.WORSE),
            Change("error", None, "403", How.CHANGED),
        ),
    )


def test_what_only_one_of_them_has_is_told():
    (found,) = compare(picture(), picture(nodes=[box(ready=1, desired=1)]))
    assert found.how is How.CHANGED
    assert found.changes[0] == Change("status", None, "ok", How.CHANGED)
