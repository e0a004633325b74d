"""The control API: what it answers, and how it refuses."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.simulator.living import Living


def test_kinds_tell_where_they_may_be_put_and_with_what(living: Living) -> None:
    kinds = {
        kind["kind"]: kind
        for kind in living.control("GET", "/sim/kinds").json()["kinds"]
    }
    assert "redis" in kinds["pod_crash"]["targets"]
    assert kinds["slow"]["params"]["latency_ms"] == {
        "about": "added to every request", "default": 2000, "min": 1, "max": 60000,
    }  # fmt: skip
    assert kinds["api_gone"]["params"]["as"]["choices"] == ["stream", "status"]


def test_a_fault_has_an_id_times_and_the_moment_it_was_sent(living: Living) -> None:
    before = time.time() * 1000
    body = {"kind": "pod_crash", "target": "redis", "seconds": 60, "params": {}}
    answer = living.control("POST", "/sim/faults", body)
    told = answer.json()
    assert answer.status_code == 201
    assert before <= told["sent_at"] <= time.time() * 1000
    assert told["params"] == {"pods": 0, "reason": "Error"}
    assert told["started_at"].endswith("Z")
    assert told["ends_at"] > told["started_at"]
    listed = living.control("GET", "/sim/faults").json()["faults"]
    assert [one["id"] for one in listed] == [told["id"]]


def test_truth_names_the_faults_what_they_break_and_the_cause(living: Living) -> None:
    living.begin("pod_crash", "redis")
    living.begin("metrics_stale", "voice")
    told = living.control("GET", "/sim/truth").json()
    assert told["connections"] == dict.fromkeys(("12", "18", "24", "25"), "failing")
    assert told["causes"] == ["redis"]
    assert [fault["kind"] for fault in told["faults"]] == ["pod_crash", "metrics_stale"]


def test_faults_end_one_by_one_or_all_at_once(living: Living) -> None:
    ids = [living.begin("slow", box)["id"] for box in ("voice", "setting", "workspace")]
    ended = living.control("DELETE", f"/sim/faults/{ids[1]}").json()
    assert ended["ended"] == [ids[1]]
    assert set(living.end_all()["ended"]) == {ids[0], ids[2]}
    assert living.end_all()["ended"] == []


def test_a_fault_that_is_not_there_is_404(living: Living) -> None:
    answer = living.control("DELETE", "/sim/faults/f99")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/sim/faults", {"kind": "fire"}, "kind"),
        ("/sim/faults", {"kind": "pod_crash", "target": "moon"}, "target"),
        ("/sim/faults", {"kind": "api_cut", "seconds": -1}, "seconds"),
        ("/sim/faults", {"kind": "errors", "target": "voice", "params": {"share": 2}},
         "params.share"),
        ("/sim/faults", ["pod_crash"], None),
        ("/sim/clock", {}, "rate"),
        ("/sim/clock", {"rate": 0}, "rate"),
        ("/sim/clock", {"rate": True}, "rate"),
    ],
)  # fmt: skip
def test_a_refusal_is_400_and_names_the_field(
    living: Living, path: str, body: Any, field: str | None
) -> None:
    answer = living.control("POST", path, body)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("invalid", field)
    assert error["message"]


def test_virtual_time_can_run_faster(living: Living) -> None:
    def uptime() -> float:
        page = living.page("gws-app-workspace", 48051, "/prometheus").text
        lines = dict(
            line.rsplit(" ", 1) for line in page.splitlines() if line[:1] != "#"
        )
        return float(lines["process_uptime_seconds"])

    assert living.control("GET", "/sim/clock").json() == {"rate": 1.0}
    assert living.control("POST", "/sim/clock", {"rate": 3600}).json() == {"rate": 3600}
    before = uptime()
    living.until(lambda: uptime() > before + 60)
