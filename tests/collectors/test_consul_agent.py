"""What a Consul agent counts of itself: how it is read, and what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts_stores import StoreFact, UnreadFact
from app.domain.reading import Reading
from collectors.consul import ConsulAddress
from collectors.consul_agent import GRANT, METRICS, NOT_LET, SELF
from collectors.consul_agent_read import (
    Interval,
    Self,
    followed,
    measured,
    read_metrics,
    read_self,
)
from collectors.errors import SourceMisread
from tests.collectors.consul_watching import QUICK, Watch, ask_once
from tests.collectors.scripted_consul import AGENT, LEADER, ScriptedConsul, told_of

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
SERVER = Self("n1", "dc1", "1.8.7", server=True, lease_s=2.5)
NOTHING = {"consul_turned_away": 0.0, "consul_elections": 0.0, "consul_flaps": 0.0}


@pytest.fixture
def consul() -> Iterator[ScriptedConsul]:
    with ScriptedConsul() as running:
        yield running


def heard(consul: ScriptedConsul, **address: Any) -> Reading:
    return ask_once(ConsulAddress(consul.url, **address))["agent"]


def fact(consul: ScriptedConsul, **address: Any) -> Any:
    (told,) = heard(consul, **address).facts
    return told


def interval(seconds: int, **more: Any) -> Interval:
    counts = NOTHING | more.pop("counts", {})
    return Interval(AT + timedelta(seconds=seconds), counts, **more)


def test_it_is_the_word_of_one_agent_and_says_of_which(consul: ScriptedConsul) -> None:
    told = fact(consul)
    assert isinstance(told, StoreFact)
    assert (told.node, told.target) == ("consul", "agent node-a")
    assert told.role == "agent node-a, a server, version 1.8.7"
    assert dict(told.measures) == {
        **NOTHING, "consul_silence": 0.04, "consul_commit_ms": 4.5,
    }  # fmt: skip


def test_names_may_hold_a_site_s_prefix_and_the_host() -> None:
    body = told_of(
        counters={"gws.host.example.client.rpc.exceeded": 7},
        gauges={"gws.host.example.runtime.total_gc_pause_ns": 3e9},
        samples={"gws.host.example.raft.leader.lastContact": 90},
    )
    told = read_metrics(orjson.dumps(body))
    assert told.counts["consul_turned_away"] == 7
    assert (told.contact_ms, told.paused_ns, told.commit_ms) == (90, 3e9, None)


def test_the_limits_of_an_agent_and_of_a_server_are_added() -> None:
    body = told_of(
        counters={"consul.client.rpc.exceeded": 7, "consul.rpc.rate_limit.exceeded": 2}
    )
    assert read_metrics(orjson.dumps(body)).counts["consul_turned_away"] == 9


def test_a_client_agent_elects_nobody() -> None:
    client = replace(SERVER, server=False)
    assert "consul_elections" not in dict(measured(client, (interval(0),)))
    assert "a client, version" in client.told


def test_the_last_minute_is_added_up() -> None:
    kept: tuple[Interval, ...] = ()
    for turn in range(10):
        newest = interval(
            10 * turn, counts={"consul_flaps": 1.0}, paused_ns=turn * 0.5e9,
            contact_ms=1000.0 if turn == 5 else 50.0, commit_ms=float(turn),
        )  # fmt: skip
        kept = followed(kept, newest)
    assert dict(measured(SERVER, kept)) == {
        **NOTHING, "consul_flaps": 6, "consul_silence": 0.4, "consul_commit_ms": 9,
        "consul_gc_pause_s": pytest.approx(3.0),
    }  # fmt: skip


def test_a_process_that_began_anew_has_no_past() -> None:
    kept = (interval(0, paused_ns=9e9), interval(10, paused_ns=1e9))
    assert "consul_gc_pause_s" not in dict(measured(SERVER, kept))
    assert "consul_silence" not in dict(measured(replace(SERVER, lease_s=None), kept))


@given(st.lists(st.integers(-300, 300), min_size=1, max_size=40))
def test_intervals_are_of_one_minute_and_in_order(seconds: list[int]) -> None:
    kept: tuple[Interval, ...] = ()
    for second in seconds:
        kept = followed(kept, interval(second))
        times = [one.at for one in kept]
        assert times == sorted(set(times)) and times[-1] - times[0] < timedelta(0, 60)


@pytest.mark.parametrize(
    ("text", "lease_s"), [("2.5s", 2.5), ("500ms", 0.5), ("1m0.5s", 60.5), ("", None)]
)
def test_the_leader_s_lease_is_read(text: str, lease_s: float | None) -> None:
    body = AGENT | {"DebugConfig": {"ConsulRaftLeaderLeaseTimeout": text}}
    assert read_self(orjson.dumps(body)).lease_s == lease_s
    assert read_self(orjson.dumps({"Config": {"NodeName": "a"}})).lease_s is None


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"Config":{}}', b'{"Config":[]}', b"null"]
)
def test_another_shape_of_an_agent_s_word_is_misread(body: bytes) -> None:
    with pytest.raises(SourceMisread):
        read_self(body)


@pytest.mark.parametrize(
    "more", [{"Timestamp": "yesterday"}, {"Counters": [{}]}, {"Samples": 3}]
)
def test_another_shape_of_metrics_is_misread(more: dict[str, Any]) -> None:
    with pytest.raises(SourceMisread, match="the agent's metrics can't be read"):
        read_metrics(orjson.dumps(told_of() | more))


def test_nothing_at_all_was_counted() -> None:
    empty = told_of() | {"Counters": None, "Samples": None, "Gauges": None}
    assert measured(SERVER, (read_metrics(orjson.dumps(empty)),)) == tuple(
        NOTHING.items()
    )


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, "Permission denied", GRANT),
        (403, "only the catalog, please", NOT_LET),
        (404, "", NOT_LET),
        (405, "not allowed", NOT_LET),
    ],
)
def test_a_refusal_is_said_and_blinds_nobody(
    consul: ScriptedConsul, status: int, body: str, why: str
) -> None:
    consul.script(METRICS, always=lambda request: request.text(body, status=status))
    told = fact(consul)
    assert isinstance(told, UnreadFact)
    assert (told.node, told.why) == ("consul", why)


def test_who_refused_is_left_in_peace(consul: ScriptedConsul) -> None:
    """Consul logs every refusal as an error of its own."""
    consul.script(SELF, always=lambda r: r.text("Permission denied", status=403))
    with Watch(ConsulAddress(consul.url), replace(QUICK, agent_s=0.05)) as said:
        said.wait("agent", after=5)
    assert len(consul.asked(SELF)) == 1
    with Watch(
        ConsulAddress(consul.url), replace(QUICK, agent_s=0.05, refused_s=0.01)
    ) as said:
        said.wait("agent", after=1)
        consul.heal(SELF)
        said.wait("agent", lambda r: isinstance(r.facts[0], StoreFact))


def test_who_is_left_in_peace_may_be_gone(consul: ScriptedConsul) -> None:
    consul.script(SELF, always=lambda r: r.text("Permission denied", status=403))
    with Watch(ConsulAddress(consul.url), replace(QUICK, agent_s=0.05)) as said:
        said.wait("agent", after=1)
        consul.script(LEADER, always=lambda request: request.text("?", status=500))
        assert said.trouble("agent").startswith("unreachable")


def test_an_agent_that_can_t_be_asked_is_trouble(consul: ScriptedConsul) -> None:
    consul.script(METRICS, always=lambda request: request.text("?", status=500))
    trouble = heard(consul).trouble
    assert trouble is not None and trouble.kind == "unreachable"


def test_an_agent_of_another_datacenter_says_nothing_of_ours(
    consul: ScriptedConsul,
) -> None:
    assert isinstance(fact(consul, datacenter="dc1"), StoreFact)
    told = fact(consul, datacenter="east")
    assert isinstance(told, UnreadFact)
    assert told.why == "it belongs to dc1, another datacenter than is watched"
    assert consul.asked(METRICS) == [{"dc": "dc1"}]


def test_another_agent_behind_the_address_begins_anew(consul: ScriptedConsul) -> None:
    flaps = told_of(counters={"consul.serf.member.flap": 1})
    consul.script(METRICS, always=lambda request: request.json(flaps))
    other = AGENT | {"Config": AGENT["Config"] | {"NodeName": "node-b"}}
    with Watch(ConsulAddress(consul.url), replace(QUICK, agent_s=0.05)) as said:
        first, _ = said.wait("agent")
        assert dict(first.facts[0].measures)["consul_flaps"] == 1  # type: ignore[union-attr]
        consul.script(SELF, always=lambda request: request.json(other))
        later, _ = said.wait("agent", lambda r: r.facts[0].target == "agent node-b")
    assert dict(later.facts[0].measures)["consul_flaps"] == 1  # type: ignore[union-attr]
