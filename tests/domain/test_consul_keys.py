"""The keys that GWS services read from Consul at their start."""

from app.domain.facts import ConsulClusterFact, KeysFact
from app.domain.reading import Feed
from app.domain.status import Status
from tests.domain.scene import Scene

CLUSTER = Feed("consul", "cluster", 6)
KEYS = Feed("consul", "keys", 15)


def keys(count: int | None) -> KeysFact:
    return KeysFact("settings/", count)


def heard(scene: Scene, count: int | None) -> None:
    scene.hear(CLUSTER, ConsulClusterFact("10.0.0.1:8300", 3))
    scene.hear(KEYS, keys(count))


def told(scene: Scene) -> str | None:
    marks = {mark.witness: mark.text for mark in scene.connection(8).witnesses}
    return marks["consul"]


def test_keys_that_are_there_are_part_of_what_is_well(scene: Scene) -> None:
    heard(scene, 14)
    assert told(scene) == "leader known, 3 servers, 14 entries under settings/"
    assert scene.off() == {}


def test_keys_that_never_were_there_accuse_nobody(scene: Scene) -> None:
    heard(scene, 0)
    assert told(scene) == "leader known, 3 servers, no key under settings/"
    assert scene.off() == {}


def test_keys_that_are_gone_degrade_consul_at_once(scene: Scene) -> None:
    heard(scene, 14)
    scene.look()
    heard(scene, 0)
    node = scene.node("consul", after=1)
    assert node.status is Status.DEGRADED
    text = "the key prefix settings/ is gone: GWS services can't start"
    assert node.reasons[0].text == text
    assert scene.off() == dict.fromkeys((3, 8, 19, 22), "degraded")


def test_keys_that_we_may_not_read_degrade_nothing(scene: Scene) -> None:
    heard(scene, 14)
    scene.look()
    heard(scene, None)
    assert scene.off(after=1) == {}
    assert told(scene) == (
        "leader known, 3 servers, settings/ can't be read by our token, which lacks "
        'key_prefix "settings/" { policy = "read" }'
    )


def test_a_lost_leader_is_told_without_the_keys(scene: Scene) -> None:
    heard(scene, 14)
    scene.hear(CLUSTER, ConsulClusterFact("", 3))
    assert told(scene) == "Consul has no cluster leader"


def test_keys_alone_speak_for_consul_too() -> None:
    scene = Scene()
    scene.hear(KEYS, keys(14))
    assert scene.node("consul").status is Status.OK
