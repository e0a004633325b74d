"""Verdicts that rest on what Kubernetes says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.facts import EndpointsFact, WorkloadFact
from app.domain.status import Status
from tests.domain.scene import Scene, k8s

INTO = {
    "service-proxy": {1}, "workspace": {6}, "provisioning": {7}, "gplus-adapter": {4},
    "agent-setup": {5}, "redis": {12, 18, 24, 25}, "postgresql": {9, 23},
    "elasticsearch": {13}, "consul": {3, 8, 19, 22}, "tenant": {10},
    "authentication": {11, 14, 20}, "voicemail": {17}, "iwd": {26},
    "digital-channels": {27}, "ucs": {28}, "data-collector": {15},
    "configuration": {16, 21}, "voice": {29}, "statistics": {30}, "setting": {31},
}  # fmt: skip


def test_all_is_well_when_all_pods_are_ready(scene: Scene) -> None:
    assert scene.off() == {}
    assert scene.look().status is Status.OK


@pytest.mark.parametrize("node", INTO, ids=str)
def test_a_box_whose_pods_are_gone_fails_exactly_what_leads_to_it(
    scene: Scene, node: str
) -> None:
    scene.crash(node)
    failing = {n for n, s in scene.off().items() if s == "failing"}
    assert failing == INTO[node]


@pytest.mark.parametrize("node", INTO, ids=str)
def test_what_a_box_that_is_down_would_call_is_idle(scene: Scene, node: str) -> None:
    scene.crash(node)
    outgoing = {c.number for c in scene.topology.connections if c.source == node}
    statuses = scene.statuses()
    assert {statuses[n] for n in outgoing} <= {"idle"}
    for number in outgoing:
        assert "source is down" in scene.connection(number).reasons[0].text


def test_one_platform_service_that_is_down_degrades_the_group(scene: Scene) -> None:
    scene.crash("voice")
    assert scene.off() == {2: "degraded", 25: "idle", 29: "failing"}


def test_the_group_fails_only_when_every_part_is_down(scene: Scene) -> None:
    for node in ("platform-services", *scene.topology.box("platform-services").members):
        scene.crash(node)
    statuses = scene.statuses()
    assert statuses[2] == "failing"
    assert statuses[8] == statuses[10] == statuses[11] == "idle"


def test_authentication_needs_both_its_workloads(scene: Scene) -> None:
    for pod in scene.pods("authentication"):
        if pod.workload == "gauth-environment":
            broken = replace(pod, ready=False, waiting_reason="OOMKilled")
            scene.news(k8s(f"pods/{pod.namespace}"), broken)
    state = scene.connection(14)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == (
        "gauth-environment: no ready endpoint, 0 of 2 pods ready: OOMKilled (2)"
    )


def test_the_reason_names_the_cause_and_the_witness(scene: Scene) -> None:
    scene.crash("redis", reason="ImagePullBackOff")
    reason = scene.connection(18).reasons[0]
    assert reason.witness == "kubernetes"
    assert reason.text == "no ready endpoint, 0 of 2 pods ready: ImagePullBackOff (2)"
    assert reason.observed_at == scene.now


def test_a_pod_without_a_reason_of_its_own_is_said_to_run_unready(scene: Scene) -> None:
    for pod in scene.pods("iwd"):
        scene.news(k8s("pods/iwd"), replace(pod, ready=False))
    assert scene.connection(26).reasons[0].text == (
        "no ready endpoint, 0 of 2 pods ready: running, not ready (2)"
    )


def test_a_pod_short_degrades_the_box_after_a_minute_and_no_connection(
    scene: Scene,
) -> None:
    scene.crash("redis", count=1)
    assert scene.node("redis").status is Status.OK
    assert scene.wake_at is not None
    scene.sight_kept()
    assert scene.node("redis", after=60).status is Status.DEGRADED
    assert scene.off() == {}


def test_a_pod_short_is_told_at_once_though_not_coloured(scene: Scene) -> None:
    scene.crash("redis", count=1)
    texts = [reason.text for reason in scene.node("redis").reasons]
    assert texts == [
        "infra-redis-redis-cluster: 1 of 2 pods ready: CrashLoopBackOff (1)"
    ]


def test_a_rollout_is_not_degraded(scene: Scene) -> None:
    scene.crash("voice", count=1, reason="ContainerCreating")
    work = work_of(scene, "voice")
    scene.news(k8s(f"deployments/{work.namespace}"), replace(work, rolling=True))
    scene.look()
    scene.sight_kept()
    assert scene.node("voice", after=61).status is Status.OK


def test_a_rollout_that_is_stuck_degrades(scene: Scene) -> None:
    work = work_of(scene, "voice")
    stuck = replace(work, rolling=True, stuck="ProgressDeadlineExceeded")
    scene.news(k8s(f"deployments/{work.namespace}"), stuck)
    scene.look()
    state = scene.node("voice", after=10)
    assert state.status is Status.DEGRADED
    assert "ProgressDeadlineExceeded" in state.reasons[0].text


def test_scaled_to_zero_is_said_as_such(scene: Scene) -> None:
    work = work_of(scene, "iwd")
    space = work.namespace
    scene.news(k8s(f"deployments/{space}"), replace(work, desired=0, ready=0))
    scene.news(k8s(f"pods/{space}"), gone=tuple(pod.key for pod in scene.pods("iwd")))
    state = scene.connection(26)
    assert (state.status, state.reasons[0].text) == (Status.FAILING, "scaled to zero")


def test_ready_pods_without_an_endpoint_fail(scene: Scene) -> None:
    slice_ = next(
        held.fact
        for held in scene.knowledge.held.values()
        if isinstance(held.fact, EndpointsFact) and held.fact.node == "iwd"
    )
    scene.news(k8s(f"endpointslices/{slice_.namespace}"), replace(slice_, ready=0))
    state = scene.connection(26)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == (
        "no ready endpoint behind its Service, 2 of 2 pods ready"
    )


def test_a_workload_that_is_deleted_fails_though_it_was_optional(scene: Scene) -> None:
    for plural in ("pods", "deployments", "endpointslices"):
        keys = [
            key
            for key, held in scene.knowledge.held.items()
            if held.feed == ("kubernetes", f"{plural}/iwd")
        ]
        scene.news(k8s(f"{plural}/iwd"), gone=tuple(keys))
    state = scene.connection(26)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == "nothing of it is left in namespace iwd"


def test_terminating_and_evicted_pods_are_not_staff(scene: Scene) -> None:
    first, second = scene.pods("iwd")
    scene.news(
        k8s("pods/iwd"),
        replace(first, terminating=True),
        replace(second, phase="Failed", ready=False),
    )
    assert scene.connection(26).status is Status.FAILING


def test_a_workload_without_pods_is_judged_by_its_controller() -> None:
    scene = Scene()
    scene.hear(
        k8s("deployments/iwd"),
        WorkloadFact(
            scene.topology.box("iwd").id, "iwd", "iwd", "Deployment", "iwd", 2, 0
        ),
    )
    assert scene.connection(26).status is Status.FAILING


def work_of(scene: Scene, node: str) -> WorkloadFact:
    return next(
        held.fact
        for held in scene.knowledge.held.values()
        if isinstance(held.fact, WorkloadFact) and held.fact.node == node
    )
