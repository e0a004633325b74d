"""What is drawn and nobody sees: told, idle, and never coloured."""

from __future__ import annotations

from datetime import timedelta

from app.domain.evaluate import Deployment
from app.domain.explain import Effect, explain
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.facts_traffic import TrafficFact
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId
from tests.domain.scene import Scene

MESH = Feed("prometheus", "istio", 45)
STORE = Feed("redis", "10.0.0.1:6379", 45)
REDIS, VOICE, WORKSPACE = NodeId("redis"), NodeId("voice"), NodeId("workspace")
FROM_WORKSPACE_TO_REDIS = 18
NOT_SEEN = (
    "not seen by Istio since 2026-11-24 10:00 UTC; "
    "it sees 2 other connections of GWS Workspace Service"
)


def mesh(scene: Scene, *numbers: int) -> None:
    scene.hear(MESH, *[TrafficFact(n, "istio", 60, 100.0, by="istio") for n in numbers])
    scene.look()


def store(scene: Scene, *callers: NodeId | None) -> None:
    clients = [
        ClientsFact(REDIS, "r", one, 4, active=1, oldest_s=60) for one in callers
    ]
    scene.hear(STORE, StoreFact(REDIS, "r", "7.0", "master", 20, 100), *clients)
    scene.look()


def an_hour_later(scene: Scene) -> None:
    scene.now += timedelta(hours=1)
    scene.staff()


def texts(scene: Scene, number: int) -> list[str]:
    return [reason.text for reason in scene.connection(number).reasons]


def test_a_connection_that_a_mesh_never_saw_is_idle_after_an_hour(scene: Scene) -> None:
    mesh(scene, 29, 30)
    assert texts(scene, 26) == []
    an_hour_later(scene)
    mesh(scene, 29, 30)
    state = scene.connection(26)
    assert (state.status, texts(scene, 26)) == (Status.IDLE, [NOT_SEEN])
    deployment = Deployment("demo", scene.topology, scene.limits, scene.sources)
    told = explain(deployment, scene.knowledge, scene.memory, scene.now, 26)
    assert told is not None
    assert [(r.rule, r.effect) for r in told.rulings if r.text == NOT_SEEN] == [
        ("unseen-istio", Effect.DECIDES)
    ]


def test_a_single_other_one_is_told_as_such(scene: Scene) -> None:
    mesh(scene, 29)
    an_hour_later(scene)
    mesh(scene, 29)
    (text,) = texts(scene, 26)
    assert text.endswith("1 other connection of GWS Workspace Service")


def test_nothing_is_said_of_what_the_same_eyes_could_not_see(scene: Scene) -> None:
    mesh(scene, 29, 30)
    an_hour_later(scene)
    mesh(scene, 29, 30)
    assert texts(scene, FROM_WORKSPACE_TO_REDIS) == []
    assert texts(scene, 19) == []
    assert texts(scene, 7) == []


def test_what_is_broken_keeps_its_colour(scene: Scene) -> None:
    mesh(scene, 29, 30)
    an_hour_later(scene)
    mesh(scene, 29, 30)
    scene.crash("iwd")
    assert scene.connection(26).status is Status.FAILING
    assert NOT_SEEN not in texts(scene, 26)


def test_one_that_was_seen_once_is_there(scene: Scene) -> None:
    mesh(scene, 26, 29)
    mesh(scene, 29)
    an_hour_later(scene)
    mesh(scene, 29)
    assert texts(scene, 26) == []


def test_one_that_its_caller_counts_is_there(scene: Scene) -> None:
    mesh(scene, 29, 30)
    an_hour_later(scene)
    mesh(scene, 29, 30)
    counted = TrafficFact(26, "pod", 60, 100.0, 0.0)
    scene.hear(Feed("scrape", "pod", 45), counted)
    assert scene.connection(26).status is Status.OK


def test_who_is_not_heard_now_misses_nothing(scene: Scene) -> None:
    mesh(scene, 29, 30)
    an_hour_later(scene)
    assert texts(scene, 26) == []


def test_a_store_that_knows_all_its_clients_tells_who_never_came(scene: Scene) -> None:
    store(scene, VOICE)
    an_hour_later(scene)
    store(scene, VOICE)
    state = scene.connection(FROM_WORKSPACE_TO_REDIS)
    assert (state.status, texts(scene, FROM_WORKSPACE_TO_REDIS)) == (
        Status.IDLE,
        ["not seen by Redis itself since 2026-11-24 10:00 UTC; it sees 1 other caller"],
    )
    store(scene, VOICE, NodeId("interaction"))
    (text,) = texts(scene, FROM_WORKSPACE_TO_REDIS)
    assert text.endswith("2 other callers")
    store(scene, VOICE, WORKSPACE)
    assert scene.connection(FROM_WORKSPACE_TO_REDIS).status is Status.OK


def test_a_store_with_clients_that_nobody_knows_tells_nothing(scene: Scene) -> None:
    store(scene, VOICE, None)
    an_hour_later(scene)
    store(scene, VOICE, None)
    assert texts(scene, FROM_WORKSPACE_TO_REDIS) == []


def test_a_store_that_has_no_clients_at_all_tells_nothing(scene: Scene) -> None:
    store(scene)
    an_hour_later(scene)
    store(scene)
    assert texts(scene, FROM_WORKSPACE_TO_REDIS) == []
