"""The past to be played: the pictures that were shown, and never more than was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain import wire
from app.domain.incidents import Incident, Kind, Member, Turn
from app.domain.instants import instant
from app.domain.status import Status
from app.web import schema
from app.web.replay import MOST
from app.web.schema_replay import Pictures, Replay
from tests.web.conftest import NOW, Live, picture, start

BASE = "/api/v1/deployments/demo"


def after(minutes: float) -> str:
    return str(instant(NOW + timedelta(minutes=minutes)))


def shot(minutes: float, version: int) -> dict:
    """Redis is told of at first, and then no more."""
    found = picture(version=version, readings=None if version == 1 else [])
    return found | {"at": after(minutes)}


@pytest.fixture(scope="module")
def played() -> Iterator[Live]:
    """Pictures of 0, 1, 2 and 30 minutes; 40 minutes have gone."""
    for live in start("demo"):
        live.bus.publish(picture(), None)
        before = None
        for version, minutes in enumerate((0, 1, 2, 30), 1):
            new = shot(minutes, version)
            live.past.note(new, before and wire.delta(before, new))
            before = new
        live.now[0] = NOW + timedelta(minutes=40)
        yield live


def ask(live: Live, path: str = "pictures", **asked: str) -> dict:
    answer = live.get(f"{BASE}/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_pictures_are_the_first_whole_and_then_what_changed(played):
    told = ask(played, **{"from": after(0), "to": after(40), "step": "60"})
    Pictures.model_validate(told)
    assert told["step_s"] == 60
    assert (told["from"], told["to"]) == (after(0), after(40))
    first, *news = told["pictures"]
    schema.Snapshot.model_validate(first)
    assert first["at"] == after(0)
    assert [one["at"] for one in news] == [after(1)]
    assert wire.delta(wire.apply(first, news[0]), shot(1, 2)) is None


def test_a_span_begins_with_what_was_shown_then(played):
    (only,) = ask(played, **{"from": after(10), "to": after(20)})["pictures"]
    assert only["at"] == after(2)
    assert ask(played, **{"from": after(-9), "to": after(-1)})["pictures"] == []


@pytest.mark.untraced
def test_an_answer_is_bounded_and_says_how_far_it_reaches(live):
    begin = NOW + timedelta(days=1)
    for second in range(MOST + 10):
        at = begin + timedelta(seconds=second)
        shown = picture(version=second + 2) | {"at": instant(at)}
        live.past.note(shown, {"status": shown["status"]})
    live.now[0] = begin + timedelta(hours=1)
    asked = {"from": instant(begin), "to": instant(begin + timedelta(hours=1))}
    told = ask(live, **asked, step="60")
    assert told["to"] == instant(begin + timedelta(seconds=MOST))
    rest = ask(live, **(asked | {"from": told["to"]}), step="60")
    assert rest["to"] == asked["to"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": after(20), "to": after(10)}, "from"),
        ({"from": after(50), "to": after(60)}, "from"),
        ({"from": after(0), "to": after(40), "step": "0"}, "step"),
        ({"from": "yesterday", "to": after(40)}, "from"),
        ({"to": after(40)}, "from"),
    ],
)
def test_what_can_not_be_played_is_said_so(played, asked, field):
    answer = played.get(f"{BASE}/pictures", params=asked)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field


def test_a_slider_learns_of_turns_incidents_and_gaps(played):
    turn = Turn(NOW + timedelta(minutes=1), Status.FAILING)
    played.records.incidents = [
        Incident("2026-11-24-1001-abcd", turn.at, (Member(17, (turn,)),), Kind.OUTAGE)
    ]
    told = ask(played, "replay")
    Replay.model_validate(told)
    assert (told["first"], told["from"], told["to"]) == (after(0), after(0), after(40))
    assert told["gaps"] == [
        {"from": after(2), "to": after(30)},
        {"from": after(30), "to": after(40)},
    ]
    assert told["turns"][0] == {"at": after(0), "count": 1}
    (incident,) = told["incidents"]
    assert (incident["worst"], incident["start"]) == ("failing", after(1))


def test_before_the_first_picture_there_is_nothing_to_play(empty):
    told = empty.get("/api/v1/deployments/east/replay").json()
    assert told["first"] is None
    assert told["gaps"] == told["turns"] == told["incidents"] == []
