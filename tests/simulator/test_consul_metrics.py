"""The simulated Consul's agent counts of itself as a real 1.8.7 does.

Fields, their order and what a request or a write is counted as have to be equal; what a
simulation has not (gossip, a disk, a garbage collector of Go's) is not told.
"""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from app.simulator.consul import Consul, Server
from app.simulator.consul_metrics import Metrics, path_name
from benchmarks.stage import wait_for
from tests.real.consul_servers import RealConsul, SimulatedConsul

METRICS = "/v1/agent/metrics"
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d0 \+0000 UTC")
W1 = '{"ID":"w1","Name":"gws-app-workspace","Check":{"TTL":"60s","Status":"passing"}}'
ASKED = (
    ("GET", "/v1/health/state/any", 3), ("GET", "/v1/health/service/nobody", 2),
    ("GET", "/v1/health/service/consul?passing", 1), ("GET", "/v1/health/service/", 1),
    ("GET", "/v1/catalog/services", 4), ("GET", "/v1/catalog/nodes", 1),
    ("GET", "/v1/catalog/service/consul", 2), ("GET", "/v1/catalog/service/no", 1),
    ("GET", "/v1/status/leader", 2), ("GET", "/v1/status/peers", 1),
    ("GET", "/v1/operator/autopilot/health", 1), ("GET", "/v1/agent/self", 1),
    ("GET", "/v1/agent/services", 1), ("GET", "/v1/agent/checks", 1),
    ("GET", "/v1/kv/none", 1), ("GET", "/v1/kv/x?keys", 2), ("GET", "/", 2),
    ("GET", "/v1/bogus", 2), ("GET", f"{METRICS}?format=prometheus", 1),
    ("PUT", "/v1/kv/a/b", 2), ("DELETE", "/v1/kv/a/b", 1),
    ("PUT", "/v1/agent/service/register", 1),
    ("PUT", "/v1/agent/check/fail/service:w1?note=x", 1),
    ("PUT", "/v1/agent/service/deregister/w1", 1),
    ("POST", "/v1/health/state/any", 1), ("OPTIONS", "/v1/health/state/any", 1),
)  # fmt: skip
OF_WRITES = {"consul.raft.commitNumLogs", "consul.raft.leader.dispatchNumLogs"}
COUNTED = re.compile(r"consul\.(client\.api|health|catalog\.service|raft\.apply)")


def ask_all(url: str) -> None:
    for method, path, times in ASKED:
        for _ in range(times):
            body = W1 if path.endswith("register") else "1"
            requests.request(method, url + path, data=body, timeout=30)


def told_of(url: str, begun: str) -> dict[str, Any]:
    """What was counted in the interval that began then."""
    answers: list[requests.Response] = []

    def whole() -> bool:
        answers[:] = [requests.get(url + METRICS, timeout=30)]
        return bool(answers[0].json()["Timestamp"] == begun)

    wait_for("the interval", whole, 15)
    told: dict[str, Any] = json.loads(answers[0].text)
    return told


def counts(told: dict[str, Any], kind: str) -> dict[tuple[str, str], int]:
    return {(row["Name"], str(row["Labels"])): row["Count"] for row in told[kind]}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a real one and ours tell of the same requests, made in one interval."""
    with (
        RealConsul(tmp_path_factory.mktemp("real")) as real,
        SimulatedConsul() as ours,
    ):
        ready = time.time() // 10
        wait_for("the next interval", lambda: time.time() // 10 > ready, 15)
        began = datetime.fromtimestamp(time.time() // 10 * 10, UTC)
        ask_all(real.url)
        ask_all(ours.url)
        stamp = f"{began:%Y-%m-%d %H:%M:%S} +0000 UTC"
        yield told_of(real.url, stamp), told_of(ours.url, stamp)


@pytest.mark.real
def test_its_fields_are_the_real_one_s_and_in_its_order(both: Any) -> None:
    real, ours = both
    assert list(ours) == list(real)
    assert STAMP.fullmatch(ours["Timestamp"]) and real["Points"] == ours["Points"] == []
    for kind in ("Gauges", "Counters", "Samples"):
        fields = {tuple(row) for row in real[kind]}
        assert {tuple(row) for row in ours[kind]} == fields, kind
        assert len(fields) == 1
        names = [(row["Name"], str(row["Labels"])) for row in ours[kind]]
        assert names == sorted(names)


@pytest.mark.real
def test_its_gauges_are_the_real_one_s(both: Any) -> None:
    real, ours = ({row["Name"] for row in told["Gauges"]} for told in both)
    assert ours == real - OF_WRITES


@pytest.mark.real
def test_requests_and_writes_are_counted_as_by_the_real_one(both: Any) -> None:
    real, ours = both
    kinds = [counts(told, "Samples") for told in (real, ours)]
    http = [{k: n for k, n in of.items() if ".http." in k[0]} for of in kinds]
    asked_how_it_is = ("consul.http.GET.v1.agent.metrics", "{}")
    assert [of.pop(asked_how_it_is) >= 1 for of in http] == [True, True]
    assert http[1] == http[0]
    counted = [counts(told, "Counters") for told in (real, ours)]
    picked = [{k: n for k, n in of.items() if COUNTED.match(k[0])} for of in counted]
    assert picked[1] == picked[0]
    commits = ("consul.raft.commitTime", "{}")
    assert kinds[1][commits] == kinds[0][commits]
    assert set(kinds[1]) <= set(kinds[0]) and set(counted[1]) <= set(counted[0])


@pytest.mark.real
def test_numbers_follow_from_each_other_as_in_the_real_one(both: Any) -> None:
    for told in both:
        for row in (*told["Counters"], *told["Samples"]):
            assert row["Rate"] == pytest.approx(row["Sum"] / 10)
            assert row["Mean"] == pytest.approx(row["Sum"] / row["Count"])
            assert row["Min"] <= row["Max"] and row["Stddev"] >= 0
            assert (row["Stddev"] == 0) or row["Count"] > 1


def test_an_interval_is_told_when_it_is_over_and_then_forgotten() -> None:
    now = [datetime(2026, 11, 24, 10, 0, 3, tzinfo=UTC)]
    metrics = Metrics(lambda: now[0])
    metrics.count("rpc.query")
    assert [row["Count"] for row in metrics.told({})["Counters"]] == [1], "the first"
    now[0] += timedelta(seconds=9)
    metrics.count("rpc.query")
    metrics.count("rpc.query")
    told = metrics.told({"raft.last_index": 3.0}, [("raft.leader.lastContact", 54.5)])
    assert told["Timestamp"] == "2026-11-24 10:00:00 +0000 UTC"
    assert [row["Count"] for row in told["Counters"]] == [1]
    assert [row["Value"] for row in told["Gauges"]] == [3]
    assert [row["Max"] for row in told["Samples"]] == [54.5]
    now[0] += timedelta(seconds=10)
    assert [row["Count"] for row in metrics.told({})["Counters"]] == [2]
    now[0] += timedelta(seconds=10)
    assert metrics.told({})["Counters"] == []


def test_what_is_in_a_path_is_not_told() -> None:
    assert path_name("GET", "/v1/kv/{key:path}") == "http.GET.v1.kv._"
    assert path_name("PUT", "/v1/agent/self") == "http.PUT.v1.agent.self"


def test_the_server_that_leads_tells_how_long_others_were_silent() -> None:
    now = [datetime(2026, 11, 24, 10, tzinfo=UTC)]
    servers = [Server(f"s{n}", f"10.0.0.{n + 1}") for n in range(3)]
    consul = Consul(lambda: now[0], servers)
    well = consul.contacts_ms()
    assert len(well) == 2 and max(well) < 500
    consul.set_server_health("s2", False)
    now[0] += timedelta(seconds=7)
    assert max(consul.contacts_ms()) == 7000
    consul.set_leader(servers[1].rpc)
    assert consul.contacts_ms() == []
