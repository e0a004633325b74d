"""A fault is the same fault wherever one looks, and nothing of it stays behind."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.simulator.living import WITHIN_S, Living

WORKSPACE = "gws-app-workspace"
VOICE = "gws-platform-voice"
REDIS = "infra-redis-redis-cluster"


def test_all_is_well_at_the_start(living: Living) -> None:
    assert living.truth() == {}
    assert living.critical() == {}
    assert (living.ready(WORKSPACE), living.ready(REDIS)) == (3, 3)
    page = living.page(WORKSPACE, 48051, "/prometheus")
    assert "gws_app_workspace_requests" in page.text


def test_a_crashed_box_is_gone_from_every_side_and_comes_back(living: Living) -> None:
    living.begin("pod_crash", "workspace")
    assert living.ready(WORKSPACE) == 0
    waiting = [
        pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"]
        for pod in living.pods(WORKSPACE)
    ]
    assert waiting == ["CrashLoopBackOff"] * 3
    assert living.refused(WORKSPACE, 48050)
    assert living.refused(WORKSPACE, 48051)
    assert "connection refused" in living.critical()[WORKSPACE]
    assert living.truth()[6] == "failing"

    living.end_all()
    assert living.ready(WORKSPACE) == 3
    assert living.critical() == {}
    assert living.page(WORKSPACE, 48051, "/health").json() == {"status": "UP"}
    assert living.truth() == {}


def test_an_unready_box_listens_and_says_so(living: Living) -> None:
    living.begin("pod_not_ready", "voice", pods=1)
    assert living.ready(VOICE) == 1
    assert not living.refused(VOICE, 48110)
    assert "503" in living.critical()[VOICE]
    states = [pod["status"]["containerStatuses"][0] for pod in living.pods(VOICE)]
    assert sorted(state["ready"] for state in states) == [False, True]


def test_faults_on_one_box_overlap_and_end_in_any_order(living: Living) -> None:
    first = living.begin("pod_crash", "redis")
    living.begin("pod_not_ready", "redis", pods=1)
    living.control("DELETE", f"/sim/faults/{first['id']}")
    assert living.ready(REDIS) == 2
    assert not living.refused(REDIS, 6379)
    living.end_all()
    assert living.ready(REDIS) == 3


def test_a_fault_ends_by_itself(living: Living) -> None:
    before = living.version()
    body = {"kind": "pod_crash", "target": "redis", "seconds": 0.3}
    living.control("POST", "/sim/faults", body)
    told = living.readiness(REDIS, since=before)
    assert 0 in told
    assert 3 in told
    living.until(lambda: living.truth() == {})


def test_scaling_to_zero_takes_pods_listeners_and_registrations(
    living: Living,
) -> None:
    addresses = [pod["status"]["podIP"] for pod in living.pods("gws-ui-provisioning")]
    living.begin("scale_zero", "agent-setup")
    living.until(lambda: living.pods("gws-ui-provisioning") == [])
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://{addresses[0]}:8081/health", timeout=WITHIN_S)
    living.until(
        lambda: "gws-ui-provisioning" not in living.consul("/v1/catalog/services")
    )
    living.end_all()
    living.until(lambda: living.ready("gws-ui-provisioning") == 1)


def test_new_pods_of_a_rollout_listen_and_are_registered(living: Living) -> None:
    before = {pod["metadata"]["uid"] for pod in living.pods(VOICE)}
    living.begin("rolling_update", "voice", pace_s=0)
    living.until(
        lambda: before.isdisjoint(p["metadata"]["uid"] for p in living.pods(VOICE))
    )
    living.until(lambda: not living.refused(VOICE, 48110))
    living.until(
        lambda: (
            {
                entry["Service"]["Address"]
                for entry in living.consul(f"/v1/health/service/{VOICE}")
            }
            == {pod["status"]["podIP"] for pod in living.pods(VOICE)}
        )
    )


def test_an_image_that_does_not_come_leaves_nothing_ready(living: Living) -> None:
    living.begin("image_pull", "statistics")
    living.until(lambda: living.ready("gws-platform-statistics") == 0)
    living.end_all()
    living.until(lambda: living.ready("gws-platform-statistics") == 2)


def test_consul_without_a_majority_has_no_leader(living: Living) -> None:
    living.begin("pod_crash", "consul", pods=1)
    assert living.consul("/v1/status/leader")
    living.begin("pod_crash", "consul", pods=2)
    assert living.consul("/v1/status/leader") == ""
    assert living.truth()[3] == "failing"
    living.end_all()
    assert living.consul("/v1/status/leader")


def test_consul_that_is_down_refuses_everywhere(living: Living) -> None:
    living.begin("consul_down", "consul")
    with pytest.raises(requests.ConnectionError):
        living.consul("/v1/status/leader")
    assert living.refused("consul-server", 8500)
    assert living.ready("consul-server") == 0
    living.end_all()
    assert living.consul("/v1/status/leader")


def test_a_denied_token_sees_empty_answers(living: Living) -> None:
    living.begin("consul_acl_denied", "consul")
    assert living.consul("/v1/health/state/any") == []
    assert living.consul("/v1/catalog/services") == {}
    living.end_all()
    assert living.consul("/v1/health/state/any") != []


def test_checks_can_fail_and_leave_while_pods_are_well(living: Living) -> None:
    living.begin("consul_critical", "provisioning", pods=1)
    assert "500" in living.critical()["gws-app-provisioning"]
    assert living.ready("gws-app-provisioning") == 2
    living.begin("consul_deregistered", "tenant")
    assert "tenant" not in living.consul("/v1/catalog/services")
    assert living.ready("tenant") == 2


def test_a_cut_api_ends_its_streams_and_refuses(living: Living) -> None:
    watch = living.kubernetes("/api/v1/pods", watch="1", resourceVersion="0")
    living.begin("api_cut", "kubernetes")
    with pytest.raises(requests.ConnectionError):
        living.kubernetes("/api/v1/pods")
    with pytest.raises(requests.RequestException):
        watch.content  # noqa: B018  reading is what meets the cut
    living.end_all()
    assert living.kubernetes("/api/v1/pods").status_code == 200


@pytest.mark.parametrize("told", ["stream", "status"])
def test_what_a_watch_resumes_from_can_be_gone(living: Living, told: str) -> None:
    listed = living.kubernetes("/api/v1/pods").json()["metadata"]["resourceVersion"]
    living.begin("api_gone", "kubernetes", **{"as": told})
    again = living.kubernetes("/api/v1/pods", watch="1", resourceVersion=listed)
    if told == "status":
        assert again.status_code == 410
    else:
        assert json.loads(next(again.iter_lines()))["object"]["code"] == 410
    again.close()


def test_a_right_that_is_taken_ends_the_watches_that_used_it(living: Living) -> None:
    version = living.kubernetes("/api/v1/pods").json()["metadata"]["resourceVersion"]
    watch = living.kubernetes("/api/v1/pods", watch="1", resourceVersion=version)
    living.begin("api_forbidden", "kubernetes", resource="pods")
    assert watch.content == b""
    assert living.kubernetes("/api/v1/pods").status_code == 403
    assert living.kubernetes("/api/v1/services").status_code == 200


def test_a_skewed_clock_writes_other_times(living: Living) -> None:
    living.begin("clock_skew", "kubernetes", offset_s=-7200)
    living.begin("pod_crash", "iwd")
    events = living.kubernetes("/api/v1/namespaces/iwd/events").json()["items"]
    pod = living.pods("iwd")[0]
    assert events[-1]["lastTimestamp"] < pod["metadata"]["creationTimestamp"]


def metrics(living: Living) -> requests.Response:
    return living.page("gws-platform-configuration", 48031, "/prometheus")


def test_metrics_can_be_gone(living: Living) -> None:
    living.begin("metrics_gone", "configuration")
    assert metrics(living).status_code == 404
    living.end_all()
    assert metrics(living).status_code == 200


def test_metrics_can_stand_still(living: Living) -> None:
    assert metrics(living).text != metrics(living).text
    living.begin("metrics_stale", "configuration")
    assert metrics(living).text == metrics(living).text


def test_metrics_can_be_garbled(living: Living) -> None:
    living.begin("metrics_garbage", "configuration")
    garbled = metrics(living).text
    with pytest.raises(ValueError):
        list(text_string_to_metric_families(garbled))


def test_refused_metrics_leave_the_service_itself_alone(living: Living) -> None:
    living.begin("metrics_gone", "configuration", how="refused")
    assert living.refused("gws-platform-configuration", 48031)
    assert not living.refused("gws-platform-configuration", 48030)


def test_the_ingress_has_nobody_to_pass_to_without_a_proxy(living: Living) -> None:
    def answer() -> int:
        url, trusted = f"{living.served.ingress}/health", str(living.served.ca_file)
        return requests.get(url, verify=trusted, timeout=WITHIN_S).status_code

    assert answer() == 200
    living.begin("pod_crash", "service-proxy")
    assert answer() == 503


@pytest.mark.parametrize("ends_after_s", [0.02, 0.05, 0.08, 0.11])
def test_nothing_listens_after_an_end_in_the_middle_of_a_change(
    tmp_path: Path, ends_after_s: float
) -> None:
    with Living(tmp_path) as living:
        places = [(pod["status"]["podIP"], 9121) for pod in living.pods(REDIS)]
        body = {"kind": "pod_crash", "target": "redis", "seconds": ends_after_s}
        living.control("POST", "/sim/faults", body)
        living.until(lambda: living.ready(REDIS) == 3)
    for place in places:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place, WITHIN_S)
