"""A snapshot as series: every number has a name, and nothing is told that is not known."""

from __future__ import annotations

from app.domain import exported, wire
from app.domain.exported import families
from app.domain.measures import CONNECTION_METRICS, NODE_METRICS
from app.domain.snapshot import (
    ConnectionState,
    Metrics,
    NodeState,
    Snapshot,
    SourceState,
)
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import standard
from tests.domain.scene import NOW

SINCE = NOW.timestamp() - 60


def told(**more: object) -> dict[str, dict[tuple[str, ...], float]]:
    """By family: the series' labels and values, of one connection, box and source."""
    since = NOW.fromtimestamp(SINCE, NOW.tzinfo)
    metrics = Metrics(latency_p95_ms=14.0, latency_p99_ms=20.0, saturation=0.31)
    snapshot = Snapshot(
        "demo", 1, NOW, Status.FAILING,
        (ConnectionState(17, Status.FAILING, since, None, metrics=metrics),),
        (NodeState(NodeId("redis"), "Redis", Status.OK, since, 3, None, 0, lag_s=2),),
        (
            SourceState("consul", Status.NO_DATA, None, "refused"),
            SourceState("scrape", Status.DEGRADED, since, None),
        ),
    )  # fmt: skip
    picture = wire.encode(snapshot, standard())
    picture["nodes"][0] |= more
    return {one.name: {tuple(k): v for k, v in one.rows} for one in families([picture])}


def test_every_number_that_is_kept_has_a_series_of_its_own():
    assert tuple(n.field for n in exported.CONNECTION_NUMBERS) == CONNECTION_METRICS
    assert tuple(n.field for n in exported.NODE_NUMBERS) == NODE_METRICS
    numbers = (*exported.CONNECTION_NUMBERS, *exported.NODE_NUMBERS)
    series = {(n.name, n.labels) for n in numbers}
    assert len(series) == len(numbers)


def test_only_what_was_measured_is_told_in_base_units():
    found, ends = told(), ("demo", "17", "workspace", "voicemail")
    assert found["gws_connection_latency_seconds"] == {
        (*ends, "0.95"): 0.014,
        (*ends, "0.99"): 0.02,
    }
    assert found["gws_connection_saturation_ratio"] == {ends: 0.31}
    assert found["gws_connection_request_rate"] == {}
    assert found["gws_node_pods_ready"] == {("demo", "redis"): 3}
    assert found["gws_node_pods_desired"] == {}
    assert found["gws_node_pods_restarts"] == {("demo", "redis"): 0}
    assert found["gws_node_lag_seconds"] == {("demo", "redis"): 2}


def test_what_an_older_picture_lacks_is_not_measured():
    assert told()["gws_node_users"] == {}
    assert told(users=310, users_most=None)["gws_node_users"] == {
        ("demo", "redis"): 310
    }


def test_statuses_are_told_with_their_beginning():
    found, ends = told(), ("demo", "17", "workspace", "voicemail")
    statuses = found["gws_connection_status"]
    assert {k[-1]: v for k, v in statuses.items()} == {
        status.value: float(status is Status.FAILING) for status in Status
    }
    assert found["gws_connection_status_since_timestamp_seconds"] == {ends: SINCE}
    assert found["gws_node_status"][("demo", "redis", "ok")] == 1
    assert found["gws_observatory_picture_timestamp_seconds"] == {
        ("demo",): NOW.timestamp()
    }


def test_a_source_that_never_answered_has_no_age():
    found = told()
    assert found["gws_observatory_source_up"] == {
        ("demo", "consul"): 0,
        ("demo", "scrape"): 1,
    }
    assert found["gws_observatory_source_age_seconds"] == {("demo", "scrape"): 60}
    assert found["gws_observatory_source_status"][("demo", "consul", "no_data")] == 1
