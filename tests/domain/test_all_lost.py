"""When nothing answers any more: our place, or everything at once; not each box."""

from __future__ import annotations

from app.domain.facts import ProbeFact, ProbeOutcome
from app.domain.reading import Feed
from app.domain.subject import NodeId
from tests.domain.scene import Scene

ASKED = ("voice", "iwd", "setting")


def probe(scene: Scene, node: str, kind: str, *oks: bool) -> None:
    outcomes = tuple(ProbeOutcome(scene.now, ok, "said so") for ok in oks)
    target = f"{node}:80"
    fact = ProbeFact(NodeId(node), kind, target, outcomes)
    scene.hear(Feed("probe", target, 30), fact)


def all_answer(scene: Scene) -> None:
    for node in ASKED:
        probe(scene, node, "http", True)
    probe(scene, "redis", "tcp", True)
    scene.look()


def test_a_frozen_deployment_whose_machines_still_accept_turns_nothing_red(
    scene: Scene,
) -> None:
    all_answer(scene)
    for node in ASKED:
        probe(scene, node, "http", True, False)
    probe(scene, "redis", "tcp", True)
    probe(scene, "iwd", "http", False, False, False)
    assert scene.off() == {}


def test_what_stops_answering_stays_stale_when_the_watches_are_silent_too(
    scene: Scene,
) -> None:
    all_answer(scene)
    scene.now = scene.look(after=91).at
    for node in (*ASKED, "redis"):
        probe(scene, node, "http", False, False, False)
    assert set(scene.off().values()) == {"stale"}
    assert scene.look().suspects == ()


def test_boxes_whose_pods_are_known_to_be_gone_are_not_excused(scene: Scene) -> None:
    all_answer(scene)
    for box in scene.topology.boxes:
        scene.crash(box.id)
    for node in ASKED:
        probe(scene, node, "http", False, False, False)
    reasons = [reason.witness for reason in scene.node("iwd").reasons]
    assert reasons == ["kubernetes", "probe"]


def test_two_boxes_that_are_lost_are_no_blindness(scene: Scene) -> None:
    for node in ASKED[:2]:
        probe(scene, node, "http", True)
    scene.look()
    for node in ASKED[:2]:
        probe(scene, node, "http", False, False, False)
    assert set(scene.off()) >= {26, 29}
