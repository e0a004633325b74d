"""A pipeline that goes on from what another process published last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import wire
from app.domain.evaluate import Deployment, evaluate
from app.domain.handed_on import handed_on
from app.domain.incidents_ask import Health
from app.domain.limits import DEFAULT
from app.domain.taken_up import WAITS
from app.domain.topology import standard
from app.domain.unwatched import STALE_AFTER
from app.domain.windows import Window
from app.pipeline.casebook import Casebook
from app.pipeline.pipeline import PATIENCE, Pipeline
from app.pipeline.succession import Left
from tests.pipeline.test_casebook import HandWritten

DEMO = Deployment("demo", standard(), DEFAULT, ("consul",))
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
PLANNED = Window("w", NOW, NOW + timedelta(hours=1), "a disk", "Ann", ("iwd",))


class Stepped:
    """A pipeline that a test turns by hand, and its bus."""

    def __init__(self, now: datetime = NOW, told: tuple | None = (), **more) -> None:
        self.now, self.shelf = now, HandWritten(told)
        self.published: list[tuple[dict, dict | None]] = []
        casebook = Casebook(DEMO, self.shelf)
        self.pipeline = Pipeline(
            DEMO, evaluate, self, lambda: self.now, casebook=casebook, **more
        )

    def publish(self, snapshot: dict, delta: dict | None) -> None:
        self.published.append((snapshot, delta))

    def turn(self, *readings, after: timedelta = timedelta(0)) -> None:
        self.now += after
        self.pipeline.turn(readings)

    @property
    def picture(self) -> dict:
        return self.published[-1][0]


@pytest.fixture
def left(talk) -> dict:
    """What the other one published last: Redis fails by Consul's word, and IWD is
    worked on."""
    other = Stepped(windows=lambda: (PLANNED,))
    critical = talk.said(talk.check(status="critical"))
    other.turn(critical)
    other.turn(critical, after=timedelta(minutes=1))
    assert other.picture["incident"] and other.picture["maintenance"]
    return other.picture


def successor(
    left: dict, looked_at: datetime = LATER, remembered: dict | None = None, **more
) -> Stepped:
    stepped = Stepped(LATER, **more)
    stepped.pipeline.take_up(Left(left, looked_at, remembered))
    return stepped


def statuses(picture: dict) -> dict:
    return {n["id"]: (n["status"], n["since"]) for n in picture["nodes"]}


def test_its_numbers_and_its_statuses_go_on(left, talk):
    stepped = successor(left)
    stepped.turn(talk.said(talk.check(status="critical")))
    (picture, delta), *_ = stepped.published
    assert picture["version"] == left["version"] + 1
    assert statuses(picture)["redis"] == statuses(left)["redis"]
    assert wire.apply(left, delta)["nodes"] == picture["nodes"]
    assert picture["incident"] == left["incident"]


def test_its_first_picture_waits_for_every_source(left):
    stepped = successor(left)
    stepped.turn()
    assert stepped.published == []
    assert stepped.pipeline.unheard() == ("consul",)
    stepped.turn(after=PATIENCE)
    assert len(stepped.published) == 1


def test_what_its_sources_do_not_tell_yet_is_shown_as_it_was(left):
    stepped = successor(left)
    stepped.turn(after=PATIENCE)
    shown = {one["id"]: one for one in stepped.picture["nodes"]}
    assert shown == {one["id"]: one for one in left["nodes"]}
    assert stepped.picture["connections"] == left["connections"]
    assert stepped.picture["suspects"] == left["suspects"] != []
    assert stepped.picture["incident"] == left["incident"]
    stepped.turn(after=WAITS - PATIENCE)
    assert statuses(stepped.picture)["redis"][0] == "stale"
    assert stepped.picture["incident"] == left["incident"]


def test_what_nobody_has_looked_at_for_long_does_not_seem_seen(left, talk):
    stepped = successor(left, LATER - STALE_AFTER)
    stepped.turn(after=PATIENCE)
    shown = {one["id"]: one for one in stepped.picture["nodes"]}
    assert shown["redis"]["status"] == "stale"
    assert "nobody has looked since" in shown["redis"]["reasons"][0]["text"]
    stepped.turn(talk.said(talk.check(status="critical")))
    assert statuses(stepped.picture)["redis"][0] == "failing"


def test_it_waits_for_the_records_which_know_of_incidents_and_plans(left, talk):
    stepped = successor(left, told=None)
    stepped.turn(talk.said(talk.check(status="critical")))
    assert stepped.published == []
    assert stepped.pipeline.unheard() == ("records",)
    stepped.shelf.left = ()
    stepped.turn()
    assert stepped.picture["incident"] == left["incident"]


def test_what_people_said_stands_until_the_records_tell(left, talk):
    stepped = successor(left, told=None)
    critical = talk.said(talk.check(status="critical"))
    stepped.turn(critical)
    stepped.turn(critical, after=PATIENCE)
    for part in ("incident", "incidents", "maintenance", "notes"):
        assert stepped.picture[part] == left[part]
    assert statuses(stepped.picture)["iwd"] == statuses(left)["iwd"]
    stepped.shelf.left = ()
    stepped.turn()
    assert stepped.picture["incident"] == left["incident"]
    assert stepped.picture["maintenance"] == []


def test_records_in_trouble_are_not_waited_for_and_nothing_opens_twice(left, talk):
    stepped = successor(left, told=None)
    stepped.shelf.now = Health("refused", LATER)
    stepped.turn(talk.said(talk.check(status="critical")))
    assert stepped.picture["incident"] == left["incident"]
    assert statuses(stepped.picture)["iwd"] == statuses(left)["iwd"]


def test_what_the_other_showed_and_this_does_not_needs_a_whole_picture(left, talk):
    """No delta tells that a source is gone."""
    told = {"name": "history", "status": "failing", "last_success": None, "age_s": None}
    left["sources"].append(told | {"error": "x", "feeds": 1, "troubled": 1})
    stepped = successor(left)
    stepped.turn(talk.said(talk.check()))
    ((picture, delta),) = stepped.published
    assert delta is None
    assert picture["version"] == left["version"] + 1


def test_what_the_other_held_is_held_on(left, talk):
    """It left a colour that only hard facts stood behind, which goes within seconds."""
    critical, passing = (
        talk.said(talk.check(status=one)) for one in ("critical", "passing")
    )
    other = Stepped(LATER, windows=lambda: (PLANNED,))
    other.turn(critical)
    told = handed_on(other.pipeline.memory)
    stepped = successor(other.picture, remembered=told)
    stepped.turn(passing, after=timedelta(seconds=1))
    assert statuses(stepped.picture)["redis"][0] == "failing"
    stepped.turn(after=timedelta(seconds=DEFAULT.leave_hard))
    assert statuses(stepped.picture)["redis"][0] == "ok"


def test_what_an_other_release_held_is_let_go_of(left, talk):
    stepped = successor(left, remembered={"tracks": [{}]})
    stepped.turn(talk.said(talk.check(status="critical")))
    assert statuses(stepped.picture)["redis"] == statuses(left)["redis"]


def test_that_somebody_looks_again_is_told_though_nothing_is_news(left):
    stepped = successor(left)
    stepped.turn(after=PATIENCE)
    stepped.turn()
    assert [one["version"] for one, _ in stepped.published] == [left["version"] + 1]
    assert set(stepped.published[0][1]) >= {"deployment", "version", "at"}
