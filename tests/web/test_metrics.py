"""What a Prometheus sees."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as text_format

from app.domain.exported import NODE_NUMBERS
from app.history.base import Health
from app.web.metrics import Exposition
from app.web.metrics_replicas import Following, Leading
from tests.web.conftest import NOW, picture

DOC = Path(__file__).parents[2] / "docs" / "metrics.md"


def samples(live) -> dict[str, list]:
    found: dict[str, list] = {}
    for family in text_format(live.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample)
    return found


def of(found: list, **labels: str) -> list[float]:
    return [s.value for s in found if labels.items() <= s.labels.items()]


def test_each_connection_has_one_present_status_of_eight(live):
    found = samples(live)["gws_connection_status"]
    assert len(found) == 31 * 8
    for row in picture()["connections"]:
        labels = {"deployment": "demo", "connection": str(row["number"])}
        assert sum(of(found, **labels)) == 1
        assert of(
            found,
            **labels,
            status=row["status"],
            source=row["source"],
            destination=row["destination"],
        ) == [1]


def test_only_what_was_measured_is_exported(live):
    found = samples(live)
    measured = [
        c["number"]
        for c in picture()["connections"]
        if c["metrics"]["request_rate"] is not None
    ]
    assert 0 < len(measured) < 31
    exported = [
        int(s.labels["connection"]) for s in found["gws_connection_request_rate"]
    ]
    assert exported == measured


def test_units_are_base_units(live):
    (row,) = [c for c in picture()["connections"] if c["number"] == 9]
    (value,) = of(
        samples(live)["gws_connection_latency_seconds"], connection="9", quantile="0.95"
    )
    assert value == pytest.approx(row["metrics"]["latency_p95_ms"] / 1000)


def test_pods_are_counted_only_where_somebody_counted(live):
    found = samples(live)
    known = {n["id"] for n in picture()["nodes"] if n["ready"] is not None}
    assert {s.labels["node"] for s in found["gws_node_pods_ready"]} == known


@pytest.mark.parametrize("one", NODE_NUMBERS, ids=lambda one: one.name)
def test_what_is_told_of_boxes_is_what_the_snapshot_says(live, one):
    told = {s.labels["node"]: s.value for s in samples(live).get(one.name, [])}
    nodes = {n["id"]: n[one.field] for n in picture()["nodes"]}
    assert told == {node: value for node, value in nodes.items() if value is not None}


def test_sources_tell_whether_they_are_heard_and_since_when(live):
    found = samples(live)
    up, age = (
        found["gws_observatory_source_up"],
        found["gws_observatory_source_age_seconds"],
    )
    assert of(up, source="kubernetes") == [1]
    assert of(up, source="consul") == [0]
    assert of(age, source="consul") == []
    live.now[0] = NOW + timedelta(seconds=40)
    assert of(
        samples(live)["gws_observatory_source_age_seconds"], source="kubernetes"
    ) == [40]
    live.now[0] = NOW + timedelta(seconds=2)


def test_viewers_and_the_delay_of_news_are_told(live):
    live.exposition.pushed("demo")(0.003)
    with live.stream():
        found = samples(live)
    assert of(found["gws_observatory_viewers"], deployment="demo") == [1]
    buckets = found["gws_observatory_fault_to_push_seconds_bucket"]
    assert of(buckets, deployment="demo", le="0.0025") == [0]
    assert of(buckets, deployment="demo", le="0.005") == [1]
    assert of(found["gws_observatory_build_info"], version="0.0.0") == [1]


def test_how_the_configuration_file_was_last_read_is_told(live):
    ok, at = (
        "gws_observatory_config_reload_ok",
        "gws_observatory_config_reloaded_timestamp_seconds",
    )
    assert not {ok, at} & set(samples(live)), "nobody has read one yet"
    for good in (True, False):
        live.exposition.configured(good, NOW)
        found = samples(live)
        assert of(found[ok]) == [float(good)]
        assert of(found[at]) == [NOW.timestamp()]


class Kept:
    """A history that was written once."""

    size = 4096
    written_at = None

    def kept(self):
        return self

    def health(self):
        return Health("the disk is full" if self.written_at else None)


def test_how_history_is_kept_is_told(live):
    kept = Kept()
    live.exposition.remembered(kept)
    found = samples(live)
    assert of(found["gws_observatory_history_bytes"]) == [4096]
    assert of(found["gws_observatory_history_paused"]) == [0]
    assert "gws_observatory_history_written_timestamp_seconds" not in found
    kept.written_at = NOW
    found = samples(live)
    assert of(found["gws_observatory_history_paused"]) == [1]
    at = found["gws_observatory_history_written_timestamp_seconds"]
    assert of(at) == [NOW.timestamp()]


def test_openmetrics_is_spoken_where_it_is_asked_for(live):
    answer = live.get(
        "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}
    )
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert {"gws_connection_status"} <= {f.name for f in openmetrics(answer.text)}


def test_metrics_of_a_deployment_without_a_picture_are_not_invented(empty):
    found = samples(empty)
    assert "gws_connection_status" not in found
    assert {s.value for s in found["gws_observatory_viewers"]} == {0}


def test_the_documented_metrics_are_the_real_ones(live):
    others = Exposition("1")
    others.tell(Leading(lambda: 1, lambda: 0, lambda: True))
    others.tell(Following(lambda: True, lambda: 0.0, lambda: 0))
    kept = Kept()
    kept.written_at = NOW
    others.remembered(kept)
    text = live.get("/metrics").text + others.render("")[0].decode()
    told = set(re.findall(r"^# TYPE (gws_\S+)", text, re.M))
    real = {name for name in told if not name.endswith("_created")}
    documented = set(re.findall(r"^\| `(gws_\w+)`", DOC.read_text(), re.M))
    assert documented == real
