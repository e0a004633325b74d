"""Pods that are taken off their cluster node: told as such, and awaited for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.evicted import CAUSES
from app.domain.facts import EventFact, PodFact
from app.domain.status import Status
from app.domain.subject import NodeId
from tests.domain.scene import Scene, k8s
from tests.domain.test_consul_verdicts import CHECKS, check

BY_API = "EvictionByEvictionAPI"
ALONE = "1 evicted: it was asked of the API, as when node worker-2 is drained"


def told(scene: Scene, pod: PodFact, **more: object) -> PodFact:
    """Kubernetes tells of a pod."""
    now = replace(pod, **more)  # type: ignore[arg-type]  # a few of its fields
    scene.news(k8s(f"pods/{pod.namespace}"), now)
    scene.look()
    return now


def take(scene: Scene, node: str, reason: str = BY_API, at: int = 0) -> PodFact:
    """A pod is evicted, and on its way out."""
    pod = scene.pods(node)[at]
    return told(scene, pod, evicted=reason, host="worker-2", terminating=True)


def gone(scene: Scene, pod: PodFact) -> None:
    scene.news(k8s(f"pods/{pod.namespace}"), gone=(pod.key,))
    scene.look()


def comes(scene: Scene, like: PodFact, name: str = "next", **more: object) -> PodFact:
    plain = {"name": name, "evicted": None, "terminating": False, "host": "worker-3"}
    return told(scene, like, **(plain | more))


def reasons(scene: Scene, node: str = "voice") -> list[str]:
    return [reason.text for reason in scene.node(node).reasons]


def test_it_is_told_at_once_and_degrades_the_box_only_if_it_lasts(scene: Scene) -> None:
    gone(scene, take(scene, "voice"))
    text = f"gws-platform-voice: 1 of 2 pods ready, {ALONE}"
    assert reasons(scene) == [text]
    assert scene.node("voice").status is Status.OK
    scene.sight_kept()
    assert scene.node("voice", after=60).status is Status.DEGRADED
    assert reasons(scene) == [text]
    assert scene.off() == {}


def test_who_comes_instead_is_told_beside(scene: Scene) -> None:
    pod = take(scene, "voice")
    comes(scene, pod, ready=False, waiting_reason="ContainerCreating")
    (text,) = reasons(scene)
    assert text.endswith(f"1 of 2 pods ready, {ALONE}; ContainerCreating (1)")


def test_several_that_are_asked_off_one_node_are_a_drain(scene: Scene) -> None:
    take(scene, "voice")
    take(scene, "setting")
    for node in ("voice", "setting"):
        (text,) = reasons(scene, node)
        assert text.endswith("1 of 2 pods ready, 1 evicted: node worker-2 is drained")


def test_consul_is_excused_while_others_are_awaited_and_no_longer(scene: Scene) -> None:
    gone(scene, take(scene, "voice"))
    scene.hear(CHECKS, check("voice", "critical", 1), check("voice", "passing", 2))
    assert scene.off(after=30) == {}
    assert scene.off(after=29) == {}
    assert scene.wake_at is not None
    scene.look(after=1)
    assert scene.connection(29, after=10).status is Status.DEGRADED


def test_once_its_workload_is_whole_it_explains_nothing_more(scene: Scene) -> None:
    pod = take(scene, "voice")
    gone(scene, pod)
    new = comes(scene, pod)
    assert reasons(scene) == []
    assert scene.memory.past.evicted == {}
    told(scene, new, ready=False, waiting_reason="CrashLoopBackOff")
    assert reasons(scene) == [
        "gws-platform-voice: 1 of 2 pods ready: CrashLoopBackOff (1)"
    ]


def test_one_that_lingers_neither_restarts_nor_waits_nor_explains_what_comes_later(
    scene: Scene,
) -> None:
    pod = told(
        scene, scene.pods("iwd")[0], phase="Failed", ready=False, restarts=7,
        evicted="Evicted", waiting_reason="Evicted", host="worker-1",
    )  # fmt: skip
    assert reasons(scene, "iwd") == [
        "iwd: 1 of 2 pods ready, "
        "1 evicted: node worker-1 is short of memory, disk or processes"
    ]
    new = comes(scene, pod, phase="Running", ready=True, restarts=0)
    assert reasons(scene, "iwd") == []
    assert scene.node("iwd").restarts == 0
    told(scene, new, ready=False, waiting_reason="CrashLoopBackOff")
    assert reasons(scene, "iwd") == ["iwd: 1 of 2 pods ready: CrashLoopBackOff (1)"]


def test_those_that_linger_do_not_accuse_the_node_that_they_were_on(
    scene: Scene,
) -> None:
    for node in ("iwd", "ucs"):
        first, second = scene.pods(node)
        told(scene, first, phase="Failed", ready=False, evicted="Evicted", host="old")
        told(scene, second, ready=False, host="worker-1")
    assert {suspect.host for suspect in scene.look().suspects} == {"worker-1"}


def test_no_ready_endpoint_stays_a_hard_fact_and_names_the_drain(scene: Scene) -> None:
    take(scene, "iwd", at=0)
    take(scene, "iwd", at=1)
    state = scene.connection(26)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == (
        "no ready endpoint, 0 of 2 pods ready, 2 evicted: node worker-2 is drained"
    )


def test_a_pod_that_is_marked_and_stays_is_no_loss(scene: Scene) -> None:
    pod = told(scene, scene.pods("voice")[0], evicted=BY_API, host="worker-2")
    assert reasons(scene) == []
    told(scene, pod, evicted=None)
    assert scene.memory.past.evicted == {}


def test_the_next_pod_of_the_same_name_is_not_the_one_that_left(scene: Scene) -> None:
    pod = take(scene, "redis")
    comes(scene, pod, name=pod.name, ready=False)
    (text,) = reasons(scene, "redis")
    assert f", {ALONE}; " in text
    comes(scene, pod, name=pod.name, ready=True)
    assert reasons(scene, "redis") == []
    take(scene, "redis")
    (text,) = reasons(scene, "redis")
    assert ALONE in text


@pytest.mark.parametrize("reason", [*CAUSES, "WordOfTheNextVersion"])
def test_every_word_of_kubernetes_has_one_of_ours(scene: Scene, reason: str) -> None:
    take(scene, "voice", reason)
    (text,) = reasons(scene)
    assert "1 evicted: " in text
    assert "node worker-2" in text


def test_causes_are_told_apart_and_a_node_that_nobody_names_is_unknown(
    scene: Scene,
) -> None:
    first, second = scene.pods("iwd")
    told(scene, first, evicted="Preempted", terminating=True)
    told(scene, second, evicted="DeletionByPodGC", terminating=True, host="worker-1")
    assert scene.connection(26).reasons[0].text == (
        "no ready endpoint, 0 of 2 pods ready, "
        "1 evicted: a pod of higher priority takes its place on node (unknown), "
        "1 evicted: node worker-1 is gone"
    )


@pytest.mark.parametrize(
    ("reason", "message", "minutes_ago", "explains"),
    [
        ("TaintManagerEviction", "Marking for deletion Pod gws/x", 0, True),
        ("TaintManagerEviction", "Cancelling deletion of Pod gws/x", 0, False),
        ("TaintManagerEviction", "Marking for deletion Pod gws/x", 11, False),
        ("Killing", "Stopping container main", 0, False),
    ],
)
def test_an_event_tells_it_where_the_pod_does_not(
    scene: Scene, reason: str, message: str, minutes_ago: int, *, explains: bool
) -> None:
    pod = told(scene, scene.pods("voice")[0], host="worker-2")
    at = scene.now - timedelta(minutes=minutes_ago)
    for name in (pod.name, "of-another"):
        event = EventFact(
            NodeId("voice"), pod.namespace, name, f"pod/{name}", "Normal", reason,
            message, 1, at,
        )  # fmt: skip
        scene.news(k8s(f"events/{pod.namespace}"), event)
    told(scene, pod, terminating=True)
    gone(scene, pod)
    (text,) = reasons(scene)
    taint = "1 evicted: node worker-2 has a taint that it does not tolerate"
    assert (taint in text) is explains
