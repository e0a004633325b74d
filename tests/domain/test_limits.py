"""Limits: their defaults have reasons, and a site can set its own."""

from __future__ import annotations

import pytest

from app.domain.limits import BOUNDS, DEFAULT, HOLDS, Bound, Limits, customise, seconds


def test_every_default_names_its_reason() -> None:
    assert all(bound.why for bound in BOUNDS.values())
    assert all(HOLDS.values())
    assert all(hasattr(DEFAULT, name) for name in HOLDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15s", 15), ("500ms", 0.5), ("2m", 120), ("1h", 3600), ("1.5s", 1.5), (7, 7),
        ("7", 7), (-1, None), ("-1s", None), ("soon", None), (True, None), (None, None),
    ],
)  # fmt: skip
def test_durations(text: object, expected: float | None) -> None:
    assert seconds(text) == expected


def test_a_sites_own_limits() -> None:
    own = {
        "enter": "5s",
        "floor_requests": 50,
        "latency_p95_ms": {"degraded": 800, "failing": None},
        "connections": {17: {"leave": "2m"}, "12": {"saturation": {"degraded": 0.5}}},
    }
    limits, problems = customise(Limits(), own)
    assert problems == ()
    assert (limits.enter, limits.floor_requests, limits.leave) == (5, 50, 60)
    assert limits.bounds["latency_p95_ms"].degraded == 800
    assert limits.bounds["latency_p95_ms"].failing is None
    assert (limits.of(17).leave, limits.of(17).enter) == (120, 5)
    assert limits.of(12).bounds["saturation"].degraded == 0.5
    assert limits.of(1) is limits


@pytest.mark.parametrize(
    ("overrides", "place", "part"),
    [
        ({"entr": 5}, "entr", "no such limit; known are enter"),
        ({"enter": "soon"}, "enter", "duration"),
        ({"error_ratio": 0.5}, "error_ratio", "must be {degraded"),
        ({"error_ratio": {"degraded": "x"}}, "error_ratio.degraded", "a number"),
        ({"error_ratio": {"warn": 1}}, "error_ratio.warn", "under degraded"),
        ({"connections": {"99": {}}}, "connections.99", "1 to 31"),
        ({"connections": {"x": {}}}, "connections.x", "1 to 31"),
        ({"connections": {"3": 5}}, "connections.3", "with its limits"),
        ({"connections": {"3": {"entr": 1}}}, "connections.3.entr", "no such limit"),
    ],
)
def test_every_problem_names_its_place(
    overrides: dict[str, object], place: str, part: str
) -> None:
    limits, problems = customise(DEFAULT, overrides)
    assert [problem[0] for problem in problems] == [place]
    assert part in problems[0][1]
    assert limits.bounds == DEFAULT.bounds


@pytest.mark.parametrize(
    ("degraded", "failing", "level", "mark"),
    [(1, 2, "failing", 2), (1, 2, "degraded", 1), (None, 2, "degraded", 2)],
)
def test_what_a_break_is_told_against(
    degraded: float | None, failing: float | None, level: str, mark: float
) -> None:
    assert Bound(degraded, failing, "why").mark(level) == mark


def test_falling_bounds_are_broken_from_below() -> None:
    bound = BOUNDS["certificate_days"]
    told = [bound.broken(days) for days in (14, 13.9, 2, 1.9)]
    assert told == [None, "degraded", "degraded", "failing"]
