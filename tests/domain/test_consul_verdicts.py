"""Verdicts that rest on what Consul says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.facts import CheckFact, ConsulClusterFact, RegistrationFact
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId
from tests.domain.scene import Scene

CHECKS = Feed("consul", "checks", 90, continuous=True, expects_some=True)
CATALOG = Feed("consul", "catalog", 90, continuous=True, expects_some=True)
CLUSTER = Feed("consul", "cluster", 10)
REFUSED = "HTTP GET http://10.1.0.21:48051/health: connection refused"


def check(node: str, status: str, instance: int = 1, service: str = "") -> CheckFact:
    name = service or node
    output = "" if status == "passing" else REFUSED
    return CheckFact(
        NodeId(node), name, f"{name}-{instance}", "node-a", f"{name}-{instance}-ttl",
        status, output,
    )  # fmt: skip


def test_every_instance_critical_fails_at_once_with_the_checks_output(
    scene: Scene,
) -> None:
    scene.hear(CHECKS, check("voice", "critical", 1), check("voice", "critical", 2))
    state = scene.connection(29)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == f"voice: 2 of 2 instances critical: {REFUSED}"
    assert scene.connection(2).status is Status.DEGRADED


@pytest.mark.parametrize("status", ["critical", "warning", "maintenance", "strange"])
def test_one_bad_instance_degrades_after_ten_seconds(scene: Scene, status: str) -> None:
    scene.hear(CHECKS, check("voice", status, 1), check("voice", "passing", 2))
    assert scene.connection(29).status is Status.OK
    assert scene.connection(29, after=10).status is Status.DEGRADED


@pytest.mark.parametrize("turned", [False, True], ids=["last", "first"])
def test_the_worst_check_of_an_instance_counts(scene: Scene, turned: bool) -> None:
    well = check("voice", "passing")
    told = (well, replace(well, check="other", status="critical"))
    scene.hear(CHECKS, *(reversed(told) if turned else told))
    assert scene.connection(29).status is Status.FAILING


def test_one_id_on_two_nodes_is_two_instances(scene: Scene) -> None:
    bad = check("voice", "critical")
    good = replace(check("voice", "passing"), consul_node="node-b")
    scene.hear(CHECKS, bad, good)
    assert scene.connection(29).status is not Status.FAILING
    scene.hear(CHECKS, bad, replace(bad, consul_node="node-b"))
    assert scene.connection(29).status is Status.FAILING


def test_the_management_service_alone_only_degrades(scene: Scene) -> None:
    scene.hear(
        CHECKS,
        check("voice", "passing", service="gws-platform-voice"),
        check("voice", "critical", service="gws-platform-voice-management"),
    )
    scene.look()
    assert scene.connection(29, after=10).status is Status.DEGRADED


def test_with_nothing_but_the_management_service_it_counts(scene: Scene) -> None:
    bad = check("voice", "critical", service="gws-platform-voice-management")
    scene.hear(CHECKS, bad)
    assert scene.connection(29).status is Status.FAILING


def test_the_group_fails_when_consul_would_hand_out_no_part() -> None:
    scene = Scene()
    scene.hear(CHECKS, check("voice", "critical"), check("setting", "critical"))
    assert scene.connection(2).status is Status.FAILING
    scene.hear(CHECKS, check("voice", "critical"), check("setting", "passing"))
    scene.look()
    assert scene.connection(2, after=6).status is Status.DEGRADED


def test_a_lost_leader_fails_consuls_own_rows_and_names_consul(scene: Scene) -> None:
    scene.hear(CLUSTER, ConsulClusterFact("", 3))
    assert {n for n, s in scene.off().items() if s == "failing"} == {3, 8, 19, 22}
    assert scene.connection(8).reasons[0].text == "Consul has no cluster leader"
    (suspect,) = scene.look().suspects
    assert (suspect.node, suspect.explains) == ("consul", (3, 8, 19, 22))


def test_an_unhealthy_autopilot_degrades(scene: Scene) -> None:
    scene.hear(CLUSTER, ConsulClusterFact("10.0.0.1:8300", 3, autopilot_healthy=False))
    scene.look()
    scene.hear(CLUSTER, ConsulClusterFact("10.0.0.1:8300", 3, autopilot_healthy=False))
    assert scene.connection(8, after=10).status is Status.DEGRADED


def test_a_known_leader_is_a_positive_fact(scene: Scene) -> None:
    scene.hear(CLUSTER, ConsulClusterFact("10.0.0.1:8300", 3))
    marks = {m.witness: m.text for m in scene.connection(8).witnesses}
    assert marks["consul"] == "leader known, 3 servers"


def test_registered_without_a_check_is_well(scene: Scene) -> None:
    scene.hear(CATALOG, RegistrationFact(NodeId("voice"), "gws-platform-voice"))
    marks = {m.witness: (m.status, m.text) for m in scene.connection(29).witnesses}
    assert marks["consul"] == (Status.OK, "registered, without a health check")


def test_deregistered_degrades_after_a_minute(scene: Scene) -> None:
    voice = RegistrationFact(NodeId("voice"), "gws-platform-voice")
    other = RegistrationFact(NodeId("setting"), "gws-platform-setting")
    scene.hear(CATALOG, voice, other)
    scene.look()
    scene.hear(CATALOG, other)
    state = scene.connection(29)
    assert state.status is Status.OK
    assert state.reasons[0].text == (
        "gws-platform-voice: no longer registered in Consul, its pods are ready"
    )
    scene.sight_kept()
    assert scene.connection(29, after=60).status is Status.DEGRADED


def test_a_box_that_never_registered_is_not_missed(scene: Scene) -> None:
    scene.hear(CATALOG, RegistrationFact(NodeId("voice"), "gws-platform-voice"))
    assert scene.connection(18).reasons == ()


def test_without_kubernetes_consul_says_that_a_source_is_down() -> None:
    scene = Scene()
    scene.hear(CHECKS, check("workspace", "critical"), check("voice", "passing"))
    assert scene.connection(6).status is Status.FAILING
    assert scene.connection(29).status is Status.IDLE


def test_witnesses_that_disagree_are_said_to(scene: Scene) -> None:
    scene.hear(CHECKS, check("voice", "critical"))
    texts = [reason.text for reason in scene.connection(29).reasons]
    assert "witnesses disagree: consul failing, kubernetes well" in texts
