"""Verdicts where several count the same connection: pages, meshes, agents."""

from __future__ import annotations

import pytest

from app.domain.facts_stores import StoreFact
from app.domain.facts_traffic import MeasureFact, TrafficFact, UndrawnFact
from app.domain.limits import DEFAULT, customise
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from tests.domain.scene import Scene
from tests.domain.test_traffic_verdicts import BUCKETS, measured, served, twice


def meshed(scene: Scene, subject: Subject, by: str = "istio", **counts: object) -> None:
    made = {"window_s": 60.0, "by": by} | counts
    scene.hear(Feed("prometheus", by, 45), TrafficFact(subject, by, **made))


def test_counts_of_two_who_count_are_not_added(scene: Scene) -> None:
    served(scene, 26, requests=150.0)
    meshed(scene, 26, requests=600.0, errors=0.0)
    assert scene.connection(26).metrics.request_rate == pytest.approx(10)


def test_who_sees_more_is_believed_beside_who_sees_less(scene: Scene) -> None:
    for _ in range(2):
        served(scene, 26, requests=1000.0, errors=0.0)
        meshed(scene, 26, requests=1000.0, errors=500.0)
        scene.look(after=15)
    state = scene.connection(26)
    assert state.status is Status.FAILING
    text = "50.0% of requests fail (5xx or no answer), counted by the caller, by Istio"
    assert text in [reason.text for reason in state.reasons]


def test_a_number_that_one_does_not_count_is_taken_from_the_next(scene: Scene) -> None:
    served(scene, 26, requests=150.0)
    meshed(scene, 26, requests=600.0, buckets=BUCKETS, active=8.0)
    metrics = scene.connection(26).metrics
    assert metrics.latency_p50_ms == pytest.approx(100)
    assert metrics.connections_active == 8


def test_pages_that_a_prometheus_read_too_are_told_once(scene: Scene) -> None:
    served(scene, NodeId("iwd"), requests=150.0)
    meshed(scene, NodeId("iwd"), "vendor", requests=1200.0, errors=1200.0)
    assert scene.connection(26, after=15).status is Status.OK


def test_pages_that_only_a_prometheus_reads_are_believed(scene: Scene) -> None:
    for _ in range(2):
        meshed(scene, NodeId("iwd"), "vendor", requests=1200.0, errors=1200.0)
        scene.look(after=15)
    state = scene.connection(26)
    assert state.status is Status.FAILING
    assert state.reasons[0].text.endswith("all callers, by Prometheus")


@pytest.mark.parametrize(
    ("connects", "failures", "status"),
    [
        (100.0, 0.0, "ok"),
        (100.0, 1.0, "ok"),
        (100.0, 2.0, "degraded"),
        (100.0, 50.0, "failing"),
        (10.0, 10.0, "degraded"),
        (0.0, 0.0, "ok"),
    ],
)
def test_refused_connects_colour_a_store_s_connection(
    scene: Scene, connects: float, failures: float, status: str
) -> None:
    for _ in range(2):
        meshed(scene, 24, connects=connects, connect_failures=failures, active=8.0)
        scene.look(after=15)
    assert scene.connection(24).status.value == status


def test_who_counts_connections_alone_leaves_the_rest_to_the_store_s_page(
    scene: Scene,
) -> None:
    for _ in range(2):
        meshed(scene, 24, active=8.0)
        served(scene, NodeId("redis"), requests=1000.0, errors=500.0)
        scene.look(after=15)
    assert scene.connection(24).status is Status.FAILING


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"active": 8.0}, "8 connections open, within limits"),
        ({"connects": 5.0, "connect_failures": 0.0}, "connections within limits"),
    ],
)
def test_a_mark_says_what_was_counted(
    scene: Scene, counts: dict[str, object], words: str
) -> None:
    meshed(scene, 24, **counts)
    marks = scene.connection(24).witnesses
    (mark,) = [mark for mark in marks if mark.witness == "traffic"]
    assert mark.text == f"{words}, counted by the caller, by Istio"


def test_what_was_old_when_it_was_read_is_shown_as_old(scene: Scene) -> None:
    meshed(scene, 26, requests=0.0, age_s=40.0)
    (reason,) = [r for r in scene.connection(26, after=300).reasons if r.witness] or [
        None
    ]
    assert reason is None, "too old by then"
    meshed(scene, 26, requests=1200.0, errors=600.0, age_s=40.0)
    (bad,) = scene.connection(26).reasons
    assert (scene.now - bad.observed_at).total_seconds() == 40


def test_a_full_memory_is_the_box_s_own_affair(scene: Scene) -> None:
    for _ in range(2):
        measured(scene, "iwd", "memory_share", 0.95)
        scene.look(after=15)
    assert scene.node("iwd").status is Status.DEGRADED
    assert scene.connection(26).status is Status.OK


def test_a_connection_s_own_limits_hold_for_what_all_callers_met(scene: Scene) -> None:
    strict, _ = customise(
        DEFAULT,
        {"connections": {26: {"error_ratio": {"degraded": 0.001, "failing": 0.005}}}},
    )
    scene.limits = strict
    twice(scene, NodeId("iwd"), requests=1000.0, errors=8.0)
    assert scene.connection(26).status is Status.FAILING
    assert scene.node("iwd").status is Status.OK


def test_a_call_that_is_not_drawn_colours_nothing(scene: Scene) -> None:
    before = scene.statuses()
    undrawn = UndrawnFact(NodeId("setting"), NodeId("voice"), "istio")
    scene.hear(Feed("prometheus", "istio", 45), undrawn)
    assert scene.statuses() == before


def test_of_equally_full_targets_always_the_same_one_is_named(scene: Scene) -> None:
    told = set()
    for turn in range(4):
        for target in ("p-1", "p-2") if turn % 2 else ("p-2", "p-1"):
            scene.hear(
                Feed("scrape", target, 45),
                MeasureFact(NodeId("redis"), target, "connection_saturation", 0.98),
            )
        reasons = scene.connection(24, after=5).reasons
        told |= {r.text for r in reasons if r.witness == "traffic"}
    assert told == {"98% of its connections in use, limit 0.8 and 0.95 (p-2)"}


def test_of_equally_full_servers_always_the_same_one_is_named(scene: Scene) -> None:
    told = set()
    for turn in range(4):
        for target in ("r-1", "r-2") if turn % 2 else ("r-2", "r-1"):
            fact = StoreFact(
                NodeId("redis"), target, "7", "master", 98, 100, names_callers=False
            )
            scene.hear(Feed("redis", target, 45), fact)
        reasons = scene.connection(24, after=5).reasons
        told |= {r.text for r in reasons if r.witness == "backend"}
    assert told == {"98% of its connections in use (98 of 100, r-2)"}
