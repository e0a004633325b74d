"""Which box to look at first."""

from __future__ import annotations

from datetime import timedelta

from app.domain.subject import NodeId
from app.domain.suspects import depth, explained
from app.domain.topology import standard
from tests.domain.scene import NOW, Scene

LONG_AGO = dict.fromkeys(range(1, 32), NOW)


def suspects(scene: Scene) -> list[tuple[str, tuple[int, ...]]]:
    return [(s.node, s.explains) for s in scene.look().suspects]


def test_no_trouble_no_suspect(scene: Scene) -> None:
    assert suspects(scene) == []


def test_one_box_explains_all_that_lead_to_it(scene: Scene) -> None:
    scene.crash("redis")
    assert suspects(scene) == [("redis", (12, 18, 24, 25))]
    text = scene.look().suspects[0].text
    assert text == (
        "Look at Redis first: no ready endpoint, 0 of 2 pods ready: "
        "CrashLoopBackOff (2). It explains connections 12, 18, 24, 25."
    )


def test_a_member_of_the_group_explains_the_groups_own_line(scene: Scene) -> None:
    scene.crash("voice")
    assert suspects(scene) == [("voice", (2, 29))]


def test_two_causes_are_two_suspects_the_larger_first(scene: Scene) -> None:
    scene.crash("iwd")
    scene.look(after=1)
    scene.crash("redis")
    assert suspects(scene) == [("redis", (12, 18, 24, 25)), ("iwd", (26,))]


def test_connections_are_named_in_the_order_in_which_they_turned(scene: Scene) -> None:
    scene.crash("authentication")
    scene.look(after=1)
    (suspect,) = scene.look().suspects
    assert suspect.explains == (11, 14, 20)
    assert suspect.first_seen == NOW + timedelta(seconds=1)


def test_what_reaches_the_box_through_bad_lines_is_explained_too() -> None:
    bad = {18: NOW, 6: NOW + timedelta(seconds=2), 13: NOW}
    assert explained(standard(), [NodeId("redis")], bad) == {6, 18}


def test_a_box_that_explains_nothing_new_is_no_suspect(scene: Scene) -> None:
    scene.crash("redis", count=1)
    scene.look()
    scene.sight_kept()
    scene.look(after=60)
    assert suspects(scene) == []


def test_depth_counts_the_calls_below() -> None:
    topology = standard()
    assert depth(topology, NodeId("redis")) == 0
    assert depth(topology, NodeId("setting")) == 1
    assert depth(topology, NodeId("clients")) > depth(topology, NodeId("workspace"))


def test_every_bad_line_of_an_accused_box_is_explained_in_a_cycle_free_picture() -> (
    None
):
    topology = standard()
    for box in topology.boxes:
        into = {c.number for c in topology.connections if c.destination == box.id}
        assert into <= explained(topology, [box.id], LONG_AGO)
