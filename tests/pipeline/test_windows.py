"""Maintenance that is set while a pipeline runs is on the picture at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from app.domain.windows import Window


def window(ends_s: float, **more) -> Window:
    now = datetime.fromtimestamp(time.time(), UTC)
    end = now + timedelta(seconds=ends_s)
    return Window("w", now, end, "upgrade", "ops", connections=(12,), **more)


def shows(status: str):
    return lambda s: s["connections"][11]["status"] == status


def test_it_is_shown_and_ended_although_nobody_reports(running, bus):
    plans: list[Window] = []
    with running(windows=lambda: tuple(plans)) as pipeline:
        first = bus.wait(lambda s: s["version"] == 1)
        assert first["maintenance"] == []
        plans.append(window(3600))
        pipeline.look_again()
        found = bus.wait(shows("maintenance"))
        assert [one["id"] for one in found["maintenance"]] == ["w"]
        assert "in maintenance until" in found["connections"][11]["reasons"][0]["text"]
        plans[0] = plans[0].ended(plans[0].starts_at, "jane")
        pipeline.look_again()
        bus.wait(lambda s: s["version"] > found["version"] and not s["maintenance"])


def test_it_ends_at_its_end_by_itself(running, bus):
    plans = (window(0.3),)
    with running(windows=lambda: plans):
        found = bus.wait(shows("maintenance"))
        bus.wait(lambda s: s["version"] > found["version"] and shows("no_data")(s))
