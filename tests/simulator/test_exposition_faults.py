"""What a fault does to the pods' metrics: at its own place and at its callers'."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.simulator.metered import Deployment, calls_of, grown, samples, total


@pytest.fixture
def deployment() -> Deployment:
    return Deployment()


def test_slow_shows_in_the_service_s_durations_and_in_its_caller_s(deployment):
    deployment.begin("slow", "voice", latency_ms=3000)
    took, served, fast = grown(
        deployment,
        "gws-platform-voice",
        ("jetty_requests_seconds_sum", {}),
        ("jetty_requests_seconds_count", {}),
        ("jetty_requests_seconds_bucket", {"le": "2.5"}),
    )
    assert took / served == pytest.approx(3.03, rel=0.1)
    assert fast == 0
    page = deployment.scraped("gws-app-workspace")
    means = {
        category: total(
            page, "gws_app_workspace_requests", metricName="avg_duration",
            category=category, statusCode="200",
        )
        for category in ("voice", "statistics")
    }  # fmt: skip
    assert means["voice"] > 3000 > 100 > means["statistics"]


def test_errors_show_at_both_ends(deployment):
    deployment.begin("errors", "voice", share=0.5)
    name = "gws_responses_total"
    wanted = ((name, {}), (name, {"code": "500"}))
    all_, failed = grown(deployment, "gws-platform-voice", *wanted)
    assert failed / all_ == pytest.approx(0.5, abs=0.02)
    called, lost = calls_of(deployment, "voice")
    assert lost / called == pytest.approx(0.5, abs=0.02)


def test_a_partition_fails_that_connection_s_calls_and_no_others(deployment):
    deployment.begin("partition", "17")
    called, lost = calls_of(deployment, "voicemail")
    assert lost == called > 20
    for category in ("voice", "iwd", "auth"):
        called, lost = calls_of(deployment, category)
        assert lost == 0 < called


def test_calls_fail_to_a_service_without_a_ready_pod(deployment):
    deployment.change("gws-platform-statistics", ready=False)
    called, lost = calls_of(deployment, "statistics")
    assert lost == called > 0


def test_a_full_database_fills_the_pools(deployment):
    deployment.begin("store_full", "postgresql", saturation=0.98)
    page = deployment.scraped("gws-platform-setting", 15)
    active, most = (total(page, f"hikaricp_connections_{x}") for x in ("active", "max"))
    assert active / most == pytest.approx(0.98)
    page = deployment.scraped("pgdb-gws")
    used = total(page, "pg_stat_activity_count") / total(
        page, "pg_settings_max_connections"
    )
    assert used == pytest.approx(0.98, abs=0.01)


def test_a_database_that_is_down_leaves_the_pool_empty_and_timing_out(deployment):
    deployment.begin("store_down", "postgresql")
    wanted = ("hikaricp_connections_timeout_total", {})
    (timeouts,) = grown(deployment, "gws-platform-setting", wanted)
    assert timeouts > 0
    assert (
        total(deployment.scraped("gws-platform-setting"), "hikaricp_connections") == 0
    )


def test_stale_metrics_repeat_the_page_and_go_on_when_the_fault_ends(deployment):
    before = deployment.text("gws-platform-setting")
    deployment.begin("metrics_stale", "voice")
    first = deployment.text("gws-platform-voice")
    deployment.now += timedelta(seconds=60)
    assert deployment.text("gws-platform-voice") == first
    assert deployment.text("gws-platform-setting") != before
    deployment.in_force.clear()
    moved = samples(deployment.text("gws-platform-voice"))
    name = "gws_responses_total"
    assert total(moved, name) - total(samples(first), name) > 1000


def test_garbage_is_no_metrics_page(deployment):
    deployment.begin("metrics_garbage", "voice")
    text = deployment.text("gws-platform-voice")
    assert not text.endswith("\n")
    with pytest.raises(ValueError):
        list(text_string_to_metric_families(text))


def test_what_was_counted_before_a_fault_is_counted_without_it(deployment):
    before = deployment.scraped("gws-platform-voice")
    deployment.now += timedelta(seconds=600)
    deployment.begin("errors", "voice", share=1)
    after = deployment.scraped("gws-platform-voice")
    failed = [total(p, "gws_responses_total", code="500") for p in (before, after)]
    assert failed[1] - failed[0] < 20
