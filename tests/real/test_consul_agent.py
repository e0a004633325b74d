"""What an agent counts of itself, asked of a real Consul 1.8.7 and the simulator's."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from app.domain.limits import BOUNDS
from collectors.consul import ConsulAddress, Pace
from collectors.consul_agent import GRANT
from tests.collectors.consul_watching import Watch, ask_once
from tests.real.conftest import AnyConsul
from tests.real.consul_servers import RealConsul, loopback_address

HELD = Pace(wait_s=30.0, agent_s=0.2)


def test_the_agent_counts_of_itself(consul: AnyConsul) -> None:
    consul.put("/v1/kv/settings/common", b"1")
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        written = "consul_commit_ms"
        reading, _ = heard.wait(
            "agent", lambda r: written in dict(r.facts[0].measures), within=15
        )
    (fact,) = reading.facts
    assert (fact.target, fact.names_callers) == ("agent server-0", False)
    assert fact.role == "agent server-0, a server, version 1.8.7"
    measures = dict(fact.measures)
    assert measures["consul_turned_away"] == measures["consul_flaps"] == 0
    assert measures["consul_elections"] <= 1
    assert 0 <= measures[written] < 1000


def test_an_agent_that_may_not_be_asked_says_what_to_grant(
    start_consul: Callable[..., AnyConsul], tmp_path: Path
) -> None:
    consul = start_consul(acl=True)
    (denied,) = ask_once(ConsulAddress(consul.url))["agent"].facts
    assert denied.why == GRANT
    file = tmp_path / "token"
    file.write_text(consul.token)
    address = ConsulAddress(consul.url, token_file=str(file))
    assert ask_once(address)["agent"].facts[0].target == "agent server-0"


@pytest.mark.real
def test_a_leader_tells_how_long_the_others_were_silent(tmp_path: Path) -> None:
    with RealConsul(tmp_path, servers=2) as consul:
        leader = consul.get("/v1/status/leader").json().rpartition(":")[0]
        with Watch(ConsulAddress(f"http://{leader}:8500"), HELD) as heard:
            reading, _ = heard.wait(
                "agent",
                lambda r: "consul_silence" in dict(r.facts[0].measures),
                within=25,
            )
    share = dict(reading.facts[0].measures)["consul_silence"]
    assert 0 <= share < BOUNDS["consul_silence"].degraded


@pytest.mark.real
def test_requests_that_a_client_agent_turns_away_are_counted(tmp_path: Path) -> None:
    with RealConsul(tmp_path) as consul, consul.client(rpc_rate=2) as url:
        asked = (requests.get(f"{url}/v1/catalog/nodes", timeout=30) for _ in range(50))
        statuses = {answer.status_code for answer in asked}
        assert 429 in statuses
        with Watch(ConsulAddress(url), HELD) as heard:
            reading, _ = heard.wait(
                "agent",
                lambda r: r.facts and dict(r.facts[0].measures)["consul_turned_away"],
                within=25,
            )
    (fact,) = reading.facts
    assert fact.role == "agent client-0, a client, version 1.8.7"
    assert "consul_elections" not in dict(fact.measures)


AGENT_S_ANSWERS = (
    "self", "metrics", "host", "members", "services", "checks",
    "health/service/name/redis",
)  # fmt: skip


@pytest.mark.real
def test_who_is_connected_is_told_by_none_of_its_answers(tmp_path: Path) -> None:
    with RealConsul(tmp_path) as consul:
        host, port = consul.url.removeprefix("http://").split(":")
        consul.register("redis", "r1")
        caller = loopback_address()
        held = "GET /v1/kv/none?index=99999&wait=60s HTTP/1.1\r\nHost: consul\r\n\r\n"
        with socket.create_connection((host, int(port)), 5, (caller, 0)) as line:
            line.sendall(held.encode())
            for name in AGENT_S_ANSWERS:
                answer = consul.get(f"/v1/agent/{name}")
                assert answer.status_code == 200, name
                assert caller not in answer.text, name
