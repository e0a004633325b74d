"""The JSON API as a script sees it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.web import schema
from tests.web.conftest import NOW, picture

BASE = "/api/v1/deployments"


def test_deployments_are_listed_with_their_status(live):
    found = live.get(BASE).json()
    assert found == {
        "deployments": [{"id": "demo", "name": "Demo", "status": picture()["status"]}]
    }
    schema.Deployments.model_validate(found)


def test_the_snapshot_is_what_its_description_says(live):
    answer = live.get(f"{BASE}/demo/snapshot")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    found = schema.Snapshot.model_validate(answer.json())
    assert [c.number for c in found.connections] == list(range(1, 32))
    assert len(found.nodes) == 23
    assert {s.name for s in found.sources} == {
        "kubernetes",
        "consul",
        "scrape",
        "probe",
    }


def test_the_age_of_a_source_grows_while_nothing_changes(live):
    def age() -> float:
        sources = live.get(f"{BASE}/demo/snapshot").json()["sources"]
        return next(s["age_s"] for s in sources if s["name"] == "kubernetes")

    assert age() == 2.0
    live.now[0] = NOW + timedelta(seconds=62)
    assert age() == 62.0
    live.now[0] = NOW + timedelta(seconds=2)


def test_a_source_that_never_answered_has_no_age(live):
    sources = live.get(f"{BASE}/demo/snapshot").json()["sources"]
    consul = next(s for s in sources if s["name"] == "consul")
    assert consul["age_s"] is None
    assert "403" in consul["error"]


def test_one_connection_and_one_node_are_parts_of_the_snapshot(live):
    whole = live.get(f"{BASE}/demo/snapshot").json()
    assert live.get(f"{BASE}/demo/connections/17").json() == whole["connections"][16]
    redis = live.get(f"{BASE}/demo/nodes/redis").json()
    assert redis in whole["nodes"]
    assert redis["pods"][0]["last_exit"] == "OOMKilled"


def test_head_gives_the_headers_of_get_without_a_body(live):
    for path in (
        "/healthz",
        f"{BASE}/demo/snapshot",
        "/map/demo",
        f"{BASE}/demo/stream",
    ):
        head = live.ask("HEAD", path)
        assert head.status_code == 200, path
        assert head.content == b""
    assert live.ask("HEAD", "/nothing").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/nothing", 404, "not_found", None),
        ("/api/v1/nothing", 404, "not_found", None),
        (f"{BASE}/nope/snapshot", 404, "unknown_deployment", "deployment"),
        (f"{BASE}/nope/stream", 404, "unknown_deployment", "deployment"),
        (f"{BASE}/No_Id/snapshot", 422, "invalid", "deployment"),
        (f"{BASE}/demo/connections/32", 404, "not_found", "number"),
        (f"{BASE}/demo/connections/0", 422, "invalid", "number"),
        (f"{BASE}/demo/connections/x", 422, "invalid", "number"),
        (f"{BASE}/demo/nodes/rediss", 404, "not_found", "id"),
        (f"{BASE}/demo/snapshot?at=2026-11-24T10:00:00Z", 404, "no_history", "at"),
        ("/assets/nothing.js", 404, "not_found", None),
        ("/docs", 404, "not_found", None),
        ("/_dash-ws-callback", 404, "not_found", None),
    ],
)
def test_errors_have_one_shape(path, status, code, field, live):
    answer = live.get(path)
    assert answer.status_code == status
    error = schema.Error.model_validate(answer.json()).error
    assert (error.code, error.field) == (code, field)
    assert error.message


@pytest.mark.parametrize(
    "path", [BASE, f"{BASE}/demo/snapshot", "/healthz", "/map/demo"]
)
def test_other_methods_are_refused_in_that_shape(path, live):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = live.ask(method, path)
        assert answer.status_code == 405
        assert answer.json()["error"]["code"] == "method_not_allowed"
        assert "GET" in answer.headers["allow"]


def test_before_the_first_snapshot_callers_are_told_to_come_back(empty):
    for path in (
        f"{BASE}/east/snapshot",
        f"{BASE}/east/connections/1",
        f"{BASE}/east/nodes/redis",
        "/readyz",
    ):
        answer = empty.get(path)
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["error"]["code"] == "not_ready"
        assert (
            "waiting for the first answer of consul, kubernetes"
            in answer.json()["error"]["message"]
        )
    assert empty.get(BASE).json()["deployments"][0]["status"] == "no_data"


def test_ready_means_that_every_deployment_has_a_picture(empty):
    empty.bus.publish(picture("east"), None)
    message = empty.get("/readyz").json()["error"]["message"]
    assert "west" in message
    assert "east" not in message
    empty.bus.publish(picture("west"), None)
    assert empty.get("/readyz").status_code == 200


def test_health_is_about_this_process_alone(empty):
    assert empty.get("/healthz").status_code == 200
    empty.ill.append("the pipeline of east has ended")
    answer = empty.get("/healthz")
    assert answer.status_code == 503
    assert "pipeline of east" in answer.json()["error"]["message"]


def test_large_answers_are_compressed_for_who_asks(live):
    plain = live.get(f"{BASE}/demo/snapshot", headers={"Accept-Encoding": "identity"})
    small = live.get(f"{BASE}/demo/snapshot", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert (
        int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 4
    )
    assert small.json() == plain.json()


def test_the_description_names_every_path_and_only_what_there_is(live):
    described = live.get("/openapi.json").json()
    assert set(described["paths"]) == {
        BASE,
        f"{BASE}/{{deployment}}/snapshot",
        f"{BASE}/{{deployment}}/stream",
        f"{BASE}/{{deployment}}/connections/{{number}}",
        f"{BASE}/{{deployment}}/connections/{{number}}/history",
        f"{BASE}/{{deployment}}/connections/{{number}}/explain",
        f"{BASE}/{{deployment}}/nodes/{{node}}",
        f"{BASE}/{{deployment}}/incidents",
        f"{BASE}/{{deployment}}/incidents/{{incident}}",
        f"{BASE}/{{deployment}}/maintenance",
        f"{BASE}/{{deployment}}/moments",
        f"{BASE}/{{deployment}}/maintenance/{{window}}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert "HTTPValidationError" not in json.dumps(described)
