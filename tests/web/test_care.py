"""Incidents are acknowledged and assigned while they are open, and keep it afterwards."""

from __future__ import annotations

import pytest

from app.domain.incidents_wire import summary
from app.web import schema
from app.web.schema_room import Care
from tests.domain.story import FAILING, Story, after
from tests.web.conftest import picture, start

STORY = Story().at(0, {12: FAILING})
NAME = STORY.only.id
PATH = f"/api/v1/deployments/demo/incidents/{NAME}"
SEEN, WHO = f"{PATH}/acknowledgement", f"{PATH}/assignee"


@pytest.fixture(scope="module")
def opened():
    """A deployment with one open incident."""
    for live in start("demo"):
        told = [summary(STORY.only, after(9))]
        live.bus.publish(picture() | {"incidents": told, "incident": NAME}, None)
        live.records.incidents.append(STORY.only)
        yield live


@pytest.fixture
def live(opened):
    yield opened
    opened.room.tended.clear()


def test_it_is_acknowledged_by_the_first_and_taken_back(live):
    answer = live.ask("PUT", SEEN, json={"by": " Ana "})
    assert answer.status_code == 200
    found = Care.model_validate(answer.json())
    assert found.incident == NAME
    assert found.acknowledged is not None
    assert (found.acknowledged.by, found.assigned) == ("Ana", None)
    later = live.ask("PUT", SEEN, json={"by": "Ben"})
    assert later.json() == answer.json(), "who was first is told"
    back = Care.model_validate(live.ask("DELETE", f"{SEEN}?by=Ben").json())
    assert back.acknowledged is None
    assert live.room.tended[NAME].acknowledged is None


def test_it_is_assigned_to_one_and_to_nobody(live):
    for name in ("Ben", "Eva"):
        answer = live.ask("PUT", WHO, json={"name": name, "by": "Ana"})
        assert (answer.status_code, answer.json()["assigned"]) == (200, name)
    answer = live.ask("DELETE", f"{WHO}?by=Ana")
    assert (answer.status_code, answer.json()["assigned"]) == (200, None)


def test_what_changes_nothing_is_told_to_nobody(live):
    live.ask("DELETE", f"{SEEN}?by=Ana")
    live.ask("PUT", WHO, json={"name": "Ben", "by": "Ana"})
    before = live.room.tended[NAME]
    live.ask("PUT", WHO, json={"name": "Ben", "by": "Eva"})
    assert live.room.tended[NAME] is before


def test_the_incident_tells_it_also_when_it_has_ended(live):
    live.ask("PUT", SEEN, json={"by": "Ana"})
    live.ask("PUT", WHO, json={"name": "Ben", "by": "Ana"})
    one = live.get(PATH).json()
    (listed,) = live.get("/api/v1/deployments/demo/incidents").json()["incidents"]
    for found in (one, listed):
        told = schema.Incident.model_validate(found)
        assert told.acknowledged is not None
        assert (told.acknowledged.by, told.assigned) == ("Ana", "Ben")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (SEEN, {}, "by"),
        (SEEN, {"by": ""}, "by"),
        (SEEN, {"by": "two\nlines"}, "by"),
        (SEEN, {"by": "x" * 61}, "by"),
        (WHO, {"by": "Ana"}, "name"),
        (WHO, {"name": "bell\x07", "by": "Ana"}, "name"),
        (WHO, {"name": "Ben", "by": "Ana", "at": "now"}, "at"),
    ],
)
def test_what_is_no_name_is_said_with_its_field(path, body, field, live):
    answer = live.ask("PUT", path, json=body)
    error = schema.Error.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (422, "invalid", field)
    assert live.room.tended == {}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("part", ["acknowledgement", "assignee"])
def test_only_what_is_open_can_be_taken_in_hand(method, part, live):
    path = PATH.replace(NAME, "2026-11-25-1042-none") + f"/{part}"
    body = {"by": "Ana"} if part == "acknowledgement" else {"name": "Ben", "by": "Ana"}
    if method == "PUT":
        answer = live.ask("PUT", path, json=body)
    else:
        answer = live.ask("DELETE", f"{path}?by=Ana")
    error = schema.Error.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (
        404,
        "not_found",
        "incident",
    )


@pytest.mark.parametrize("path", [SEEN, WHO])
def test_a_page_of_another_site_can_change_nothing(path, live):
    foreign = {"Origin": "http://evil.example"}
    body = {"name": "Ben", "by": "Ana"} if path == WHO else {"by": "Ana"}
    for answer in (
        live.ask("PUT", path, json=body, headers=foreign),
        live.ask("DELETE", f"{path}?by=Ana", headers=foreign),
    ):
        assert answer.json()["error"]["code"] == "foreign_origin"
    plain = live.ask("PUT", path, data="{}", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415
    assert live.room.tended == {}


def test_before_the_first_picture_there_is_nothing_to_take_in_hand(empty):
    path = SEEN.replace("demo", "east")
    answer = empty.ask("PUT", path, json={"by": "Ana"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")


def test_where_nobody_listens_nothing_is_kept():
    for live in start("demo", silent=True):
        live.bus.publish(
            picture() | {"incidents": [summary(STORY.only, after(9))]}, None
        )
        live.records.incidents.append(STORY.only)
        answer = live.ask("PUT", SEEN, json={"by": "Ana"})
        assert answer.json()["acknowledged"]["by"] == "Ana"
        assert live.get(PATH).json()["acknowledged"] is None
