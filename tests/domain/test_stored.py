"""What is shown of a box beside its status: versions, and how full a store is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.facts_stores import StoreFact
from app.domain.reading import Feed
from app.domain.subject import NodeId
from tests.domain.scene import Scene, k8s

REDIS = NodeId("redis")
MIB = 2**20


def server(target: str = "a", **more: object) -> StoreFact:
    plain: dict[str, object] = {
        "version": "7.0.15", "role": "master", "clients": 20, "most_clients": 100,
        "memory": MIB + 1, "most_memory": 10 * MIB,
    }  # fmt: skip
    return StoreFact(REDIS, target, **(plain | more))  # type: ignore[arg-type]


def hear(scene: Scene, *facts: StoreFact, feed: str = "redis") -> None:
    scene.hear(Feed("redis", feed, 45), *facts)


def shown(scene: Scene, after: float = 0.0) -> tuple[int | None, ...]:
    node = scene.node("redis", after)
    return (node.memory, node.memory_limit, node.clients, node.clients_limit)


def images(scene: Scene, node: str, *names: str | None) -> str | None:
    for pod, image in zip(scene.pods(node), names, strict=True):
        scene.news(k8s(f"pods/{pod.namespace}"), replace(pod, image=image))
    return scene.node(node).version


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("voice:9.0.1", "9.0.1"),
        ("registry:5000/gws/voice:9.0.1@sha256:ab", "9.0.1"),
        ("registry:5000/gws/voice", None),
        ("gws/voice@sha256:ab", None),
        (None, None),
    ],
)
def test_a_version_is_the_tag_of_the_image(
    image: str | None, version: str | None, scene: Scene
) -> None:
    assert images(scene, "voice", image, image) == version


def test_several_versions_are_all_named(scene: Scene) -> None:
    assert images(scene, "voice", "voice:9.0.2", "voice:9.0.1") == "9.0.1, 9.0.2"


def test_a_stores_own_word_goes_before_its_images(scene: Scene) -> None:
    assert images(scene, "redis", "redis:latest", "redis:latest") == "latest"
    hear(scene, server())
    assert scene.node("redis").version == "7.0.15"


def test_servers_are_added_up_in_whole_mebibytes(scene: Scene) -> None:
    hear(scene, server(), server("b"))
    assert shown(scene) == (3 * MIB, 20 * MIB, 40, 200)


def test_what_one_server_does_not_say_is_not_guessed(scene: Scene) -> None:
    hear(scene, server(), server("b", memory=None, most_clients=None))
    assert shown(scene) == (None, 20 * MIB, 40, None)


def test_an_old_word_is_not_added_to_a_fresh_one(scene: Scene) -> None:
    hear(scene, server())
    assert shown(scene)[2] == 20
    assert shown(scene, after=60) == (None, None, None, None)


def test_a_server_is_not_counted_twice_because_its_exporter_tells_too(
    scene: Scene,
) -> None:
    hear(scene, server(version="", names_callers=False), feed="exporter")
    assert shown(scene)[2] == 20
    hear(scene, server("b"))
    assert shown(scene)[2] == 20


def test_a_box_that_is_no_store_has_neither(scene: Scene) -> None:
    node = scene.node("voice")
    assert (node.memory, node.clients, node.version) == (None, None, None)
