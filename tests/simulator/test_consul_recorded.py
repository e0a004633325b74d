"""The simulated Consul, put through what a real 1.8.7 went through, answers the same.

`tests/recorded/consul-1.8` holds the real one's answers; the same registrations are
made here in the same order, and every header and every field has to agree, indexes
included. Only what says nothing is left out: ids, ports, dates and framing.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
from datetime import UTC, datetime
from http.client import parse_headers
from io import BytesIO
from pathlib import Path

import pytest
import requests

from app.simulator.consul import Check, Consul, Instance, Server
from app.simulator.consul_api import create_consul_app

RECORDED = Path(__file__).parents[1] / "recorded" / "consul-1.8"
STARTED = datetime(2026, 11, 24, 11, 24, 28, tzinfo=UTC)
FRAMING = {"date", "content-length", "transfer-encoding", "content-encoding"}
REFUSED = "HTTP GET http://10.1.0.21:48051/health: connection refused"
REGISTERED = (
    ("gws-platform-configuration", "10.1.0.11", 48030),
    ("gws-platform-configuration", "10.1.0.12", 48030),
    ("gws-app-workspace", "10.1.0.21", 48050),
    ("gws-app-workspace", "10.1.0.22", 48050),
    ("gws-app-workspace", "10.1.0.23", 48050),
    ("gws-platform-voice", "10.1.0.31", 48110),
    ("gws-app-provisioning", "10.1.0.41", 48040),
)
VERSIONS = {"gws-app-workspace": "9.0.001.03"}
BEFORE_ANYTHING, ALL_WELL, ONE_FAILS, ONE_GONE = 0, 1, 2, 3

CASES = [
    ("autopilot-health", "/v1/operator/autopilot/health?pretty", BEFORE_ANYTHING),
    ("catalog-nodes", "/v1/catalog/nodes?pretty", ALL_WELL),
    ("catalog-services", "/v1/catalog/services?pretty", ALL_WELL),
    (
        "health-service-workspace",
        "/v1/health/service/gws-app-workspace?pretty",
        ALL_WELL,
    ),
    ("health-service-unknown", "/v1/health/service/nobody?pretty", ALL_WELL),
    ("health-state-any", "/v1/health/state/any?pretty", ALL_WELL),
    ("status-leader", "/v1/status/leader?pretty", ALL_WELL),
    ("status-peers", "/v1/status/peers?pretty", ALL_WELL),
    ("agent-metrics", "/v1/agent/metrics?format=prometheus", ALL_WELL),
    ("health-state-critical", "/v1/health/state/critical?pretty", ONE_FAILS),
    ("blocking-timeout", "/v1/health/state/any?pretty&index=27&wait=1ms", ONE_FAILS),
    ("bad-index", "/v1/health/state/any?index=x", ONE_FAILS),
    (
        "health-service-deregistered",
        "/v1/health/service/gws-platform-voice?pretty",
        ONE_GONE,
    ),
]


def a_consul(token: str | None = None) -> Consul:
    return Consul(lambda: STARTED, [Server("node-a", "127.0.0.1")], token=token)


def went_through(consul: Consul, stage: int) -> None:
    if stage >= ALL_WELL:
        register_all(consul)
    if stage >= ONE_FAILS:
        id_ = "gws-app-workspace-10.1.0.21-ttl"
        consul.set_check("node-a", id_, "critical", REFUSED)
    if stage >= ONE_GONE:
        consul.deregister("node-a", "gws-platform-voice-10.1.0.31")


def register_all(consul: Consul) -> None:
    for service, address, port in REGISTERED:
        id_ = f"{service}-{address}"
        meta = (("version", VERSIONS.get(service, "9.0.000.94")),)
        check = Check("node-a", f"{id_}-ttl", "health", "passing")
        tags = ("blue", "v9.0.001")
        instance = Instance("node-a", id_, service, address, port, tags, meta)
        consul.register(instance, [check])
        management = f"{service}-management"
        consul.register(
            Instance(
                "node-a",
                f"{management}-{address}",
                management,
                address,
                port + 1,
                ("blue",),
            )
        )


def served(loopback, consul: Consul) -> str:
    return loopback.served(create_consul_app(consul, chance=random.Random(1)))


def recorded(name: str) -> tuple[int, dict[str, str], str]:
    head, _, body = (RECORDED / f"{name}.http").read_bytes().partition(b"\r\n\r\n")
    status, _, fields = head.partition(b"\n")
    headers = parse_headers(BytesIO(fields + b"\r\n\r\n"))
    return (
        int(status.split()[1]),
        compared_headers(headers.items()),
        compared(body.decode()),
    )


def compared_headers(items) -> dict[str, str]:
    return {k.lower(): v for k, v in items if k.lower() not in FRAMING}


def compared(body: str) -> str:
    body = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", body)
    return body.replace("127.0.0.1:18511", "127.0.0.1:8300")


def asked(url: str, token: str | None = None) -> tuple[int, dict[str, str], str]:
    headers = {"X-Consul-Token": token} if token else {}
    answer = requests.get(url, headers=headers, timeout=30)
    return (
        answer.status_code,
        compared_headers(answer.headers.items()),
        compared(answer.text),
    )


@pytest.mark.parametrize(("name", "path", "stage"), CASES, ids=[c[0] for c in CASES])
def test_each_recorded_answer_is_given_again(loopback, name, path, stage):
    consul = a_consul()
    went_through(consul, stage)

    assert asked(served(loopback, consul) + path) == recorded(name)


def test_a_held_question_is_answered_as_recorded_when_a_check_fails(loopback):
    consul = a_consul()
    went_through(consul, ALL_WELL)
    url = f"{served(loopback, consul)}/v1/health/state/any?pretty&index=25&wait=10s"
    answers = []
    asking = threading.Thread(target=lambda: answers.append(asked(url)))
    asking.start()
    loopback.run(somebody_waits(consul))

    consul.set_check("node-a", "gws-app-workspace-10.1.0.21-ttl", "critical", REFUSED)

    asking.join(30)
    assert answers == [recorded("blocking-woken-by-failing-check")]


async def somebody_waits(consul: Consul) -> None:
    while not consul.waiting:
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    ("name", "path", "token"),
    [
        ("acl-no-token-autopilot", "/v1/operator/autopilot/health", None),
        ("acl-bad-token", "/v1/health/state/any", "nobody's"),
    ],
)
def test_refusals_are_as_recorded(loopback, name, path, token):
    url = served(loopback, a_consul(token="the-master's"))

    assert asked(url + path, token) == recorded(name)


def test_without_a_token_the_lists_are_empty_as_recorded(loopback):
    url = served(loopback, a_consul(token="the-master's"))
    status, headers, body = asked(f"{url}/v1/health/state/any")
    wanted_status, wanted_headers, wanted_body = recorded("acl-no-token-state")

    assert (status, body) == (wanted_status, wanted_body)
    assert headers | {"x-consul-index": "9"} == wanted_headers
