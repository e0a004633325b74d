"""What Consul says about itself: leader, peers, autopilot; and what follows from it."""

import pytest

from app.domain.facts import ConsulClusterFact
from collectors.consul import ConsulAddress, Pace
from collectors.consul_pace import backoff
from tests.collectors.consul_watching import Watch
from tests.collectors.scripted_consul import (
    AUTOPILOT,
    CATALOG,
    CHECKS,
    LEADER,
    PEERS,
    ScriptedConsul,
    check,
)


@pytest.fixture
def consul():
    with ScriptedConsul() as server:
        yield server


@pytest.fixture
def address(consul):
    return ConsulAddress(consul.url)


def test_no_leader_is_a_fact_about_consul(consul, address):
    for path in (CHECKS, CATALOG):
        consul.script(path, always=lambda r: r.text("No cluster leader", status=500))
    consul.leader = ""
    with Watch(address) as heard:
        cluster, _ = heard.wait("cluster")
        said = heard.trouble("checks")
    assert cluster.facts == (ConsulClusterFact("", 0),)
    assert "no cluster leader" in said


def test_a_refused_question_about_the_leader_is_the_same_fact(consul, address):
    with Watch(address) as heard:
        heard.wait("cluster")
        consul.script(LEADER, always=lambda r: r.text("No cluster leader", status=500))
        cluster, _ = heard.wait("cluster", lambda r: r.facts[0].leader == "")
    assert cluster.facts == (ConsulClusterFact("", 1),)


def test_an_answer_without_a_known_leader_is_not_believed(consul, address):
    consul.script(CHECKS, always=lambda r: r.json([check()], index=9, leader=False))
    with Watch(address) as heard:
        assert "no cluster leader" in heard.trouble("checks")


def test_lists_are_asked_at_once_when_the_leader_is_back(consul, address):
    consul.script(CHECKS, always=lambda r: r.text("No cluster leader", status=500))
    consul.leader = ""
    with Watch(address) as heard:
        heard.wait("checks", lambda r: r.trouble, after=5)
        consul.heal(CHECKS)
        consul.leader = "127.0.0.1:8300"
        _, elected = heard.wait("cluster", lambda r: r.facts[0].leader)
        _, listed = heard.wait("checks", lambda r: r.facts)
    assert listed - elected < backoff(7, chance=0)


def test_lists_are_asked_anew_when_another_server_leads(consul, address):
    with Watch(address, Pace(wait_s=60.0, poll_s=0.1)) as heard:
        heard.wait("cluster")
        consul.wait_asked(CHECKS, 2)
        consul.leader = "127.0.0.2:8300"
        consul.wait_asked(CHECKS, 4)
    assert consul.asked(CHECKS)[2] == {}
    assert not [reading for reading in heard.readings if reading.trouble]


def test_an_unhealthy_autopilot_is_read_from_its_429(consul, address):
    told = {"Healthy": False, "FailureTolerance": 0}
    consul.script(AUTOPILOT, always=lambda r: r.json(told, status=429))
    with Watch(address) as heard:
        cluster, _ = heard.wait("cluster")
    assert cluster.facts[0].autopilot_healthy is False


@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_autopilot_that_may_not_be_asked_is_unknown_and_no_trouble(
    consul, address, status
):
    consul.script(
        AUTOPILOT, always=lambda r: r.text("Permission denied", status=status)
    )
    with Watch(address) as heard:
        cluster, _ = heard.wait("cluster", after=3)
    assert cluster.facts == (ConsulClusterFact("127.0.0.1:8300", 1, None, None),)
    assert not [reading for reading in heard.of("cluster") if reading.trouble]


def test_a_cluster_that_can_not_be_asked_is_trouble(consul, address):
    consul.script(PEERS, always=lambda r: r.text("<html>", "text/html"))
    with Watch(address) as heard:
        assert heard.trouble("cluster").startswith("misread: Consul at ")
