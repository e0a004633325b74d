"""What the pods' metrics pages say: the vendor's names, and what the faults do to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from app.simulator.exposition import Family, render
from app.simulator.exposition_app import create_pod_app
from app.simulator.world import WORKLOADS
from tests.simulator.metered import START, Deployment, grown, total

TOLD = [spec.name for spec in WORKLOADS if spec.scrape]

VENDOR: dict[str, set[str]] = {
    "gws-platform-configuration": {
        "api_requests_seconds_count_total", "api_requests_seconds_sum_total",
        "gws_responses_total", "jetty_responses_total", "jetty_requests_seconds_sum",
        "jetty_requests_seconds_count", "gws_context_active", "gws_context_opened_total",
        "gws_context_closed_total", "gws_context_error_total", "gws_sub_active",
        "msgbus_sub_active", "psdk_event_total", "psdk_conn_opened_total",
        "psdk_conn_error_total", "request_out_total", "jvm_memory_used_bytes",
        "jvm_memory_committed_bytes", "jvm_gc_pause_seconds_sum",
        "jvm_gc_pause_seconds_count", "jvm_threads_live_threads",
        "jvm_threads_states_threads", "jvm_threads_deadlocked", "process_cpu_usage",
    },
    "gws-platform-setting": {
        "hikaricp_connections_active", "hikaricp_connections_usage_seconds_sum",
        "hikaricp_connections_usage_seconds_count",
    },
    "gws-platform-voice": {"comet_sub_active"},
    "gws-app-workspace": {
        "gws_app_workspace_server_activity", "gws_app_workspace_tenants",
        "gws_app_workspace_requests", "gws_app_workspace_events",
        "gws_app_workspace_incoming_requests", "nodejs_eventloop_lag_seconds",
        "nodejs_heap_size_total_bytes",
    },
    "tenant": {
        "tenant_service_health_level", "tenant_redis_state", "tenant_cs_clients",
        "tenant_rq_client_state",
    },
    "voice-voicemail": {
        "voicemail_gws_request_total", "voicemail_gws_request_failed_total",
        "voicemail_config_request_failed_total", "voicemail_redis_connection_failure_total",
        "voicemail_consul_request_failed_total",
    },
    "ucsx": {
        "ucsx_http_request_duration_count", "ucsx_elasticsearch_health_status",
        "ucsx_tenantdb_health_status", "ucsx_dbPool",
    },
    "pgdb-gws": {"postgres_transactions_total", "postgres_connections"},
}  # fmt: skip


@pytest.fixture
def deployment() -> Deployment:
    return Deployment()


@pytest.mark.parametrize("workload", TOLD)
def test_every_page_is_read_by_prometheus_s_own_parser(deployment, workload):
    text = deployment.text(workload)
    found = list(text_string_to_metric_families(text))
    series = [
        (s.name, tuple(sorted(s.labels.items())))
        for family in found
        for s in family.samples
    ]
    assert len(series) == len(set(series)), "no series twice"
    assert len({family.name for family in found}) == len(found), "no family twice"
    assert all(family.type != "unknown" for family in found)


@pytest.mark.parametrize("workload", VENDOR)
def test_pages_have_the_names_that_the_vendor_s_boards_and_rules_ask_for(
    deployment, workload
):
    names = {name for name, _ in deployment.scraped(workload)}
    assert VENDOR[workload] <= names


def test_the_proxy_and_consul_have_no_metrics(deployment):
    for workload in ("gws-service-proxy", "consul-server"):
        assert deployment.metrics.page(deployment.pod(workload)) is None


@pytest.mark.parametrize("workload", TOLD)
def test_counters_never_go_backwards_through_a_day(deployment, workload):
    before: dict = {}
    for hour in range(24):
        text = deployment.text(workload)
        counts = counters(text)
        assert all(counts[series] >= value for series, value in before.items())
        assert hour == 0 or counts.keys() >= before.keys()
        before = counts
        deployment.now += timedelta(hours=1)


def counters(text: str) -> dict:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if family.type in ("counter", "histogram", "summary")
        or sample.labels.get("metricName") == "count"
    }


def test_the_same_seed_and_moment_give_the_same_page(deployment):
    assert deployment.text("gws-platform-voice") == Deployment().text(
        "gws-platform-voice"
    )


def test_a_healthy_service_fails_less_than_one_request_in_a_hundred(deployment):
    name = "jetty_responses_total"
    wanted = ((name, {}), (name, {"status": "5xx"}))
    all_, failed = grown(deployment, "gws-platform-voice", *wanted)
    assert all_ > 1000
    assert failed / all_ < 0.01


def test_a_restarted_pod_counts_from_zero(deployment):
    before = deployment.scraped("gws-platform-voice", 60)
    deployment.change("gws-platform-voice", started_at=deployment.now)
    after = deployment.scraped("gws-platform-voice", 30)
    name = "api_requests_seconds_count_total"
    assert 0 < total(after, name) < total(before, name) / 100
    assert total(after, "process_uptime_seconds") == 30
    assert total(after, "process_start_time_seconds") == deployment.now.timestamp() - 30


def test_a_pod_that_started_in_a_skewed_future_counts_all_the_same(deployment):
    deployment.change("gws-platform-voice", started_at=START + timedelta(hours=1))
    (served,) = grown(deployment, "gws-platform-voice", ("gws_responses_total", {}))
    assert served > 100


def test_the_pods_that_are_left_take_the_work_of_one_that_is_not_ready(deployment):
    wanted = ("gws_app_workspace_requests", {"metricName": "count", "type": "incoming"})
    (third,) = grown(deployment, "gws-app-workspace", wanted)
    first = deployment.pod("gws-app-workspace")
    deployment.keep(
        [
            replace(pod, ready=pod.spec is not first.spec or pod is first)
            for pod in deployment.pods()
        ]
    )
    (whole,) = grown(deployment, "gws-app-workspace", wanted)
    assert whole == pytest.approx(3 * third, rel=0.4)


def test_a_pod_that_is_not_ready_serves_nobody(deployment):
    deployment.change("gws-platform-voice", ready=False)
    (served,) = grown(deployment, "gws-platform-voice", ("gws_responses_total", {}))
    assert served == 0


# Over HTTP.


@pytest.fixture
def served(loopback, deployment):
    """Every port that is asked for is port 48051 of the first Workspace pod."""
    app = create_pod_app(deployment, deployment.metrics)

    async def as_workspace(scope, receive, send):
        await app({**scope, "server": ("127.0.0.1", 48051)}, receive, send)

    return loopback.served(as_workspace)


def test_a_pod_serves_its_metrics_and_its_health(served, deployment):
    page = requests.get(f"{served}/prometheus", timeout=30)
    assert page.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert page.text == deployment.text("gws-app-workspace")
    assert requests.get(f"{served}/health", timeout=30).json() == {"status": "UP"}
    assert requests.get(f"{served}/elsewhere", timeout=30).status_code == 404


def test_a_pod_that_is_not_ready_says_so(served, deployment):
    deployment.change("gws-app-workspace", ready=False)
    health = requests.get(f"{served}/health", timeout=30)
    assert (health.status_code, health.json()) == (503, {"status": "DOWN"})


def test_a_metrics_page_that_is_gone_is_404(served, deployment):
    deployment.begin("metrics_gone", "workspace")
    assert requests.get(f"{served}/prometheus", timeout=30).status_code == 404
    assert requests.get(f"{served}/health", timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1.0"), (0.1, "0.1"), (1e12, "1000000000000.0"), (1 / 3, "0.333333333")],
)
def test_numbers_and_labels_are_written_so_that_they_are_read_back(value, text):
    family = Family("x", "gauge", "Help", (("", {"a": 'q"\\\n'}, value),))
    page = render([family])
    assert page.endswith(f" {text}\n")
    ((read,),) = (f.samples for f in text_string_to_metric_families(page))
    assert (read.labels, read.value) == ({"a": 'q"\\\n'}, float(text))


def test_all_pages_together_cost_little(deployment):
    pages = [deployment.metrics.page(pod) for pod in deployment.pods()]
    assert sum(len(page) for page in pages if page) < 300_000
