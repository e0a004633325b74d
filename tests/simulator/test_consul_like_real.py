"""The simulated Consul beside a real 1.8.7: the same requests, the same answers.

Status, headers and bodies have to be equal. Of ids, addresses and dates only the shape
counts, and of indexes their order: the real one writes entries of its own between.
"""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime

import pytest
import requests

from app.simulator.consul import Consul, Server
from app.simulator.consul_api import create_consul_app
from benchmarks.stage import wait_for
from tests.real.consul_servers import MASTER, RealConsul

pytestmark = pytest.mark.real

FRAMING = {"date", "content-length", "transfer-encoding", "x-consul-index"}
INDEX = re.compile(r'"(?:Create|Modify)Index":(\d+)')
AGREE_WITHIN_S = 30.0
W1 = """{"ID":"w1","Name":"gws-app-workspace","Tags":["blue","v1"],"Address":"10.1.0.21",
"Port":48050,"Meta":{"version":"9"},"Check":{"TTL":"60s","Status":"passing"}}"""
W2 = """{"ID":"w2","Name":"gws-app-workspace","Tags":["blue"],"Address":"10.1.0.22",
"Check":{"CheckID":"w2-ttl","Name":"health","TTL":"60s","Status":"passing"}}"""
TWO_CHECKS = """{"Name":"two","Port":1,"Checks":[{"TTL":"60s"},
{"CheckID":"x","Name":"named","TTL":"60s","Status":"warning","Notes":"a<b>&é"}]}"""
BY_NAME = '{"Name":"plain","Address":"host.name"}'

READS = (
    "/v1/health/state/any",
    "/v1/health/state/critical",
    "/v1/health/state/warning",
    "/v1/health/service/gws-app-workspace",
    "/v1/health/service/gws-app-workspace?passing",
    "/v1/health/service/gws-app-workspace?tag=V1&tag=blue",
    "/v1/health/service/two",
    "/v1/health/service/two?passing=false",
    "/v1/health/service/plain",
    "/v1/health/service/nobody",
    "/v1/catalog/service/gws-app-workspace",
    "/v1/catalog/service/gws-app-workspace?tag=v1",
    "/v1/catalog/service/plain",
    "/v1/catalog/service/nobody",
    "/v1/catalog/nodes",
    "/v1/agent/services",
    "/v1/agent/checks",
    "/v1/kv/settings/common",
    "/v1/kv/settings/?keys&separator=/",
    "/v1/kv/settings/?keys",
    "/v1/kv/settings/?keys&stale",
    "/v1/kv/settings/?keys&index=99999&wait=10ms",
    "/v1/kv/?keys&separator=/",
    "/v1/kv/nothing/?keys",
    "/v1/health/state/any?index=99999&wait=10ms",
    "/v1/health/state/any?stale",
    "/v1/health/state/any?consistent",
)
PLAIN_READS = (
    "/",
    "/v1/bogus",
    "/v1/health/state/",
    "/v1/health/state/bogus",
    "/v1/health/service/",
    "/v1/health/service/two?passing=x",
    "/v1/catalog/service/",
    "/v1/catalog/services?stale&consistent",
    "/v1/catalog/services?index=1&wait=bogus",
    "/v1/catalog/services?index=1&wait=10",
    "/v1/catalog/services?index=-1",
    "/v1/catalog/services?index=abc",
    "/v1/catalog/services?dc=elsewhere",
    "/v1/status/leader?dc=elsewhere",
    "/v1/operator/autopilot/health?dc=elsewhere",
    "/v1/kv/none",
    "/v1/kv/",
    "/v1/agent/metrics?format=prometheus",
    "/v1/agent/service/deregister/w1",
)
CHANGES = (
    ("/v1/agent/check/fail/service:w1?note=refused", None),
    ("/v1/agent/check/fail/service:w1?note=refused", None),
    ("/v1/agent/check/warn/service:w1", None),
    ("/v1/agent/check/update/service:w1", '{"Status":"passing","Output":"fine"}'),
    ("/v1/agent/check/update/service:w1", '{"Status":"bogus"}'),
    ("/v1/agent/check/update/service:w1", "{}"),
    ("/v1/agent/check/pass/nobody", None),
    ("/v1/kv/settings/common", "text"),
    ("/v1/agent/service/register", W1.replace("v1", "v2")),
    ("/v1/agent/service/register", "{}"),
    ("/v1/agent/service/register", '{"Name":"x","Check":{"Name":"no kind"}}'),
    ("/v1/agent/service/register", '{"Name":"x","Check":{"TTL":"1m","Status":"?"}}'),
    ("/v1/agent/service/deregister/nobody", None),
    ("/v1/agent/service/deregister/w1", None),
    ("/v1/agent/service/deregister/w2", None),
    ("/v1/agent/service/deregister/two", None),
)  # fmt: skip


class Pair:
    """A real Consul and ours, asked the same."""

    def __init__(self, real: str, ours: str) -> None:
        self._urls = (real, ours)
        self.indexes: set[tuple[int, int]] = set()

    def agree(
        self, path: str, method: str = "GET", token: str = "", body: str | None = None
    ) -> None:
        """Asked until both say the same: the real agent writes to the catalog later."""
        end = time.monotonic() + AGREE_WITHIN_S
        asked = (method, path, token, body)
        real, ours = (self._asked(url, *asked) for url in self._urls)
        while method == "GET" and real[0] != ours[0] and time.monotonic() < end:
            real, ours = (self._asked(url, *asked) for url in self._urls)
        assert ours[0] == real[0], f"{method} {path}"
        self.indexes |= set(zip(real[1], ours[1], strict=True))

    def _asked(self, url, method, path, token, body):
        answer = requests.request(
            method,
            url + path,
            headers={"X-Consul-Token": token} if token else {},
            data=body.encode() if body else None,
            timeout=30,
        )
        told = {
            k.lower(): v for k, v in answer.headers.items() if k.lower() not in FRAMING
        }
        index = answer.headers.get("X-Consul-Index")
        indexes = [int(index)] if index else []
        indexes += [int(found) for found in INDEX.findall(answer.text)]
        return (answer.status_code, told, alike(answer.text)), indexes


def alike(text: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r"127\.\d+\.\d+\.\d+", "ADDRESS", text)
    return INDEX.sub('"Index":0', text)


@pytest.fixture
def side_by_side(tmp_path, loopback):
    """Starts both."""
    running = []

    def start(*, acl: bool = False) -> Pair:
        real = RealConsul(tmp_path, acl=acl)
        running.append(real)
        real.__enter__()
        synced = f"{real.url}/v1/catalog/nodes"
        headers = {"X-Consul-Token": MASTER}

        def agent_has_synced():
            (node,) = requests.get(synced, headers=headers, timeout=30).json()
            return node["TaggedAddresses"]

        wait_for("the real agent's own node", agent_has_synced, 10)
        ours = Consul(
            lambda: datetime.fromtimestamp(time.time(), UTC),
            [Server("server-0", "127.0.0.1")],
            token=MASTER if acl else None,
        )
        app = create_consul_app(ours, chance=random.Random(1))
        return Pair(real.url, loopback.served(app))

    yield start
    for real in running:
        real.__exit__(None, None, None)


def test_every_change_and_every_reading_is_answered_alike(side_by_side):
    pair = side_by_side()
    for body in (W1, W2, TWO_CHECKS, BY_NAME):
        pair.agree("/v1/agent/service/register", "PUT", body=body)
        for path in READS:
            pair.agree(path)
    for path, body in CHANGES:
        pair.agree(path, "PUT", body=body)
        for read in READS:
            pair.agree(read)

    real, ours = zip(*sorted(pair.indexes), strict=True)
    assert sorted(set(real)) == list(real), "one real index, one of ours"
    assert sorted(set(ours)) == list(ours), "in the same order"


def test_keys_are_listed_and_deleted_alike(side_by_side):
    pair = side_by_side()
    changes = (
        ("PUT", "settings/common"), ("PUT", "settings/a/blue"), ("PUT", "other"),
        ("DELETE", "nothing"), ("DELETE", "settings/common"), ("DELETE", ""),
        ("PUT", "settings/b/blue"), ("DELETE", "settings/?recurse"),
        ("DELETE", "?recurse"),
    )  # fmt: skip
    for method, key in changes:
        pair.agree(f"/v1/kv/{key}", method, body="x" if method == "PUT" else None)
        for path in (
            "settings/?keys&separator=/",
            "?keys",
            "settings?keys&separator=t",
        ):
            pair.agree(f"/v1/kv/{path}")
    real, ours = zip(*sorted(pair.indexes), strict=True)
    assert sorted(set(real)) == list(real), "one real index, one of ours"
    assert sorted(set(ours)) == list(ours), "in the same order"


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_what_is_refused_is_refused_alike(side_by_side, method):
    pair = side_by_side()
    for path in PLAIN_READS if method == "GET" else ("/v1/health/state/any",):
        pair.agree(path, method)


def test_tokens_are_judged_alike(side_by_side):
    pair = side_by_side(acl=True)
    reads = (
        "/v1/health/state/any", "/v1/health/service/consul", "/v1/catalog/services",
        "/v1/catalog/nodes", "/v1/agent/services", "/v1/kv/none",
        "/v1/kv/none/?keys", "/v1/kv/?keys",
        "/v1/agent/checks", "/v1/agent/metrics?format=prometheus",
    )  # fmt: skip
    for token in ("", "11111111-2222-3333-4444-555555555555", MASTER):
        for path in reads:
            pair.agree(path, token=token)
        pair.agree("/v1/agent/service/register", "PUT", token, '{"Name":"x"}')
        pair.agree("/v1/agent/service/deregister/nobody", "PUT", token)
        pair.agree("/v1/agent/check/pass/nobody", "PUT", token)
        pair.agree("/v1/catalog/services", token=token)
