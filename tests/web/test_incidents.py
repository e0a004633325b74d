"""Incidents as a script asks for them."""

from __future__ import annotations

import pytest

from app.web import schema
from tests.domain.story import DEGRADED, FAILING, OK, Story, redis

PATH = "/api/v1/deployments/demo/incidents"


@pytest.fixture
def story(live):
    """A blip of 12, a degradation of 23, an outage of 4 that goes on."""
    told = Story().at(0, {12: FAILING}, redis(12)).at(9, {12: OK})
    told.at(1000, {23: DEGRADED}).at(1200, {23: OK})
    told.at(2000, {4: FAILING}).at(2060)
    live.records.incidents = [*told.kept.values()]
    live.records.trouble = None
    yield told
    live.records.incidents, live.records.trouble = [], None


def first(incident):
    return incident["cascade"][0]["connection"]


def test_all_are_listed_newest_first_as_described(live, story):
    answer = live.get(PATH)
    assert answer.headers["cache-control"] == "no-store"
    found = schema.Incidents.model_validate(answer.json())
    assert [one.kind for one in found.incidents] == ["outage", "degradation", "blip"]
    assert (found.next, found.trouble) == (None, None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "blip"}, [12]),
        ({"open": "true"}, [4]),
        ({"open": "false"}, [23, 12]),
        ({"connection": 23}, [23]),
        ({"node": "redis"}, []),
        ({"from": "2026-11-25T12:10:00Z"}, [4, 23]),
        ({"to": "2026-11-25T13:10:00+01:00"}, [12]),
    ],
)
def test_they_are_found_by_what_they_are(asked, found, live, story):
    answer = live.get(PATH, params=asked)
    assert [first(one) for one in answer.json()["incidents"]] == found


def test_pages_lead_to_the_end(live, story):
    seen, query = [], {"limit": 2}
    while True:
        found = live.get(PATH, params=query).json()
        seen += [first(one) for one in found["incidents"]]
        if found["next"] is None:
            break
        query["before"] = found["next"]
    assert seen == [4, 23, 12]


def test_one_is_told_whole(live, story):
    found = live.get(f"{PATH}/{story.only.id}").json()
    assert schema.Incident.model_validate(found).open
    assert live.get(PATH).json()["incidents"][0] == found


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        (f"{PATH}/2026-11-25-1200-none", 404, "not_found", "incident"),
        (f"{PATH}/What", 422, "invalid", "incident"),
        (f"{PATH}?before=2026-11-25-1200-none", 404, "not_found", "before"),
        (f"{PATH}?limit=0", 422, "invalid", "limit"),
        (f"{PATH}?limit=201", 422, "invalid", "limit"),
        (f"{PATH}?kind=disaster", 422, "invalid", "kind"),
        (f"{PATH}?from=yesterday", 422, "invalid", "from"),
        (f"{PATH}?from=0001-01-01T00:00:00%2B23:00", 422, "invalid", "from"),
        (f"{PATH}?connection=1&node=redis", 422, "invalid", "node"),
        (PATH.replace("demo", "nope"), 404, "unknown_deployment", "deployment"),
    ],
)
def test_what_cannot_be_answered_is_said_in_the_one_shape(
    path, status, code, field, live, story
):
    answer = live.get(path)
    assert answer.status_code == status
    error = schema.Error.model_validate(answer.json()).error
    assert (error.code, error.field) == (code, field)


def test_records_in_trouble_tell_what_is_in_memory_and_say_so(live, story):
    live.records.trouble = "records.db: no space is left"
    found = live.get(PATH).json()
    assert (len(found["incidents"]), found["trouble"]) == (
        3,
        "records.db: no space is left",
    )
    answer = live.get(f"{PATH}/2026-11-25-1200-none")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert answer.json()["error"]["code"] == "no_records"


def test_the_stream_of_a_picture_has_the_open_ones_in_short(live):
    found = live.get("/api/v1/deployments/demo/snapshot").json()
    assert (found["incident"], found["incidents"]) == (None, [])
