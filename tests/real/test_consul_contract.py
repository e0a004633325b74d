"""One contract for the collector, held against a real Consul 1.8.7 and the simulator's.

Where the two differ, the real one is right.
"""

import time
from dataclasses import replace

import pytest

from app.domain.facts import KeysFact, RegistrationFact
from app.domain.rules_consul import key_rule
from benchmarks.stage import wait_for
from collectors.consul import ConsulAddress, Pace
from tests.collectors.consul_watching import Watch, ask_once, statuses
from tests.real.consul_servers import RealConsul

HELD = Pace(wait_s=30.0, poll_s=0.2, autopilot_s=0.5)
"""Lists are held longer than any test takes, so that news alone can wake them."""
UNKNOWN_TOKEN = "11111111-2222-3333-4444-555555555555"


def names(reading):
    return [fact.service for fact in reading.facts]


def test_an_instance_registers_fails_heals_and_leaves(consul):
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        empty, _ = heard.wait("checks")
        assert empty.facts == ()

        consul.register("gws-app-workspace", "w1", "blue")
        heard.wait("checks", lambda r: statuses(r) == {"w1-ttl": "passing"})
        heard.wait(
            "catalog",
            lambda r: (
                RegistrationFact("workspace", "gws-app-workspace", ("blue",)) in r.facts
            ),
        )

        consul.fail("w1", "connection refused")
        failing, _ = heard.wait("checks", lambda r: "critical" in statuses(r).values())
        (fact,) = failing.facts
        assert (fact.node, fact.instance) == ("workspace", "w1")
        assert fact.output == "connection refused"

        so_far = len(heard.of("checks"))
        consul.heal("w1")
        heard.wait(
            "checks", lambda r: statuses(r) == {"w1-ttl": "passing"}, after=so_far
        )

        so_far, listed = len(heard.of("checks")), len(heard.of("catalog"))
        consul.deregister("w1")
        heard.wait("checks", lambda r: r.complete and not r.facts, after=so_far)
        heard.wait("catalog", lambda r: names(r) == ["consul"], after=listed)
    assert not [reading for reading in heard.readings if reading.trouble]


def test_a_change_wakes_a_held_question_at_once(consul):
    consul.register("redis", "r1")
    delays_s = []
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        heard.wait("checks", lambda r: statuses(r) == {"r1-ttl": "passing"})
        for turn in range(10):
            so_far = len(heard.of("checks"))
            change = consul.heal if turn % 2 else lambda id_: consul.fail(id_, "no")
            change("r1")
            changed = time.monotonic()
            _, came = heard.wait("checks", lambda r: r.facts, after=so_far)
            delays_s.append(came - changed)
    assert sorted(delays_s)[5] < 0.05, delays_s


def test_another_service_s_change_is_only_a_sign_of_life(consul):
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        heard.wait("checks")
        consul.register("somebody-else", "s1")
        reading, _ = heard.wait("checks", after=1)
    assert (reading.complete, reading.facts, reading.trouble) == (False, (), None)


def test_a_restored_snapshot_is_followed_though_its_index_is_smaller(consul):
    consul.register("redis", "r1")
    for value in (b"1", b"2", b"3"):
        consul.put("/v1/kv/settings/common", value)
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        heard.wait("checks", lambda r: statuses(r) == {"r1-ttl": "passing"})
        heard.wait("cluster", after=len(heard.of("cluster")) + 1)  # held by now
        so_far = len(heard.of("checks"))
        consul.restore_snapshot()
        heard.wait("checks", after=so_far)
        consul.fail("r1", "after the restore")
        heard.wait("checks", lambda r: "critical" in statuses(r).values())
    assert not [reading for reading in heard.of("checks") if reading.trouble]


def test_leader_peers_and_autopilot_are_told(consul):
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        # Autopilot takes a moment before it calls a new server healthy.
        cluster, _ = heard.wait("cluster", lambda r: r.facts[0].autopilot_healthy)
    (fact,) = cluster.facts
    assert fact.leader.endswith(":8300")
    assert (fact.peers, fact.failure_tolerance) == (1, 0)


def test_a_lost_leader_is_a_fact_and_its_return_is_noticed(start_consul):
    consul = start_consul(servers=2)
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        first, _ = heard.wait("cluster", lambda r: r.facts and r.facts[0].leader)
        assert first.facts[0].peers == 2
        consul.lose_leader()
        lost, _ = heard.wait(
            "cluster", lambda r: r.facts and not r.facts[0].leader, within=15
        )
        assert lost.facts[0].peers == 2
        consul.find_leader()
        so_far = len(heard.of("cluster"))
        heard.wait(
            "cluster",
            lambda r: r.facts and r.facts[0].leader,
            after=so_far,
            within=20,
        )


def test_lists_without_a_leader_are_trouble_that_says_so(start_consul):
    consul = start_consul(servers=2)
    consul.lose_leader()
    with Watch(ConsulAddress(consul.url), HELD) as heard:
        # At first the other server still believes in the leader that it can't reach.
        heard.wait(
            "checks",
            lambda r: r.trouble and "Consul has no cluster leader" in r.trouble.text,
            within=30,
        )


def test_a_default_deny_acl_without_a_token_is_blindness(start_consul):
    consul = start_consul(acl=True)
    consul.register("redis", "r1")
    readings = ask_once(ConsulAddress(consul.url))
    for feed in ("checks", "catalog"):
        trouble = readings[feed].trouble
        assert trouble.kind == "empty"
        assert "node:read or service:read" in trouble.text
    (fact,) = readings["cluster"].facts
    assert fact.leader
    assert fact.autopilot_healthy is None


def test_a_token_that_nobody_issued_is_named(start_consul, tmp_path):
    consul = start_consul(acl=True)
    file = tmp_path / "token"
    file.write_text(UNKNOWN_TOKEN)
    readings = ask_once(ConsulAddress(consul.url, token_file=str(file)))
    for feed in ("checks", "catalog"):
        trouble = readings[feed].trouble
        assert trouble.kind == "refused"
        assert "ACL not found" in trouble.text
        assert UNKNOWN_TOKEN not in trouble.text
    assert readings["cluster"].facts[0].autopilot_healthy is None


def test_the_right_token_in_the_file_ends_the_blindness(start_consul, tmp_path):
    consul = start_consul(acl=True)
    consul.register("redis", "r1")
    file = tmp_path / "token"
    file.write_text(UNKNOWN_TOKEN)
    with Watch(ConsulAddress(consul.url, token_file=str(file)), HELD) as heard:
        assert heard.trouble("checks").startswith("refused: ")
        file.write_text(f"{consul.token}\n")
        heard.wait("checks", lambda r: r.facts)
        heard.wait("cluster", lambda r: r.facts and r.facts[0].autopilot_healthy)


SETTINGS = "settings/"


def test_the_key_prefix_comes_and_goes(consul):
    quick = replace(HELD, keys_s=0.1)
    with Watch(ConsulAddress(consul.url), quick, kv_prefix=SETTINGS) as heard:
        heard.wait("keys", lambda r: r.facts == (KeysFact(SETTINGS, 0),))
        for key in ("common", "gws-app-workspace/blue", "gws-app-workspace/green"):
            consul.put(f"/v1/kv/settings/{key}", b"a secret")
        consul.put("/v1/kv/settings", b"beside it")
        heard.wait("keys", lambda r: r.facts == (KeysFact(SETTINGS, 2),))
        consul.delete("/v1/kv/settings/", recurse="")
        so_far = len(heard.of("keys"))
        heard.wait("keys", lambda r: r.facts == (KeysFact(SETTINGS, 0),), after=so_far)
    assert not [reading for reading in heard.of("keys") if reading.trouble]


def test_keys_that_the_token_may_not_read_are_not_gone(start_consul, tmp_path):
    consul = start_consul(acl=True)
    consul.put("/v1/kv/settings/common", b"a secret")
    address = ConsulAddress(consul.url)
    assert ask_once(address, kv_prefix=SETTINGS)["keys"].facts == (
        KeysFact(SETTINGS, None),
    )
    file = tmp_path / "token"
    file.write_text(UNKNOWN_TOKEN)
    unknown = ConsulAddress(consul.url, token_file=str(file))
    assert "ACL not found" in ask_once(unknown, kv_prefix=SETTINGS)["keys"].trouble.text
    file.write_text(consul.token)
    assert ask_once(unknown, kv_prefix=SETTINGS)["keys"].facts == (
        KeysFact(SETTINGS, 1),
    )


def test_an_unknown_datacenter_is_named(consul):
    address = ConsulAddress(consul.url, datacenter="nowhere")
    readings = ask_once(address, kv_prefix=SETTINGS)
    assert set(readings) == {"checks", "catalog", "cluster", "agent", "keys"}
    (elsewhere,) = readings.pop("agent").facts
    assert elsewhere.why == "it belongs to dc1, another datacenter than is watched"
    for reading in readings.values():
        assert reading.trouble.kind == "refused"
        assert reading.trouble.text.endswith("Consul knows no such datacenter")


def test_stale_reads_are_answered_likewise(consul):
    consul.register("redis", "r1")
    address = ConsulAddress(consul.url, stale=True)
    with Watch(address, HELD) as heard:
        heard.wait("checks", lambda r: statuses(r) == {"r1-ttl": "passing"})


def test_stopping_ends_held_questions_before_they_are_answered(consul):
    watch = Watch(ConsulAddress(consul.url), HELD)
    with watch as heard:
        heard.wait("checks")
        heard.wait("catalog")
        started = time.monotonic()
        watch.collector.stop()
        watch.collector.join(20)
        assert time.monotonic() - started < HELD.wait_s / 2


@pytest.mark.real
def test_maintenance_of_an_instance_and_of_a_node(tmp_path):
    with RealConsul(tmp_path) as consul:
        consul.register("redis", "r1")
        consul.put("/v1/agent/service/maintenance/r1", enable="true", reason="patching")
        consul.put("/v1/agent/maintenance", enable="true", reason="moving")
        with Watch(ConsulAddress(consul.url), HELD) as heard:
            reading, _ = heard.wait("checks", lambda r: len(r.facts) == 3)
    assert statuses(reading) == {
        "_node_maintenance/r1": "maintenance",
        "_service_maintenance:r1": "maintenance",
        "r1-ttl": "passing",
    }


@pytest.mark.real
def test_least_privilege_is_enough_and_leaves_autopilot_unknown(tmp_path):
    rules = (
        'node_prefix "" { policy = "read" } service_prefix "" { policy = "read" } '
        f'agent_prefix "" {{ policy = "read" }} {key_rule(SETTINGS)}'
    )
    with RealConsul(tmp_path, acl=True) as consul:
        consul.register("redis", "r1")
        consul.put("/v1/kv/settings/common", b"a secret")
        policy = consul.put("/v1/acl/policy", {"Name": "look", "Rules": rules})
        assert b"look" in policy
        token = consul.put("/v1/acl/token", {"Policies": [{"Name": "look"}]})
        file = tmp_path / "token"
        file.write_text(token.decode().split('"SecretID":"')[1].split('"')[0])
        address = ConsulAddress(consul.url, token_file=str(file))
        readings = ask_once(address, kv_prefix=SETTINGS)
    assert readings["keys"].facts == (KeysFact(SETTINGS, 1),)
    assert readings["agent"].facts[0].target == "agent server-0"
    assert not [reading for reading in readings.values() if reading.trouble]
    assert statuses(readings["checks"]) == {"r1-ttl": "passing"}
    assert readings["cluster"].facts[0].autopilot_healthy is None


def test_after_a_restore_the_next_change_passes_every_earlier_index(consul):
    consul.register("redis", "r1")
    index = "X-Consul-Index"
    before = int(consul.get("/v1/health/state/any").headers[index])
    consul.restore_snapshot()
    consul.fail("r1", "after the restore")
    wait_for(
        "an index past the one before the restore",
        lambda: int(consul.get("/v1/health/state/any").headers[index]) > before,
        5.0,
    )
