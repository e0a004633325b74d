"""The whole review: from what a store answers to what is shown."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.domain.capacity import Lost
from app.domain.capacity_review import ask
from app.domain.capacity_terms import Left, Role, Shown, Unit, Way
from app.domain.expected import Calendar, Span
from app.domain.rollups import ERROR
from app.domain.subject import NodeId
from tests.domain.capacity_scene import (
    BEGIN,
    answer,
    choices,
    column,
    daily,
    failing,
    level,
    moments,
    pod,
    reviewed,
)

WORKSPACE, REDIS, SETTING = NodeId("workspace"), NodeId("redis"), NodeId("setting")
RISING = [100 + 2 * day for day in range(40)]


def test_without_history_nothing_is_told() -> None:
    review = reviewed(answer({}), choices(30))
    assert [one.subject for one in review.subjects[:31]] == [*range(1, 32)]
    assert len(review.subjects) == 31 + 23
    for one in review.subjects:
        assert (one.load, one.measures, one.heat, one.trend) == (None, (), None, None)
        assert (one.headrooms, one.losses, one.coverage) == ((), (), 0.0)
        assert one.tightest is None
    assert review.first_to_fill() == ()
    assert review.lens.marks[0].told == "no load measured; no limit known"


def test_load_is_requests_else_connections() -> None:
    at, values = daily([50] * 30)
    review = reviewed(
        answer(
            {
                (17, "request_rate"): column(at, values),
                (17, "connections_active"): column(at, values),
                (9, "connections_active"): column(at, values),
                (9, "latency_p95_ms"): column(at, values * 2),
                (9, "error_ratio"): column(at, values * 0),
            }
        ),
        choices(30),
    )
    assert review.of(17).load == "request_rate"
    nine = review.of(9)
    assert nine.load == "connections_active"
    assert [one.role for one in nine.measures] == [
        Role.LOAD,
        Role.LATENCY,
        Role.ERRORS,
    ]
    latency, errors = nine.measure(Role.LATENCY), nine.measure(Role.ERRORS)
    assert latency is not None and errors is not None
    assert latency.p95 == pytest.approx(100, rel=ERROR + 0.02)
    assert (latency.peak, latency.within) == (100, ERROR)
    assert (errors.p99, errors.peak) == (0, 0)
    with pytest.raises(KeyError):
        review.of(NodeId("nobody"))


def test_growth_reaches_the_limit_on_a_day() -> None:
    at, values = daily(RISING)
    told = answer({(REDIS, "clients"): column(at, values)})
    redis = {"id": REDIS, "clients_limit": 300}
    room = reviewed(told, choices(40), [redis]).of(REDIS).tightest
    assert room is not None
    assert (room.limit, room.most, room.mark, room.peak) == ("clients", 300, 240, 178)
    assert room.share == pytest.approx(room.used / 300)
    assert room.free == pytest.approx(1 - room.share)
    assert (room.until_near.left, room.until_full.left) == (Left.RANGE, Left.RANGE)
    # A day's p95 is 99 % of its level, which is 178 on the last and grows by 2.
    assert room.until_full.likely == pytest.approx((300 / 0.99 - 178) / 2, abs=3)
    trend = room.trend
    assert (trend.way, trend.unit, trend.used) == (Way.RISING, Unit.SHARE, 40)
    assert trend.per_30_days == pytest.approx(60 * 0.99 / 300, rel=0.05)
    assert len(trend.points) == 40 + trend.horizon_days
    assert trend.points[40].day == trend.points[39].day + timedelta(days=1)
    assert trend.points[40].value is None and trend.points[40].mid is not None


def test_limits_come_from_the_picture_else_from_history() -> None:
    at, values = daily([50] * 30)
    columns = {
        (REDIS, "clients"): column(at, values),
        (REDIS, "clients_limit"): column(at, np.where(at > at[99], 200.0, 100.0)),
        (REDIS, "memory"): column(at, values),
    }
    room = reviewed(answer(columns), choices(30)).of(REDIS).tightest
    assert room is not None and room.most == 200
    assert room.source == (
        "the connections that its servers allow; 100 clients when the review begins"
    )
    redis = {"id": REDIS, "clients_limit": 400, "memory_limit": None}
    rooms = reviewed(answer(columns), choices(30), [redis]).of(REDIS).headrooms
    assert [room.most for room in rooms] == [400]


def test_workspace_has_the_vendors_marks() -> None:
    columns = level(30, 1000, WORKSPACE, "users") | level(
        30, 400, WORKSPACE, "users_most"
    )
    node = {"id": WORKSPACE, "ready": 2, "pods": [pod("a"), pod("b")]}
    one = reviewed(answer(columns), choices(30), [node]).of(WORKSPACE)
    rooms = {room.limit: room for room in one.headrooms}
    assert (rooms["users"].most, rooms["users"].mark) == (1800, 900)
    assert (rooms["users_most"].most, rooms["users_most"].mark) == (900, 450)
    assert rooms["users"].until_near.left is Left.REACHED
    assert rooms["users"].until_full.left is Left.NOT_RISING
    pod_lost, host, zone = one.losses
    assert zone.holds is None
    assert (pod_lost.lost, pod_lost.left, pod_lost.holds) == (Lost.POD, 1, False)
    assert (host.lost, host.name, host.pods) == (Lost.HOST, "b", 2)
    assert pod_lost.why.startswith("without one pod 1 of 2 pods are left, and would")
    full = one.measure(Role.SATURATION)
    assert full is not None and full.unit is Unit.SHARE
    assert full.p95 == pytest.approx(one.headrooms[0].share)


def test_zones_and_pods_without_a_limit() -> None:
    own = pod(None) | {"zone": "west"}
    pods = [pod("a"), pod("b"), pod("c"), own, pod("a", ready=False)]
    node = {"id": SETTING, "pods": pods}
    zones = {"a": "east", "b": "east", "c": "east"}
    told = answer({})
    one = reviewed(told, choices(30), [node], zones).of(SETTING)
    lost, host, zone = one.losses
    assert (zone.name, zone.pods, zone.left) == ("east", 4, 1)
    assert zone.holds is None
    assert zone.why.endswith("of none of their limits is anything known")
    assert (lost.left, host.left) == (3, 3)
    alone = {"id": SETTING, "pods": [pod(None)]}
    only, unknown = reviewed(told, choices(30), [alone]).of(SETTING).losses
    assert (unknown.name, unknown.left, unknown.holds) == ("", None, None)
    assert unknown.why.startswith("in which zone 1 of 1 pods run is not known")
    assert (only.left, only.holds, only.why) == (
        0,
        False,
        "without one pod no pod is left",
    )


def test_outages_are_left_out_by_choice_and_stated() -> None:
    at = moments(30)
    down = (at >= at[1000]) & (at < at[1010])
    values = np.where(down, 1000.0, 50.0)
    told = answer(
        {(17, "request_rate"): column(at, values)},
        {17: failing(at, np.where(down, 15.0, 0.0))},
    )
    for shown, peak in ((Shown.OUT, 50), (Shown.IN, 1000)):
        one = reviewed(told, choices(30, outages=shown)).of(17)
        assert one.measures[0].peak == peak
        assert (one.excluded.failing_s, one.excluded.steps) == (150, 10)
        assert one.excluded.outages is shown
        assert one.coverage == 1


def test_outliers_are_left_out_by_choice_and_stated() -> None:
    levels = [50.0] * 30
    levels[20] = 500
    at, values = daily(levels)
    told = answer({(17, "request_rate"): column(at, values)})
    day = BEGIN.date() + timedelta(days=20)
    for shown, peak, left_out in ((Shown.OUT, 50, 1), (Shown.IN, 500, 0)):
        one = reviewed(told, choices(30, outliers=shown)).of(17)
        assert one.measures[0].peak == peak
        assert one.excluded.days == (day,)
        assert one.trend is not None and one.trend.left_out == left_out


def test_a_last_day_far_off_is_pointed_at() -> None:
    at, values = daily([50.0] * 29 + [500.0])
    trend = (
        reviewed(answer({(17, "request_rate"): column(at, values)}), choices(30))
        .of(17)
        .trend
    )
    assert trend is not None
    assert any("The last day is far off" in one for one in trend.cautions)


def test_steps_gaps_and_little_history_are_told_in_words() -> None:
    at, values = daily([50.0] * 30 + [90.0] * 12)
    gap = (at < at[0] + 86_400 * 3) | (at >= at[0] + 86_400 * 5)
    told = answer({(17, "request_rate"): column(at[gap], values[gap])})
    trend = reviewed(told, choices(42)).of(17).trend
    assert trend is not None and trend.way is Way.UNKNOWN
    assert trend.per_30_days is None
    first, second, third = trend.cautions
    assert first.startswith("The level stepped from 50.1 requests/s to 89.5 requests/s")
    assert first.endswith("on 2026-04-01: only the days since then are used.")
    assert second.startswith("Not enough history: 12 days, and 21 are needed")
    assert third == "2 days have no value: too little of them was measured."
    assert all(point.mid is None for point in trend.points)


def test_business_hours_and_the_busiest_ones() -> None:
    zone = ZoneInfo("Europe/Berlin")
    calendar = Calendar(zone, (Span(frozenset(range(5)), 8 * 60, 20 * 60),))
    at = moments(28)
    hour, weekday = at // 3600 % 24, (at // 86_400 + 3) % 7
    night = np.where(hour == 2, 900.0, 10.0)
    values = np.where((hour == 9) & (weekday == 1), 70.0, night)
    told = answer({(17, "request_rate"): column(at, values)})
    one = reviewed(told, choices(28, calendar=calendar)).of(17)
    assert one.measures[0].peak == 70
    assert one.measures[0].peak_at.astimezone(zone).hour == 10
    heat = one.heat
    assert heat is not None
    # Two o'clock in UTC is three or four in Berlin; it does not matter for the office.
    assert heat.hour is not None and heat.hour[1] == 3
    assert heat.cells[1][10] == 70
    assert (heat.weekday, heat.day) == (1, date(2026, 3, 3))
    assert one.trend is not None and one.trend.missing == 0


def test_an_hour_that_was_never_measured_is_not_zero() -> None:
    at = moments(30)
    at = at[at // 3600 % 24 < 12]
    told = answer({(17, "request_rate"): column(at, np.full(len(at), 5.0))})
    heat = reviewed(told, choices(30)).of(17).heat
    assert heat is not None
    assert (heat.cells[0][11], heat.cells[0][12]) == (5, None)


def test_half_a_year_is_asked_for_by_hours() -> None:
    chosen = choices(180)
    assert ask(chosen).step_s == 3600
    at, values = daily([50.0] * 180, 3600)
    told = answer({(17, "request_rate"): column(at, values)}, step_s=3600)
    review = reviewed(told, chosen)
    assert review.of(17).trend is not None
    assert review.at == chosen.end
    assert review.step_s == 3600


def test_metrics_outside_of_business_hours_alone_are_not_told() -> None:
    calendar = Calendar(spans=(Span(frozenset({0}), 0, 60),))
    at = moments(30)
    at = at[(at // 86_400 + 3) % 7 == 3]
    told = answer({(17, "request_rate"): column(at, np.ones(len(at)))})
    assert reviewed(told, choices(30, calendar=calendar)).of(17).load is None


def test_all_days_may_be_too_short_to_be_told() -> None:
    at = moments(30)[::6]
    told = answer({(17, "request_rate"): column(at, np.ones(len(at)))})
    one = reviewed(told, choices(30)).of(17)
    assert one.heat is not None
    assert (one.heat.weekday, one.heat.day) == (None, None)
    assert one.trend is not None
    assert (one.trend.since, one.trend.used, one.trend.missing) == (None, 0, 30)
