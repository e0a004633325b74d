"""The charts of a connection as the page asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain.incidents import Incident, Kind, Member, Turn
from app.domain.status import Status
from app.domain.windows import Window
from tests.web.conftest import NOW, Live, picture, start

PATH = "/charts/demo/9"


@pytest.fixture
def own() -> Iterator[Live]:
    """One of its own, since records are written to it."""
    for running in start("demo"):
        running.bus.publish(picture(), None)
        yield running


def test_the_last_hour_is_answered_and_kept_nowhere(own: Live) -> None:
    own.lately.note(picture(), NOW)
    answer = own.get(PATH)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    found = answer.json()
    assert (found["from"], found["to"]) == (
        "2026-11-24T09:00:02.123Z",
        "2026-11-24T10:00:02.123Z",
    )
    named = [chart["name"] for chart in found["charts"]]
    assert named == ["latency", "rate", "errors", "connections"]
    assert found["unmeasured"] == ["Saturation"]


def test_nothing_measured_is_an_answer_too(own: Live) -> None:
    found = own.get(PATH).json()
    assert found["charts"] == []
    assert len(found["unmeasured"]) == 5


def test_incidents_and_maintenance_are_marked(own: Live) -> None:
    own.lately.note(picture(), NOW)
    bad = Member(9, (Turn(NOW - timedelta(minutes=5), Status.FAILING),))
    incident = Incident("2026-11-24-0955-k7qd", NOW, (bad,), Kind.OUTAGE)
    own.records.incidents.append(incident)
    begun, end = NOW - timedelta(minutes=1), NOW + timedelta(minutes=9)
    own.plans.put(Window("w-1", begun, end, "new switch", "jane", connections=(9,)))
    own.planned.append(Window("configuration-1", begun, end, "moved", "ops"))
    found = own.get(PATH).json()
    assert [mark["id"] for mark in found["marks"]] == [
        "2026-11-24-0955-k7qd",
        "configuration-1",
        "w-1",
    ]


def test_a_past_moment_is_the_end_of_its_hour(own: Live) -> None:
    own.lately.note(picture(), NOW - timedelta(minutes=10))
    own.lately.note(picture(), NOW)
    found = own.get(PATH, params={"at": "2026-11-24T09:55:00Z"}).json()
    assert found["to"] == "2026-11-24T09:55:00.000Z"
    assert len(found["charts"][1]["figure"]["data"][0]["x"]) == 1


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
)
def test_the_ends_of_time_are_no_trouble(at: str, own: Live) -> None:
    assert own.get(PATH, params={"at": at}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/charts/nope/9", 404, "deployment"),
        ("/charts/demo/99", 404, "number"),
        ("/charts/demo/x", 422, "number"),
        ("/charts/demo/9?at=yesterday", 422, "at"),
    ],
)
def test_what_is_not_there_is_told(
    path: str, status: int, field: str, own: Live
) -> None:
    answer = own.get(path)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_it_is_no_part_of_the_api(own: Live) -> None:
    assert not any(
        path.startswith("/charts") for path in own.get("/openapi.json").json()["paths"]
    )


def test_the_script_that_draws_is_our_own_and_kept_for_ever(own: Live) -> None:
    _, _, charts = own.get("/_dash-layout").json()["props"]["children"]
    address = charts["props"]["plotly"]
    answer = own.get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert address not in own.get("/map/demo").text
