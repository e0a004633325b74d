"""The cluster's own exporters: they follow the pods, under the real names."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from app.simulator.exporters_app import KUBE_STATE, PATHS, Exporters
from tests.simulator.living import Living
from tests.simulator.metered import Deployment, samples, total

VOICE = {"namespace": "gws", "deployment": "gws-platform-voice-blue"}


@pytest.fixture
def deployment() -> Deployment:
    return Deployment()


@pytest.fixture
def exporters(deployment: Deployment) -> Exporters:
    return Exporters(deployment.metrics)


def read(exporters: Exporters, path: str) -> dict:
    text = exporters.page(path)
    assert text is not None
    return samples(text)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_read_and_gives_no_series_twice(exporters, path):
    found = list(text_string_to_metric_families(exporters.page(path)))
    series = [
        (s.name, tuple(sorted(s.labels.items())))
        for family in found
        for s in family.samples
    ]
    assert len(series) == len(set(series))
    assert len({family.name for family in found}) == len(found)


def test_elsewhere_there_is_no_exporter(exporters):
    assert exporters.page("cadvisor/n9") is None


def test_replicas_follow_the_pods(deployment, exporters):
    def replicas() -> tuple[float, float]:
        page = read(exporters, KUBE_STATE)
        wanted = total(page, "kube_deployment_spec_replicas", **VOICE)
        ready = total(page, "kube_deployment_status_replicas_ready", **VOICE)
        return wanted, ready

    assert replicas() == (2, 2)
    deployment.change("gws-platform-voice", ready=False)
    assert replicas() == (2, 0)
    deployment.begin("scale_zero", "voice")
    assert replicas() == (0, 0)


def test_a_stateful_set_has_names_of_its_own(exporters):
    page = read(exporters, KUBE_STATE)
    redis = {"namespace": "infra", "statefulset": "infra-redis-redis-cluster"}
    assert total(page, "kube_statefulset_replicas", **redis) == 3
    assert total(page, "kube_statefulset_status_replicas_ready", **redis) == 3


def test_a_crashed_pod_restarts_is_not_ready_and_uses_nothing(deployment, exporters):
    deployment.change("tenant", ready=False, serving=False, restarts=3)
    page = read(exporters, KUBE_STATE)
    restarts = "kube_pod_container_status_restarts_total"
    assert total(page, restarts, pod="tenant-0") == 3
    assert total(page, "kube_pod_status_ready", pod="tenant-0", condition="true") == 0
    used = read(exporters, "cadvisor/n1")
    assert not [labels for _, labels in used if ("pod", "tenant-0") in labels]


def test_what_a_container_used_only_grows(deployment, exporters):
    def used(name: str, **labels: str) -> float:
        page = read(exporters, "cadvisor/n1")
        return total(page, name, pod="gws-platform-voice-0", **labels)

    names = ("container_cpu_usage_seconds_total", "container_cpu_cfs_periods_total")
    container = {"container": "gws-platform-voice-blue"}
    before = [used(name, **container) for name in names]
    deployment.now += timedelta(minutes=1)
    after = [used(name, **container) for name in names]
    assert all(now > then for then, now in zip(before, after, strict=True))


def test_memory_stays_within_the_limit_that_the_pods_are_given(exporters):
    page = read(exporters, "cadvisor/n1")
    about = {"pod": "gws-platform-voice-0", "container": "gws-platform-voice-blue"}
    used = total(page, "container_memory_working_set_bytes", **about)
    assert used < total(page, "container_spec_memory_limit_bytes", **about)


def test_the_control_server_hands_them_out(living: Living) -> None:
    for path in PATHS:
        answer = living.control("GET", f"/sim/exporters/{path}")
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert answer.ok
    answer = living.control("GET", "/sim/exporters/moon")
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "path")


def test_they_tell_of_every_pod_of_the_api(living: Living) -> None:
    text = requests.get(
        f"{living.served.control}/sim/exporters/{KUBE_STATE}", timeout=30
    ).text
    told = {
        dict(labels)["pod"] for name, labels in samples(text) if name == "kube_pod_info"
    }
    assert told == {
        pod["metadata"]["name"]
        for pod in living.kubernetes("/api/v1/pods").json()["items"]
    }
