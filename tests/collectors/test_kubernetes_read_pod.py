"""What a pod says, case by case."""

from datetime import UTC, datetime

import pytest

from app.domain.facts import HttpTarget
from app.domain.locate import locator
from app.domain.topology import standard
from collectors.errors import SourceMisread
from collectors.kubernetes_read import read_object

LOCATOR = locator(standard())


def pod(*, meta=None, spec=None, **status):
    base = {"name": "p", "namespace": "gws", "labels": {"gws": "gws-app-workspace"}}
    obj = {
        "metadata": base | (meta or {}),
        "spec": {"containers": [{"name": "main"}]} | (spec or {}),
        "status": {"phase": "Running"} | status,
    }
    return read_object("Pod", obj, LOCATOR)


def container(state=None, **more):
    return {"name": "main", "state": state or {}} | more


def waits(reason, message=None):
    return {"waiting": {"reason": reason, "message": message}}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        pytest.param(
            {"containerStatuses": [container(waits("ImagePullBackOff", "no image"))]},
            ("ImagePullBackOff", "no image"),
            id="main",
        ),
        pytest.param(
            {
                "initContainerStatuses": [container(waits("CrashLoopBackOff", "back"))],
                "containerStatuses": [container(waits("PodInitializing"))],
            },
            ("CrashLoopBackOff", "back"),
            id="init-container",
        ),
        pytest.param(
            {
                "containerStatuses": [
                    container(waits("ContainerCreating")),
                    container(waits("ErrImagePull", "x")),
                ]
            },
            ("ErrImagePull", "x"),
            id="the-least-ordinary",
        ),
        pytest.param(
            {"containerStatuses": [container(waits("ContainerCreating"))]},
            ("ContainerCreating", None),
            id="on-its-way",
        ),
        pytest.param(
            {"containerStatuses": [container({"waiting": {"message": "m"}})]},
            ("Waiting", "m"),
            id="without-a-reason",
        ),
        pytest.param(
            {
                "phase": "Pending",
                "conditions": [
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "0/3 nodes are available",
                    }
                ],
            },
            ("Unschedulable", "0/3 nodes are available"),
            id="no-room",
        ),
        pytest.param(
            {"phase": "Failed", "reason": "Evicted", "message": "low on memory"},
            ("Evicted", "low on memory"),
            id="evicted",
        ),
        pytest.param({"phase": "Failed"}, ("Failed", None), id="failed"),
        pytest.param({"phase": "Pending"}, (None, None), id="just-made"),
    ],
)
def test_why_a_pod_waits(status, reason):
    fact = pod(**status)
    assert (fact.waiting_reason, fact.waiting_message) == reason


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ({"reason": "OOMKilled", "exitCode": 137}, "OOMKilled (exit code 137)"),
        ({"exitCode": 1}, "Error (exit code 1)"),
        ({"reason": "Completed", "exitCode": 0}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("where", ["lastState", "state"])
def test_how_a_container_last_ended(ended, told, where):
    fact = pod(containerStatuses=[container(**{where: {"terminated": ended}})])
    assert fact.last_exit == told


def test_restarts_are_counted_over_all_containers():
    fact = pod(
        initContainerStatuses=[container(restartCount=2)],
        containerStatuses=[container(restartCount=3), container(restartCount=4)],
    )
    assert fact.restarts == 9


def test_readiness_is_the_condition_and_nothing_else():
    ready = {"type": "Ready", "status": "True"}
    assert pod(conditions=[{"type": "Initialized", "status": "True"}, ready]).ready
    assert not pod(conditions=[ready | {"status": "Unknown"}]).ready
    assert not pod(conditions=None).ready


def test_a_pod_without_an_address_has_none():
    assert pod(podIP="").ip is None
    assert pod().ip is None
    assert pod(podIP="fd00::5").ip == "fd00::5"


def test_a_pod_that_is_being_deleted_is_terminating():
    assert pod(meta={"deletionTimestamp": "2026-11-24T10:00:00Z"}).terminating
    assert not pod().terminating


def test_a_time_of_another_zone_is_told_in_utc():
    fact = pod(startTime="2026-11-24T12:00:00+02:00")
    assert fact.started_at == datetime(2026, 11, 24, 10, tzinfo=UTC)


def annotated(ports=(), **annotations):
    named = {f"prometheus.io/{name}": value for name, value in annotations.items()}
    main = {"name": "main", "ports": list(ports)}
    return pod(meta={"annotations": named}, spec={"containers": [main]}).scrape


HTTP = {"name": "http", "containerPort": 80}
METRICS = {"name": "metrics", "containerPort": 9100}


@pytest.mark.parametrize(
    ("scrape", "target"),
    [
        (annotated(scrape="true", port="81"), HttpTarget(81, "/metrics")),
        (annotated(scrape="True", port="81", path="m"), HttpTarget(81, "/m")),
        (annotated(scrape="true", port="81", path="/a?b=c"), HttpTarget(81, "/a?b=c")),
        (annotated(scrape="true", port="81", scheme="HTTPS"), HttpTarget(81, "/metrics", True)),
        (annotated([HTTP], scrape="true", port="http"), HttpTarget(80, "/metrics")),
        (annotated([HTTP, METRICS], scrape="true"), HttpTarget(9100, "/metrics")),
        (annotated([HTTP], scrape="true"), HttpTarget(80, "/metrics")),
        (annotated([], scrape="true"), None),
        (annotated(scrape="false", port="81"), None),
        (annotated(port="81"), None),
        (annotated(scrape="true", port="http"), None),
        (annotated(scrape="true", port="0"), None),
        (annotated(scrape="true", port="65536"), None),
        (annotated(scrape="true", port="1" * 5000), None),
        (annotated(scrape="true", port="81", path="/a b"), None),
        (annotated(scrape="true", port="81", path="/a\r\nHost: x"), None),
    ],
)  # fmt: skip
def test_where_annotations_say_to_scrape(scrape, target):
    assert scrape == target


def probed(**get):
    main = {"name": "main", "ports": [HTTP], "readinessProbe": {"httpGet": get}}
    return pod(spec={"containers": [main]}).health


@pytest.mark.parametrize(
    ("health", "target"),
    [
        (probed(port=81, path="/health"), HttpTarget(81, "/health")),
        (probed(port="http", path="/health"), HttpTarget(80, "/health")),
        (probed(port="8080"), HttpTarget(8080, "/")),
        (probed(port=443, scheme="HTTPS"), HttpTarget(443, "/", True)),
        (probed(port="unknown"), None),
        (probed(port=81, host="elsewhere.example"), None),
        (probed(), None),
    ],
)
def test_where_the_kubelet_asks_for_readiness(health, target):
    assert health == target


def test_the_workloads_own_container_is_told_from_its_sidecars():
    proxy = {"name": "istio-proxy", "image": "istio", "ports": [METRICS]}
    probe = {"httpGet": {"port": "http"}}
    main = {"name": "gws-app-workspace-blue", "image": "ours", "ports": [HTTP]}
    owners = [
        {
            "kind": "ReplicaSet",
            "name": "gws-app-workspace-blue-5b5f",
            "controller": True,
        }
    ]
    fact = pod(
        meta={
            "ownerReferences": owners,
            "labels": {"pod-template-hash": "5b5f"},
        },
        spec={"containers": [proxy, main | {"readinessProbe": probe}]},
    )
    assert (fact.node, fact.image, fact.health) == (
        "workspace",
        "ours",
        HttpTarget(80, "/"),
    )


def test_ports_that_are_not_tcp_are_not_told():
    ports = [HTTP, {"name": "sip", "containerPort": 5060, "protocol": "UDP"}]
    fact = pod(spec={"containers": [{"name": "main", "ports": ports}]})
    assert [port.name for port in fact.ports] == ["http"]


@pytest.mark.parametrize(
    ("kind", "owner", "labels", "node"),
    [
        (
            "ReplicaSet",
            "tenant-5b5f659dbb",
            {"pod-template-hash": "5b5f659dbb"},
            "tenant",
        ),
        ("ReplicaSet", "tenant-blue-5b5f", {}, "tenant"),
        ("StatefulSet", "tenant", {}, "tenant"),
        ("StatefulSet", "tenant-0", {}, None),
        ("Job", "tenant", {}, None),
        ("DaemonSet", "node-exporter", {}, None),
        (None, "", {}, "tenant"),
    ],
)
def test_whose_pod_it_is_by_its_owner(kind, owner, labels, node):
    owners = [{"kind": kind, "name": owner, "controller": True}] if kind else []
    meta = {"name": "tenant", "namespace": "voice", "labels": labels}
    fact = pod(meta=meta | {"ownerReferences": owners})
    assert (fact and fact.node) == node


def test_the_gws_label_says_whose_pod_it_is_whatever_its_owner_is_called():
    owners = [{"kind": "ReplicaSet", "name": "renamed-5b5f", "controller": True}]
    fact = pod(meta={"ownerReferences": owners})
    assert (fact.node, fact.workload) == ("workspace", "gws-app-workspace")


def test_a_job_that_carries_the_label_is_no_part_of_the_box():
    owners = [{"kind": "Job", "name": "init-db", "controller": True}]
    assert pod(meta={"ownerReferences": owners}) is None


@pytest.mark.parametrize(
    "status",
    [
        {"containerStatuses": [container(restartCount="3")]},
        {"containerStatuses": [container(restartCount=True)]},
        {"containerStatuses": [container(restartCount=-1)]},
        {"containerStatuses": ["main"]},
        {"conditions": {}},
        {"podIP": 5},
        {"startTime": "yesterday"},
    ],
)
def test_a_field_of_another_type_is_misread(status):
    with pytest.raises(SourceMisread):
        pod(**status)
