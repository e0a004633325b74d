"""Who is accused when it is not simply a box that is down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.charges import Charge, Charges
from app.domain.facts_traffic import TrafficFact
from app.domain.reading import Feed
from app.domain.snapshot import Suspect
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.domain.suspects import suspects
from app.domain.topology import standard
from app.domain.verdict import Track
from tests.domain.scene import NOW, Scene, k8s

TOPOLOGY = standard()


def counted(scene: Scene, *counts: tuple[Subject, dict[str, float]]) -> None:
    """Heard twice, until it may colour."""
    for _ in range(2):
        for subject, more in counts:
            made = {"requests": 100.0, "errors": 0.0, "window_s": 15.0} | more
            fact = TrafficFact(subject, "pod-1", by="istio", **made)
            scene.hear(Feed("prometheus", f"istio/{subject}", 45), fact)
        scene.look(scene.limits.enter + 1)


def first(scene: Scene) -> Suspect:
    return scene.look().suspects[0]


REFUSED = {"connects": 100.0, "connect_failures": 80.0}
ERRORS = {"errors": 50.0}


def test_a_connection_that_alone_is_refused_is_the_suspect_itself(scene: Scene) -> None:
    counted(scene, (24, REFUSED), (18, {}))
    (suspect,) = scene.look().suspects
    assert (suspect.node, suspect.connection, suspect.explains) == (None, 24, (24,))
    assert suspect.text == (
        "Look at connection 24 (GWS Interaction Service to Redis) first: 80.0% of connects fail, "
        "counted by the caller, by Istio."
    )


def test_who_answers_badly_is_suspected_and_not_the_way(scene: Scene) -> None:
    counted(scene, (17, ERRORS))
    assert (first(scene).node, first(scene).connection) == ("voicemail", None)


def test_who_answers_others_well_is_not_suspected(scene: Scene) -> None:
    counted(scene, (24, ERRORS), (18, {}))
    assert first(scene).connection == 24


def test_who_counts_nothing_amiss_itself_is_not_suspected(scene: Scene) -> None:
    counted(scene, (17, ERRORS), (NodeId("voicemail"), {}))
    assert first(scene).connection == 17


def test_who_has_a_pod_that_answers_badly_is_suspected_though_the_sum_is_well(
    scene: Scene,
) -> None:
    for _ in range(2):
        for pod, errors in (("pod-1", 30.0), ("pod-2", 0.0)):
            sent = {"requests": 5000.0 - 100 * errors, "errors": errors}
            fact = TrafficFact(NodeId("voicemail"), pod, 15.0, **sent)
            scene.hear(Feed("scrape", pod, 45), fact)
        counted(scene, (17, ERRORS))
    assert scene.node("voicemail").status is Status.OK
    assert (first(scene).node, first(scene).connection) == ("voicemail", None)


def test_what_all_callers_together_meet_clears_nobody(scene: Scene) -> None:
    box = NodeId("authentication")
    slow = {"duration_sum_s": 80.0, "duration_count": 40.0}
    fast = {"duration_sum_s": 20.0, "duration_count": 960.0}
    for _ in range(2):
        for pod, sent in (("environment-1", slow), ("auth-1", fast)):
            fact = TrafficFact(box, pod, 15.0, sent["duration_count"], 0.0, **sent)
            scene.hear(Feed("scrape", pod, 45), fact)
        counted(scene, (14, slow))
    assert scene.connection(20).status is Status.OK
    assert (first(scene).node, first(scene).explains) == (box, (14,))


def test_the_deepest_of_those_who_answer_badly_comes_first(scene: Scene) -> None:
    counted(scene, (6, ERRORS), (17, ERRORS))
    assert [s.node for s in scene.look().suspects] == ["voicemail"]
    assert first(scene).explains == (6, 17)


def test_own_witnesses_are_believed_before_counters(scene: Scene) -> None:
    counted(scene, (17, ERRORS))
    scene.crash("voicemail")
    assert "CrashLoopBackOff" in first(scene).text


def test_nobody_is_cleared_while_the_line_is_still_red(scene: Scene) -> None:
    scene.crash("redis")
    said = first(scene).text
    scene.heal("redis")
    assert scene.connection(12, after=1).status is Status.FAILING
    assert first(scene).text == said
    assert scene.look(after=scene.limits.leave).suspects == ()


def test_whom_only_callers_accuse_is_not_cleared_before_their_line(
    scene: Scene,
) -> None:
    counted(scene, (17, ERRORS))
    said, since = first(scene).text, first(scene).first_seen
    counted(scene, (17, {}))
    assert scene.connection(17).status is Status.FAILING
    assert (first(scene).text, first(scene).first_seen) == (said, since)
    assert since == scene.connection(17).since
    assert scene.look(after=scene.limits.leave).suspects == ()


def test_whom_callers_accused_is_cleared_where_the_way_is_accused_instead(
    scene: Scene,
) -> None:
    counted(scene, (17, ERRORS))
    counted(scene, (17, ERRORS), (NodeId("voicemail"), {}))
    (suspect,) = scene.look().suspects
    assert suspect.connection == 17


def on_hosts(scene: Scene, **hosts: str) -> None:
    """Every pod runs on `else`, those of the boxes named where it is told."""
    for box in scene.topology.boxes:
        for pod in scene.pods(box.id):
            host = hosts.get(box.id, "else")
            scene.news(k8s(f"pods/{pod.namespace}"), replace(pod, host=host))


def test_a_cluster_node_that_took_its_boxes_along_is_the_one_suspect(
    scene: Scene,
) -> None:
    on_hosts(scene, redis="worker-2", iwd="worker-2")
    scene.crash("redis")
    scene.crash("iwd")
    (suspect,) = scene.look().suspects
    assert (suspect.node, suspect.host) == (None, "worker-2")
    assert suspect.explains == (12, 18, 24, 25, 26)
    assert suspect.text == (
        "Look at cluster node worker-2 first: none of the 4 pods on it is ready "
        "(Intelligent Workload Distribution, Redis). It explains connections 12, 18, 24, 25, 26."
    )


def test_a_cluster_node_where_anything_runs_on_is_not_suspected(scene: Scene) -> None:
    on_hosts(scene, redis="worker-2", iwd="worker-2", voice="worker-2")
    scene.crash("redis")
    scene.crash("iwd")
    assert [s.host for s in scene.look().suspects] == [None, None]


def test_a_box_that_lost_pods_elsewhere_too_is_suspected_itself(scene: Scene) -> None:
    on_hosts(scene, redis="worker-2", iwd="worker-2")
    pod = scene.pods("redis")[0]
    scene.news(k8s(f"pods/{pod.namespace}"), replace(pod, host="else"))
    scene.crash("redis")
    scene.crash("iwd")
    assert [s.node for s in scene.look().suspects] == ["redis", "iwd"]


def test_where_all_is_lost_no_cluster_node_is_to_blame(scene: Scene) -> None:
    on_hosts(scene)
    for box in scene.topology.boxes:
        scene.crash(box.id)
    assert all(s.host is None for s in scene.look().suspects)


def test_a_cluster_node_stays_suspected_while_its_boxes_are_red(scene: Scene) -> None:
    on_hosts(scene, redis="worker-2", iwd="worker-2")
    scene.crash("redis")
    scene.crash("iwd")
    scene.look()
    scene.heal("redis")
    scene.heal("iwd")
    assert first(scene).host == "worker-2"


def named(*boxes: str, bad: dict[int, float]) -> list[tuple[str | None, str]]:
    """The suspects among boxes that are equally accused; `bad`: number and second."""
    began = {n: NOW + timedelta(seconds=s) for n, s in bad.items()}
    charge = Charge(by_own=True, rank=Status.FAILING.rank, why="down")
    charged = Charges({NodeId(box): charge for box in boxes})
    tracks = {NodeId(box): Track(Status.FAILING, NOW) for box in boxes}
    return [(s.node, s.text) for s in suspects(TOPOLOGY, charged, tracks, began)]


def test_connections_are_told_in_the_waves_in_which_they_turned() -> None:
    ((_, text),) = named("redis", bad={12: 0.0, 18: 0.4, 24: 4.0, 6: 150.0})
    assert text == (
        "Look at Redis first: down. It explains connections 12, 18, "
        "then 24 after 4 s, then 6 after 2 min."
    )


def test_the_second_suspect_is_told_as_such() -> None:
    (_, one), (_, other) = named("redis", "iwd", bad={12: 0, 18: 0, 26: 1})
    assert one.startswith("Look at Redis first: ")
    assert (
        other
        == "Then look at Intelligent Workload Distribution: down. It explains connection 26."
    )


@pytest.mark.parametrize("also", [(), ("voicemail",)])
def test_a_box_whose_lines_others_explain_is_left_out(also: tuple[str, ...]) -> None:
    bad = {6: 0.0, 17: 0.0, 18: 0.0}
    found = [node for node, _ in named("redis", "workspace", *also, bad=bad)]
    assert found == ["redis", *also]
