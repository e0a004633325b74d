"""Maintenance windows as a script, or a page, sets and ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.windows import Listed, Window
from app.web import schema
from app.web.maintenance import MOST_LASTING
from app.web.schema_maintenance import Windows
from tests.web.conftest import NOW, start

PATH = "/api/v1/deployments/demo/maintenance"
WANTED = {"connections": [17], "for": "1h", "why": "Redis upgrade", "by": "ops"}
NIGHT = Window(
    "configuration-1", NOW + timedelta(hours=9), NOW + timedelta(hours=10),
    "backup", "ops", configured=True,
)  # fmt: skip


@pytest.fixture
def plans(live):
    """What is planned, empty at first; one is configured for the night."""
    live.plans.kept.clear()
    live.planned[:] = [NIGHT]
    yield live.plans
    live.plans.kept.clear()
    live.plans.trouble = None
    live.planned.clear()


def put(live, headers=None, path=PATH, **changed):
    wanted = {k: v for k, v in {**WANTED, **changed}.items() if v is not None}
    return live.ask("POST", path, json=wanted, headers=headers)


def test_one_is_set_listed_and_ended(live, plans):
    answer = put(live)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    window = schema.Window.model_validate(answer.json())
    assert (window.connections, window.nodes) == ([17], [])
    assert (window.why, window.by, window.origin) == ("Redis upgrade", "ops", "page")
    assert window.to - window.from_ == timedelta(hours=1)
    listed = Windows.model_validate(live.get(PATH).json())
    assert [one.id for one in listed.windows] == [window.id, "configuration-1"]

    answer = live.ask("DELETE", f"{PATH}/{window.id}?by=jane")
    ended = schema.Window.model_validate(answer.json())
    assert (answer.status_code, ended.ended_by) == (200, "jane")
    assert ended.ended_at is not None
    listed = Windows.model_validate(live.get(PATH).json())
    assert [one.id for one in listed.windows] == ["configuration-1"]
    listed = Windows.model_validate(live.get(f"{PATH}?all=true").json())
    assert [one.id for one in listed.windows] == ["configuration-1", window.id]
    again = live.ask("DELETE", f"{PATH}/{window.id}?by=jane")
    assert again.status_code == 404


def test_the_end_may_be_told_as_a_moment_and_boxes_named(live, plans):
    found = put(
        live,
        connections=None,
        nodes=["redis", "redis", "voice"],
        **{"for": None, "until": "2026-11-24T13:00:00+02:00"},
    ).json()
    assert found["to"] == "2026-11-24T11:00:00.000Z"
    assert found["nodes"] == ["redis", "voice"]


def test_without_boxes_and_connections_it_is_over_everything(live, plans):
    assert put(live, connections=None).status_code == 201
    assert plans.lasting()[0].whole


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"for": None}, "until", "give the moment of its end, or how long as `for`"),
        ({"until": "2026-11-24T11:00:00Z"}, "until", "give the moment of its end"),
        ({"for": "0s"}, "for", "the end must lie ahead"),
        ({"for": "169h"}, "for", "7 days at most"),
        ({"for": "soon"}, "for", "should match pattern"),
        ({"for": None, "until": "2026-11-24T09:00:00Z"}, "until", "must lie ahead"),
        ({"for": None, "until": "9999-12-31T23:00:00-23:00"}, "until", "7 days"),
        ({"for": None, "until": "2026-11-24T11:00:00"}, "until", "with its zone"),
        ({"connections": [99]}, "connections", "the picture has no 99"),
        ({"connections": [0]}, "connections", "greater than or equal to 1"),
        ({"connections": ["17"]}, "connections", "not a number"),
        ({"connections": []}, "connections", "at least 1 item"),
        ({"nodes": ["rediss"]}, "nodes", "the picture has no rediss"),
        ({"why": None}, "why", "required"),
        ({"why": " "}, "why", "one line of text"),
        ({"why": "two\nlines"}, "why", "without control characters"),
        ({"why": "half \ud800"}, "why", "valid string"),
        ({"why": "x" * 201}, "why", "at most 200"),
        ({"by": None}, "by", "required"),
        ({"by": "bell\x07"}, "by", "one line of text"),
        ({"every": True}, "every", "not permitted"),
    ],
)
def test_what_cannot_be_planned_is_said_with_its_field(
    changed, field, said, live, plans
):
    answer = put(live, **changed)
    error = schema.Error.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (422, "invalid", field)
    assert said in error.message
    assert plans.lasting() == ()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "invalid"),
        (b'{"why": "\xff"}', 400, "malformed"),
        (b"[]", 422, "invalid"),
    ],
)
def test_a_body_that_is_none_is_refused_in_the_one_shape(
    body, status, code, live, plans
):
    json_ = {"Content-Type": "application/json"}
    answer = live.ask("POST", PATH, data=body, headers=json_)
    assert answer.status_code == status
    assert schema.Error.model_validate(answer.json()).error.code == code


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://[", "http://:80"],
)
def test_a_page_of_another_site_can_change_nothing(origin, live, plans):
    foreign = {"Origin": origin}
    window = put(live).json()["id"]
    for answer in (
        put(live, foreign),
        live.ask("POST", PATH, data="x", headers=foreign),
        live.ask("DELETE", f"{PATH}/{window}?by=x", headers=foreign),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "foreign_origin"
    assert [one.id for one in plans.lasting()] == [window]
    asked = {**foreign, "Access-Control-Request-Method": "POST"}
    preflight = live.ask("OPTIONS", PATH, headers=asked)
    assert "access-control-allow-origin" not in preflight.headers


def test_our_own_page_may(live, plans):
    assert put(live, {"Origin": live.url}).status_code == 201


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("https://gws.example", "10.0.0.7:8050", 201),
        ("https://GWS.example:443", "10.0.0.7:8050", 201),
        ("https://10.0.0.7", "10.0.0.7", 201),
        ("https://gws.example:8443", "10.0.0.7:8050", 403),
        ("https://gws.example.evil", "10.0.0.7:8050", 403),
    ],
)
def test_behind_a_proxy_the_public_address_is_ours_too(origin, host, status):
    for live in start("demo", public_url="https://gws.example"):
        answer = put(live, {"Origin": origin, "Host": host})
        assert answer.status_code == status


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]
)
def test_what_a_form_could_send_is_not_taken(kind, live, plans):
    answer = live.ask("POST", PATH, data="{}", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert answer.json()["error"]["code"] == "not_json"


def test_a_configured_window_is_ended_in_the_configuration(live, plans):
    answer = live.ask("DELETE", f"{PATH}/configuration-1?by=jane")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "configured"


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "field"),
    [
        ("DELETE", f"{PATH}/none?by=x", 404, "not_found", "window"),
        ("DELETE", f"{PATH}/No?by=x", 422, "invalid", "window"),
        ("DELETE", f"{PATH}/none", 422, "invalid", "by"),
        ("GET", f"{PATH}?all=perhaps", 422, "invalid", "all"),
        ("GET", PATH.replace("demo", "x"), 404, "unknown_deployment", "deployment"),
        ("DELETE", PATH.replace("demo", "x") + "/a?by=x", 404, "unknown_deployment", "deployment"),
    ],
)  # fmt: skip
def test_errors_have_the_one_shape(method, path, status, code, field, live, plans):
    answer = live.ask(method, path)
    assert answer.status_code == status
    error = schema.Error.model_validate(answer.json()).error
    assert (error.code, error.field) == (code, field)


def test_who_ends_one_is_one_line_too(live, plans):
    window = put(live).json()["id"]
    answer = live.ask("DELETE", f"{PATH}/{window}", params={"by": "a\nb"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "by")
    assert len(plans.lasting()) == 1


def test_a_program_that_never_stops_is_stopped(live, plans):
    for number in range(MOST_LASTING):
        plans.put(Window(f"w-{number}", NOW, NOW + timedelta(hours=1), "x", "y"))
    answer = put(live)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many")


def test_records_in_trouble_are_told_with_the_past(live, plans):
    plans.trouble = "records.db: no space is left"
    found = live.get(f"{PATH}?all=true").json()
    assert found["trouble"] == "records.db: no space is left"
    assert plans.every(1) == Listed((), "records.db: no space is left")
