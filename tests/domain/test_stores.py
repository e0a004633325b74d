"""The stores' own view: who is connected, and how full they are."""

from __future__ import annotations

import pytest

from app.domain.facts import PodFact
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.knowledge import Knowledge, learn
from app.domain.reading import Feed, Reading
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.targets import owners
from tests.domain.scene import NOW, Scene

FEED = Feed("redis", "10.0.0.1:6379", 45)
OTHER = Feed("redis", "10.0.0.2:6379", 45)
REDIS, VOICE, WORKSPACE = NodeId("redis"), NodeId("voice"), NodeId("workspace")
MIB = 2**20


def store(target: str = "10.0.0.1:6379", **more: object) -> StoreFact:
    plain: dict[str, object] = {"clients": 20, "most_clients": 100}
    return StoreFact(REDIS, target, "7.0.15", "master", **(plain | more))  # type: ignore[arg-type]


def clients(
    caller: NodeId | None, count: int = 4, target: str = "10.0.0.1:6379"
) -> ClientsFact:
    return ClientsFact(REDIS, target, caller, count, active=1, oldest_s=7_200)


def said(scene: Scene, number: int) -> str:
    marks = {m.witness: m.text for m in scene.connection(number).witnesses}
    return marks["backend"]


def twice(scene: Scene, *facts: StoreFact | ClientsFact) -> None:
    """Heard again and again, until it may colour."""
    for _ in range(2):
        scene.hear(FEED, *facts)
        scene.look(scene.limits.enter + 1)


def test_each_row_into_the_store_has_its_own_count(scene: Scene) -> None:
    scene.hear(FEED, store(), clients(VOICE), clients(WORKSPACE, 6), clients(None, 9))
    voice = next(
        c for c in scene.topology.connections
        if (c.source, c.destination) == (VOICE, REDIS)
    )  # fmt: skip
    shown = scene.connection(voice.number)
    assert shown.metrics.connections_active == 4
    assert shown.metrics.saturation == 0.2
    assert said(scene, voice.number) == (
        f"4 connections from {scene.topology.box(VOICE).label}, 1 active, "
        "the oldest for 2 h"
    )
    assert scene.off() == {}


def test_servers_of_one_store_are_added_up(scene: Scene) -> None:
    scene.hear(FEED, store(), clients(WORKSPACE))
    second = "10.0.0.2:6379"
    scene.hear(OTHER, store(second), clients(WORKSPACE, 3, second))
    number = row(scene, WORKSPACE)
    assert scene.connection(number).metrics.connections_active == 7
    marks = {m.witness: m.text for m in scene.node("redis").witnesses}
    assert marks["backend"] == "answers, 40 clients on 2 servers, version 7.0.15"


def test_a_caller_that_has_lost_all_its_connections_is_degraded_alone(
    scene: Scene,
) -> None:
    twice(scene, store(), clients(VOICE), clients(WORKSPACE))
    twice(scene, store(), clients(WORKSPACE))
    lost = row(scene, VOICE)
    assert scene.off() == {lost: "degraded"}
    (reason,) = scene.connection(lost).reasons
    label = scene.topology.box(VOICE).label
    assert (reason.witness, reason.text) == (
        "backend",
        f"no connection from {label} is left, 2 of its pods are ready",
    )
    twice(scene, store(), clients(VOICE), clients(WORKSPACE))
    scene.sight_kept()
    assert scene.off(scene.limits.leave + 1) == {}


def test_one_that_was_never_connected_has_lost_nothing(scene: Scene) -> None:
    twice(scene, store(), clients(WORKSPACE))
    assert scene.off() == {}


def test_one_that_has_no_ready_pod_is_not_missed(scene: Scene) -> None:
    twice(scene, store(), clients(VOICE), clients(WORKSPACE))
    scene.crash("voice")
    twice(scene, store(), clients(WORKSPACE))
    assert scene.statuses()[row(scene, VOICE)] == "idle"


def test_while_one_server_is_not_heard_nothing_is_missing(scene: Scene) -> None:
    second = "10.0.0.2:6379"
    scene.hear(OTHER, store(second), clients(VOICE, 3, second))
    twice(scene, store(), clients(WORKSPACE))
    scene.sight_kept()
    scene.hear(FEED, store(), clients(WORKSPACE))
    scene.look(46)
    assert scene.statuses()[row(scene, VOICE)] != "degraded"
    assert scene.connection(row(scene, VOICE)).metrics.connections_active is None


@pytest.mark.parametrize(
    ("more", "status", "text"),
    [
        ({"clients": 85}, "degraded", "85% of its connections in use (85 of 100, "),
        ({"clients": 96}, "failing", "96% of its connections in use (96 of 100, "),
        (
            {"memory": 82 * MIB, "most_memory": 100 * MIB},
            "degraded",
            "82% of its memory",
        ),
        ({"memory": 99, "most_memory": 100, "evicts": True}, "ok", ""),
        ({"memory": 99, "most_memory": None}, "ok", ""),
        ({"most_clients": None}, "ok", ""),
    ],
)
def test_a_store_that_runs_full_is_held_against_its_limit(
    scene: Scene, more: dict[str, object], status: str, text: str
) -> None:
    twice(scene, store(**more))
    shown = scene.node("redis")
    assert shown.status == status
    assert text in " ".join(reason.text for reason in shown.reasons)


@pytest.mark.parametrize(
    ("more", "box", "row_13", "text"),
    [
        ({"state": "green"}, "ok", "ok", "answers, 7 clients, 3 nodes"),
        ({"state": "yellow", "missing": 4}, "degraded", "ok", "yellow, 4 shards"),
        ({"state": "red", "missing": 9}, "failing", "failing", "red, 9 shards"),
        ({"state": "green", "rejected": 0}, "ok", "ok", "answers"),
        (
            {"state": "green", "rejected": 5},
            "degraded",
            "degraded",
            "5 requests turned",
        ),
    ],
)
def test_elasticsearch_is_judged_by_its_colour_and_what_it_turns_away(
    scene: Scene, more: dict[str, object], box: str, row_13: str, text: str
) -> None:
    feed = Feed("elasticsearch", "cluster", 45)
    name = NodeId("elasticsearch")
    fact = StoreFact(name, "http://e:9200", "", "3 nodes", 7, **more)  # type: ignore[arg-type]
    for _ in range(2):
        scene.hear(feed, fact)
        scene.look(scene.limits.enter + 1)
    assert scene.node("elasticsearch").status == box
    assert scene.connection(13).status == row_13
    marks = {m.witness: m.text for m in scene.node("elasticsearch").witnesses}
    assert text in marks["backend"]


def test_a_store_that_is_well_says_so(scene: Scene) -> None:
    scene.hear(FEED, store())
    marks = {m.witness: m for m in scene.node("redis").witnesses}
    assert marks["backend"].status == "ok"
    assert marks["backend"].text == "answers, 20 clients, version 7.0.15"


@pytest.mark.parametrize(
    ("seconds", "told"), [(59, "59 s"), (61, "1 min"), (90_000, "1 d")]
)
def test_the_age_of_the_oldest_is_told_in_words(
    scene: Scene, seconds: int, told: str
) -> None:
    fact = ClientsFact(REDIS, "10.0.0.1:6379", VOICE, 1, 1, seconds)
    scene.hear(FEED, store(), fact)
    assert said(scene, row(scene, VOICE)).endswith(f"the oldest for {told}")


def test_an_address_belongs_to_the_box_of_its_pod() -> None:
    pods = [
        PodFact(VOICE, "w", "gws", "a", "Running", True, 0, False, "10.0.0.7"),
        PodFact(VOICE, "w", "gws", "b", "Pending", False, 0, False, None),
        PodFact(WORKSPACE, "w", "gws", "c", "Succeeded", False, 0, False, "10.0.0.7"),
        PodFact(VOICE, "w", "gws", "d", "Running", True, 0, False, "192.0.2.1"),
        PodFact(WORKSPACE, "w", "gws", "e", "Running", True, 0, False, "192.0.2.1"),
    ]
    feed = Feed("kubernetes", "pods/gws", 90)
    knowledge = learn(Knowledge(), Reading(feed, NOW, tuple(pods)))
    assert owners(knowledge) == {"10.0.0.7": VOICE}


def row(scene: Scene, source: NodeId) -> int:
    return next(
        c.number
        for c in scene.topology.connections
        if (c.source, c.destination) == (source, REDIS)
    )


# -- at second hand ---------------------------------------------------------------------


def exported(scene: Scene, **more: object) -> None:
    values = {"version": "", "role": "told by redis_exporter", "clients": None}
    fact = StoreFact(
        NodeId("redis"), "redis-0", **(values | {"names_callers": False} | more)
    )
    scene.hear(Feed("prometheus", "redis-exporter", 45), fact)


def test_an_exporter_tells_how_full_a_store_is_and_never_who_is_there(
    scene: Scene,
) -> None:
    for _ in range(2):
        exported(scene, clients=900, most_clients=1000)
        scene.look(after=15)
    state = scene.connection(24)
    assert state.status is Status.DEGRADED
    assert state.metrics.connections_active is None
    assert state.metrics.saturation == 0.9


def test_an_exporter_that_can_not_reach_its_store_says_so(scene: Scene) -> None:
    for _ in range(2):
        exported(scene, state="unreachable", most_clients=1000)
        scene.look(after=15)
    state = scene.connection(24)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == "its exporter can't reach it (redis-0)"


def test_what_an_exporter_does_not_tell_is_not_said(scene: Scene) -> None:
    exported(scene)
    marks = scene.connection(24).witnesses
    (mark,) = [mark for mark in marks if mark.witness == "backend"]
    assert mark.text == "answers, told by redis_exporter"
