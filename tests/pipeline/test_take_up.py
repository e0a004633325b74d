"""A pipeline that goes on from what another process published last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import wire
from app.domain.evaluate import Deployment, evaluate
from app.domain.limits import DEFAULT
from app.domain.topology import standard
from app.pipeline.pipeline import PATIENCE, Pipeline

DEMO = Deployment("demo", standard(), DEFAULT, ("consul",))
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class Stepped:
    """A pipeline that a test turns by hand, and its bus."""

    def __init__(self) -> None:
        self.now = NOW
        self.published: list[tuple[dict, dict | None]] = []
        self.pipeline = Pipeline(DEMO, evaluate, self, lambda: self.now)

    def publish(self, snapshot: dict, delta: dict | None) -> None:
        self.published.append((snapshot, delta))


@pytest.fixture
def left(talk) -> dict:
    """What the other one published last: Redis fails by Consul's word."""
    other = Stepped()
    other.pipeline.turn((talk.said(talk.check(status="critical")),))
    other.now += timedelta(minutes=1)
    other.pipeline.turn((talk.said(talk.check(status="critical")),))
    return other.published[-1][0]


def statuses(picture: dict) -> dict:
    return {n["id"]: (n["status"], n["since"]) for n in picture["nodes"]}


def test_its_numbers_and_its_statuses_go_on(left, talk):
    stepped = Stepped()
    stepped.now = NOW + timedelta(minutes=5)
    stepped.pipeline.take_up(left)
    stepped.pipeline.turn((talk.said(talk.check(status="critical")),))
    (picture, delta), *_ = stepped.published
    assert picture["version"] == left["version"] + 1
    assert statuses(picture)["redis"] == statuses(left)["redis"]
    assert wire.apply(left, delta)["nodes"] == picture["nodes"]


def test_its_first_picture_waits_for_every_source(left, talk):
    stepped = Stepped()
    stepped.pipeline.take_up(left)
    stepped.pipeline.turn(())
    assert stepped.published == []
    assert stepped.pipeline.unheard() == ("consul",)
    stepped.now += PATIENCE
    stepped.pipeline.turn(())
    assert len(stepped.published) == 1


def test_what_the_other_showed_and_this_does_not_needs_a_whole_picture(left, talk):
    """No delta tells that a source is gone."""
    told = {"name": "history", "status": "failing", "last_success": None, "age_s": None}
    left["sources"].append(told | {"error": "x", "feeds": 1, "troubled": 1})
    stepped = Stepped()
    stepped.pipeline.take_up(left)
    stepped.pipeline.turn((talk.said(talk.check()),))
    ((picture, delta),) = stepped.published
    assert delta is None
    assert picture["version"] == left["version"] + 1
