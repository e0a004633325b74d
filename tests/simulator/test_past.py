"""A past that was never lived through meets the present, and has what happened in it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from app.domain.incidents import Kind
from app.domain.timeline import AGAIN
from app.history.made import looked
from app.simulator.past import DAY_S, STEADY, Past, past
from app.simulator.past_incidents import incident_of, told
from app.web.schema import Snapshot
from tests.web.conftest import NOW, picture

END = int(NOW.timestamp()) // 15 * 15
DAYS = 12


def measured() -> dict[str, Any]:
    """A picture in which a rate is known of every connection, and one is in trouble."""
    shown = copy.deepcopy(picture())
    for item in (*shown["connections"], *shown["nodes"]):
        item["status"] = "degraded" if item.get("number") == 7 else "ok"
    for item in shown["connections"]:
        item["metrics"] |= {"request_rate": 40.0, "latency_p95_ms": 12.0}
    return shown


@pytest.fixture(scope="module")
def made() -> Past:
    return past(measured(), END, DAYS, seed=1)


def at_(moment: int) -> np.ndarray:
    return np.array([moment])


def test_it_reaches_to_the_present_and_meets_it(made: Past) -> None:
    assert made.at[0] == pytest.approx(END - DAYS * DAY_S, abs=3600)
    assert made.at[-1] < END <= made.at[-1] + 15
    assert (np.diff(made.at) > 0).all()
    assert made.weights.sum() * 15 == END - made.begin
    late = made.values(("18", "request_rate"), made.at[-8:])
    assert late == pytest.approx(40, rel=0.2)


def test_nights_and_weekends_are_quieter_and_redis_has_grown(made: Past) -> None:
    def mean(day: int, hour: int) -> float:
        begin = (END // DAY_S - day) * DAY_S + hour * 3600
        span = np.arange(begin, begin + 3600, 150)
        return float(made.values(("18", "request_rate"), span).mean())

    assert mean(1, 3) < 0.2 * mean(1, 9)
    weekdays = {datetime.fromtimestamp(END, UTC).weekday() - n: n for n in range(1, 7)}
    saturday = weekdays.get(5) or weekdays[-2]
    assert mean(saturday, 9) < 0.7 * mean(1, 9)
    assert mean(8, 9) < 0.95 * mean(1, 9)


def test_no_limit_was_ever_passed_however_quiet_it_is_now() -> None:
    """At night an hour of the day takes many times what is taken now."""
    shown = measured()
    redis = next(one for one in shown["nodes"] if one["id"] == "redis")
    redis |= {"memory": 200, "memory_limit": 768, "clients": 100, "clients_limit": 900}
    night = END // DAY_S * DAY_S + 3 * 3600
    made = past(shown, night, DAYS, seed=1)
    for metric in ("memory", "clients"):
        limit = made.bases["redis", f"{metric}_limit"]
        found = made.values(("redis", metric))
        assert 0.7 * limit < found.max() < limit
        assert found[-1] == pytest.approx(made.bases["redis", metric], rel=0.2)


def test_only_what_is_measured_now_was_measured_then(made: Past) -> None:
    assert ("18", "saturation") not in made.bases
    steady = [key for key in made.bases if key[1] in STEADY]
    assert steady
    for key in steady:
        assert set(made.values(key).tolist()) == {made.bases[key]}


def test_pictures_are_such_as_are_shown(made: Past) -> None:
    redis = next(one for one in made.troubles if one.box == "redis")
    moments = np.array([redis.begin - 60, redis.begin + 120, redis.over + 60])
    before, during, after = (copy.deepcopy(one) for one in made.pictures(moments))
    for one in (before, during, after):
        Snapshot.model_validate(one)
    assert before["status"] == after["status"] == "ok"
    assert before["incidents"] == after["incidents"] == []
    assert during["status"] == "failing"
    states = {one["number"]: one for one in during["connections"]}
    assert states[18]["status"] == states[25]["status"] == "failing"
    assert states[18]["metrics"]["latency_p95_ms"] > 50
    assert states[9]["status"] != "failing"
    assert during["suspects"][0]["node"] == "redis"
    assert during["incident"] == incident_of("demo", redis).id
    well = next(one for one in after["connections"] if one["number"] == 18)
    assert well["status"] == "ok" and not well["reasons"]
    assert well["since"] > during["at"]


def test_what_turned_has_a_picture_of_its_very_moment(made: Past) -> None:
    at = looked(made, ((DAY_S, 600),))
    redis = next(one for one in made.troubles if one.box == "redis")
    assert {second for second, _ in redis.turns()} <= set(at.tolist())
    assert (np.diff(at) > 0).all()


def test_the_records_have_what_happened(made: Past) -> None:
    found = [incident_of("demo", one) for one in made.troubles]
    assert [one.kind for one in found] == [
        Kind.DEGRADATION, Kind.OUTAGE, Kind.DEGRADATION,
    ]  # fmt: skip
    assert not any(one.open for one in found)
    assert all(one.suspects[0].explains for one in found)
    begin = END - 2 * DAY_S
    turns = list(told(made.picture, made.troubles, begin, END))
    assert turns == sorted(turns, key=lambda one: (one.at, one.place))
    assert len({(one.at, one.place) for one in turns}) == len(turns)
    news = [one for one in turns if one.is_news]
    redis = next(one for one in made.troubles if one.box == "redis")
    assert sum(one.lane.name in redis.members for one in news) >= 2 * 5
    again = {one.at for one in turns if one.status is one.was}
    assert max(again) - min(again) >= timedelta(days=2) - 2 * AGAIN


def test_a_weekend_that_is_now_is_as_busy_as_it_is() -> None:
    saturday = int(datetime(2026, 11, 28, 10, tzinfo=UTC).timestamp())
    made = past(measured(), saturday, 8, seed=1)
    week = made.values(("9", "request_rate"), at_(saturday - 7 * DAY_S))
    assert week == pytest.approx(40, rel=0.25)
