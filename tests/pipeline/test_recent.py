"""What a web replica keeps of what it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.instants import instant
from app.pipeline.moments import BOUNDS
from app.pipeline.recent import Recent

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def picture(at: datetime, rate: float) -> dict:
    row = {"number": 17, "status": "ok", "metrics": {"request_rate": rate}}
    return {"at": instant(at), "status": "ok", "connections": [row]}


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def values(recent: Recent) -> list[float]:
    series = recent.lately.of(17, NOON, later(3600))
    return [point.value for point in series["request_rate"]]


def test_numbers_are_there_for_each_step_in_which_somebody_looked():
    recent = Recent("demo", BOUNDS)
    recent.note(picture(NOON, 1.0), None)
    shown = picture(NOON, 1.0)
    for second in range(1, 46):
        recent.still(shown, later(second))
    assert values(recent) == [1.0] * 4
    recent.note(picture(later(46), 2.0), {"connections": []})
    assert values(recent) == [1.0, 1.0, 1.0, 2.0]


def test_a_picture_that_stays_is_kept_once_a_minute():
    recent = Recent("demo", BOUNDS)
    shown = picture(NOON, 1.0)
    recent.note(shown, None)
    for second in range(1, 181):
        recent.still(shown, later(second))
    kept = recent.moments.between(NOON, later(200))
    assert [one.at for one in kept] == [later(s) for s in (0, 60, 120, 180)]


def test_a_clock_that_was_set_back_ends_nothing():
    recent = Recent("demo", BOUNDS)
    recent.note(picture(later(600), 1.0), None)
    recent.still(picture(later(600), 1.0), NOON)
    assert recent.moments.first() == NOON
