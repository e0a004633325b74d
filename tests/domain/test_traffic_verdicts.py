"""Verdicts that rest on counted traffic and on gauges with limits."""

from __future__ import annotations

import pytest

from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from tests.domain.scene import Scene

BUCKETS = ((0.1, 50.0), (1.0, 90.0), (2.0, 99.0), (float("inf"), 100.0))


def served(
    scene: Scene, subject: Subject, target: str = "pod-1", **counts: object
) -> None:
    made = {"requests": 100.0, "errors": 0.0, "window_s": 15.0} | counts
    scene.hear(Feed("scrape", target, 45), TrafficFact(subject, target, **made))


def measured(
    scene: Scene, node: str, name: str, value: float, target: str = "p"
) -> None:
    scene.hear(
        Feed("scrape", target, 45), MeasureFact(NodeId(node), target, name, value)
    )


def twice(scene: Scene, subject: Subject, **counts: object) -> None:
    served(scene, subject, **counts)
    scene.look()
    scene.look(after=15)
    served(scene, subject, **counts)


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        (0.0, "ok"),
        (9.0, "ok"),
        (10.0, "degraded"),
        (99.0, "degraded"),
        (100.0, "failing"),
    ],
)
def test_errors_are_held_against_one_and_ten_per_cent(
    scene: Scene, errors: float, status: str
) -> None:
    twice(scene, NodeId("iwd"), requests=1000.0, errors=errors)
    assert scene.connection(26).status.value == status


def test_few_requests_can_degrade_but_never_fail(scene: Scene) -> None:
    twice(scene, NodeId("iwd"), requests=19.0, errors=19.0)
    assert scene.connection(26).status is Status.DEGRADED


@pytest.mark.parametrize(("errors", "status"), [(1.0, "ok"), (2.0, "degraded")])
def test_one_failed_request_is_no_trend(
    scene: Scene, errors: float, status: str
) -> None:
    twice(scene, NodeId("iwd"), requests=10.0, errors=errors)
    state = scene.connection(26)
    assert state.status.value == status
    assert state.metrics.error_ratio == errors / 10


def test_rates_are_added_though_targets_count_over_windows_of_their_own(
    scene: Scene,
) -> None:
    served(scene, NodeId("iwd"), "a", requests=120.0, window_s=60.0)
    served(scene, NodeId("iwd"), "new", requests=10.0, window_s=5.0)
    assert scene.connection(26).metrics.request_rate == pytest.approx(4.0)


def test_the_reason_says_how_many_fail_and_who_counted(scene: Scene) -> None:
    served(scene, NodeId("iwd"), errors=12.0)
    assert scene.connection(26).reasons[0].text == (
        "12.0% of requests fail (5xx or no answer), all callers"
    )


def test_what_the_caller_counted_goes_before_what_all_callers_met(scene: Scene) -> None:
    twice(scene, NodeId("voice"), errors=50.0)
    served(scene, 29, target="workspace-1")
    state = scene.connection(29)
    assert state.status is Status.OK
    assert state.reasons == ()
    assert scene.node("voice").status is Status.FAILING


def test_a_part_of_the_group_with_errors_only_degrades_the_group(scene: Scene) -> None:
    twice(scene, NodeId("platform-services"), errors=50.0)
    assert scene.connection(2).status is Status.DEGRADED


def test_refused_requests_are_counted_apart(scene: Scene) -> None:
    twice(scene, NodeId("iwd"), client_errors=25.0)
    state = scene.connection(26)
    assert state.status is Status.DEGRADED
    assert "refused (4xx)" in state.reasons[0].text


def test_latency_comes_from_the_added_buckets_of_all_targets(scene: Scene) -> None:
    for target in ("a", "b"):
        served(scene, NodeId("iwd"), target, buckets=BUCKETS)
    state = scene.connection(26)
    assert state.metrics.latency_p50_ms == pytest.approx(100)
    assert state.metrics.latency_p95_ms == pytest.approx(1555.6, abs=0.1)
    assert state.reasons[0].text.startswith("p95 1556 ms, limit 1000 ms")


def test_buckets_that_differ_are_added_where_they_agree(scene: Scene) -> None:
    served(scene, NodeId("iwd"), "a", buckets=BUCKETS)
    served(scene, NodeId("iwd"), "b", buckets=(*BUCKETS[1:],))
    assert scene.connection(26).metrics.latency_p99_ms is not None


def test_without_buckets_the_mean_is_judged(scene: Scene) -> None:
    slow = {"duration_sum_s": 600.0, "duration_count": 100.0}
    twice(scene, NodeId("iwd"), **slow)
    state = scene.connection(26)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == "mean 6000 ms, limit 5000 ms, all callers"
    assert state.metrics.latency_p95_ms is None
    assert state.metrics.latency_mean_ms == pytest.approx(6000)


def counted(scene: Scene, **requests_and_mean: tuple[float, float]) -> None:
    """What pods of one box served, and how long it took on average."""
    for target, (requests, mean_s) in requests_and_mean.items():
        served(
            scene, NodeId("iwd"), target, requests=requests,
            duration_sum_s=requests * mean_s, duration_count=requests,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("slow", "status"), [(49.0, "ok"), (50.0, "degraded")], ids=["few", "a-twentieth"]
)
def test_of_means_alone_the_slowest_twentieth_of_requests_is_judged(
    scene: Scene, slow: float, status: str
) -> None:
    pods = {"a": (500.0, 0.02), "b": (500.0 - slow, 0.01), "c": (slow, 2.0)}
    counted(scene, none=(0.0, 0.0), **pods)
    scene.look()
    scene.look(after=15)
    counted(scene, none=(0.0, 0.0), **pods)
    state = scene.connection(26)
    assert state.status.value == status
    if status == "degraded":
        text = "mean 2000 ms, limit 1000 ms, all callers (c)"
        assert state.reasons[0].text == text
    assert (state.metrics.latency_mean_ms or 0) < 150


def test_where_all_are_slow_none_is_named(scene: Scene) -> None:
    counted(scene, a=(100.0, 2.0), b=(100.0, 2.1))
    assert scene.connection(26).reasons[0].text == (
        "mean 2050 ms, limit 1000 ms, all callers"
    )


def test_slow_with_few_requests_only_degrades(scene: Scene) -> None:
    twice(scene, NodeId("iwd"), requests=5.0, duration_sum_s=50.0, duration_count=5.0)
    assert scene.connection(26).status is Status.DEGRADED


def test_a_store_is_held_to_its_own_latency(scene: Scene) -> None:
    served(scene, 18, duration_sum_s=0.6, duration_count=100.0)
    assert scene.connection(18).reasons[0].text.startswith("mean 6 ms, limit 5 ms")


def test_no_request_for_five_minutes_is_idle_and_the_first_one_ends_it(
    scene: Scene,
) -> None:
    for _ in range(21):
        served(scene, NodeId("iwd"), requests=0.0)
        scene.sight_kept()
        scene.look(after=15)
    state = scene.connection(26)
    assert state.status is Status.IDLE
    assert state.metrics.request_rate == 0.0
    assert state.metrics.error_ratio is None
    served(scene, NodeId("iwd"), requests=1.0)
    assert scene.connection(26).status is Status.OK


def test_what_nobody_measured_is_none(scene: Scene) -> None:
    metrics = scene.connection(26).metrics
    assert {getattr(metrics, name) for name in metrics.__slots__} == {None}


def test_a_target_that_counts_no_requests_gives_none(scene: Scene) -> None:
    served(scene, NodeId("iwd"), requests=None, errors=None, active=3.0)
    state = scene.connection(26)
    assert (state.metrics.request_rate, state.metrics.connections_active) == (None, 3.0)


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("workspace_users", 449, "ok"),
        ("workspace_users", 450, "degraded"),
        ("workspace_users", 900, "failing"),
        ("event_loop_lag_s", 0.3, "degraded"),
        ("deadlocked_threads", 1, "degraded"),
        ("something_else", 1e9, "ok"),
    ],
)
def test_gauges_are_held_against_the_vendors_marks(
    scene: Scene, name: str, value: float, status: str
) -> None:
    measured(scene, "workspace", name, 1) if name == "workspace_users" else None
    measured(scene, "workspace", name, value)
    scene.look()
    scene.look(after=15)
    measured(scene, "workspace", name, value)
    assert scene.connection(6).status.value == status


def test_the_worst_target_of_a_gauge_counts(scene: Scene) -> None:
    measured(scene, "workspace", "workspace_users", 460, "a")
    measured(scene, "workspace", "workspace_users", 100, "b")
    state = scene.connection(6)
    assert state.reasons[0].text == ("460 users on one pod, marks are 450 and 900 (a)")
    assert state.metrics.saturation == pytest.approx(460 / 900)


def test_a_full_pool_concerns_the_database_row_and_not_the_callers(
    scene: Scene,
) -> None:
    for _ in range(2):
        measured(scene, "setting", "pool_saturation", 0.97)
        scene.look(after=15)
    assert scene.off() == {9: "failing"}
    assert scene.connection(9).metrics.saturation == pytest.approx(0.97)
    assert scene.node("setting").status is Status.FAILING


def test_a_store_that_is_full_concerns_all_who_call_it(scene: Scene) -> None:
    for _ in range(2):
        measured(scene, "redis", "connection_saturation", 0.85)
        scene.look(after=15)
    assert scene.off() == dict.fromkeys((12, 18, 24, 25), "degraded")
    state = scene.connection(18)
    assert state.metrics.saturation == pytest.approx(0.85)
    assert "85% of its connections in use" in state.reasons[0].text


def test_only_a_gauge_we_do_not_know_leaves_the_connection_without_data() -> None:
    scene = Scene()
    measured(scene, "iwd", "something_else", 1)
    assert scene.connection(26).status is Status.NO_DATA


def test_one_request_that_was_refused_is_no_trend(scene: Scene) -> None:
    for _ in range(2):
        quiet = TrafficFact(NodeId("tenant"), "t", 60, 4, 0, client_errors=1)
        scene.hear(Feed("scrape", "t", 45), quiet)
        scene.look(scene.limits.enter + 1)
    assert scene.node("tenant").status == "ok"
