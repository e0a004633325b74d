"""The simulated Consul under way: who waits, what wakes them, what faults do."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests

from app.simulator.consul import Check, Consul, Instance, Server
from app.simulator.consul_api import create_consul_app
from app.simulator.consul_options import duration_s

STATE = "/v1/health/state/any"


class Asked:
    """A Consul, and a client that asks it from other threads."""

    def __init__(self, loopback, *, servers: int = 3, hold_s: float = 0.2) -> None:
        self.loopback = loopback
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        self.consul = Consul(
            lambda: self.now,
            [Server(f"s-{n}", f"127.0.0.{n + 1}") for n in range(servers)],
        )
        self.consul.register(
            Instance("s-0", "w-1", "workspace", "10.0.0.1", 80, ("blue",)),
            [Check("s-0", "w-1-check", "health", "passing")],
        )
        app = create_consul_app(self.consul, hold_s=hold_s, chance=random.Random(1))
        self.url = loopback.served(app)
        self._pool = ThreadPoolExecutor(4)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=30)

    def index(self, path: str = STATE) -> int:
        return int(self.get(path).headers["X-Consul-Index"])

    def held(self, path: str) -> Future[requests.Response]:
        """Asked from another thread, and by now waiting."""
        before = self.consul.waiting
        answer = self._pool.submit(self.get, path)
        self.loopback.run(self.waiters(before + 1))
        return answer

    async def waiters(self, number: int) -> None:
        while self.consul.waiting != number:
            await asyncio.sleep(0.001)


@pytest.fixture
def asked(loopback):
    return Asked(loopback)


def test_a_held_question_is_woken_at_once_by_a_change_in_what_it_asked_for(asked):
    answer = asked.held(f"{STATE}?index={asked.index()}&wait=60s")
    asked.consul.set_check("s-0", "w-1-check", "critical", "refused")
    checks = answer.result(5).json()
    assert ("w-1-check", "critical") in [(c["CheckID"], c["Status"]) for c in checks]


def test_a_change_elsewhere_leaves_a_question_held(asked):
    answer = asked.held(
        f"/v1/catalog/services?index={asked.index('/v1/catalog/services')}"
    )
    asked.consul.set_check("s-0", "w-1-check", "critical", "refused")
    asked.consul.put_value("settings/common", b"x")
    asked.loopback.run(asked.waiters(1))
    assert not answer.done()
    asked.consul.deregister("s-0", "w-1")
    assert answer.result(5).json() == {"consul": []}


def test_a_result_that_says_the_same_again_wakes_nobody(asked):
    before = asked.index()
    asked.consul.set_check("s-0", "w-1-check", "passing", "")
    assert asked.index() == before


def test_a_question_that_nothing_answers_returns_after_its_wait(asked):
    index = asked.index()
    began = time.monotonic()
    answer = asked.get(f"{STATE}?index={index}&wait=80ms")
    took = time.monotonic() - began
    assert int(answer.headers["X-Consul-Index"]) == index
    assert took >= 0.08


def test_the_wait_is_longer_than_asked_by_at_most_a_sixteenth(loopback):
    longest = random.Random(1).uniform(0, 1 / 16)
    asked = Asked(loopback)
    index = asked.index()
    began = time.monotonic()
    asked.get(f"{STATE}?index={index}&wait=400ms")
    assert time.monotonic() - began >= 0.4 * (1 + longest) - 0.01


def test_a_client_that_hangs_up_is_not_waited_for(asked):
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{asked.url}{STATE}?index={asked.index()}", timeout=0.1)
    asked.loopback.run(asked.waiters(0))


def test_without_a_leader_nothing_is_written_until_there_is_one(asked):
    asked.consul.set_leader(None)
    asked.consul.set_check("s-0", "w-1-check", "critical", "refused")
    asked.consul.set_check("s-0", "w-1-check", "passing", "well again")
    (before,) = asked.get("/v1/health/service/workspace?stale").json()
    assert before["Checks"][1]["Output"] == ""
    asked.consul.set_leader("127.0.0.2:8300")
    (after,) = asked.get("/v1/health/service/workspace").json()
    assert (after["Checks"][1]["Status"], after["Checks"][1]["Output"]) == (
        "passing",
        "well again",
    )


def test_without_a_leader_only_stale_answers_come(asked):
    asked.consul.set_leader(None)
    asked.now = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
    refused = asked.get(STATE)
    assert (refused.status_code, refused.text) == (500, "No cluster leader")
    assert refused.headers["X-Consul-Knownleader"] == "false"
    stale = asked.get(f"{STATE}?stale")
    assert stale.status_code == 200
    assert stale.headers["X-Consul-Knownleader"] == "false"
    assert stale.headers["X-Consul-Lastcontact"] == "10000"
    assert asked.get("/v1/status/leader").json() == ""
    assert len(asked.get("/v1/status/peers").json()) == 3


def test_an_agent_waits_for_a_leader_before_it_gives_up(loopback):
    asked = Asked(loopback, hold_s=5)
    asked.consul.set_leader(None)
    elected = threading.Timer(0.2, asked.consul.set_leader, ["127.0.0.1:8300"])
    elected.start()
    assert asked.get(STATE).status_code == 200
    elected.join()


def test_a_restored_snapshot_wakes_the_held_with_what_was_before_it(asked):
    index = asked.index()
    answer = asked.held(f"{STATE}?index={index}&wait=60s")
    asked.consul.restore_snapshot(back=5)
    assert int(answer.result(5).headers["X-Consul-Index"]) == index
    assert asked.index() == index - 5


def test_what_is_written_after_a_restore_wakes_who_still_has_the_old_index(asked):
    index = asked.index()
    asked.consul.restore_snapshot(back=5)
    answer = asked.held(f"{STATE}?index={index}&wait=60s")
    asked.consul.set_check("s-0", "w-1-check", "critical", "refused")
    assert int(answer.result(5).headers["X-Consul-Index"]) > index


def test_a_token_that_is_withdrawn_while_a_question_is_held_gets_nothing(asked):
    answer = asked.held(f"{STATE}?index={asked.index()}&wait=60s")
    asked.consul.token = "somebody else's"
    asked.consul.set_check("s-0", "w-1-check", "critical", "refused")
    assert answer.result(5).json() == []
    assert asked.get(STATE, **{"X-Consul-Token": "mine"}).text == "ACL not found"
    assert len(asked.get(STATE, Authorization="Bearer somebody else's").json()) == 4


def test_autopilot_tells_which_server_is_not_healthy_and_what_else_may_fail(asked):
    well = asked.get("/v1/operator/autopilot/health").json()
    assert (well["Healthy"], well["FailureTolerance"]) == (True, 1)
    asked.consul.set_server_health("s-2", False)
    ill = asked.get("/v1/operator/autopilot/health").json()
    assert (ill["Healthy"], ill["FailureTolerance"]) == (False, 0)
    assert [s["Name"] for s in ill["Servers"] if not s["Healthy"]] == ["s-2"]


def test_a_node_that_leaves_takes_its_instances_along(asked):
    asked.consul.remove_node("s-0")
    assert asked.get("/v1/health/service/workspace").json() == []
    assert [node["Node"] for node in asked.get("/v1/catalog/nodes").json()] == [
        "s-1",
        "s-2",
    ]


def test_changes_from_many_threads_are_all_kept(asked):
    def register(number: int) -> None:
        asked.consul.register(Instance("s-1", f"i-{number}", "many"))

    before = asked.index("/v1/catalog/services")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(register, range(200)))
    assert len(asked.get("/v1/catalog/service/many").json()) == 200
    assert asked.index("/v1/catalog/services") == before + 200


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("1m30s", 90), ("1.5h", 5400), ("250ms", 0.25), ("3us", 3e-6)],
)
def test_go_durations_are_understood(text, seconds):
    assert duration_s(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["10", "s", "1s ", "-1s", "1d", "", "1s1"])
def test_what_is_no_go_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        duration_s(text)
