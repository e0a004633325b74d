"""What workloads, Services, EndpointSlices and Events say, case by case."""

from datetime import UTC, datetime

import pytest

from app.domain.locate import locator
from app.domain.topology import standard
from collectors.errors import SourceMisread
from collectors.kubernetes_read import read_object

LOCATOR = locator(standard())
META = {"name": "gws-app-workspace-blue", "namespace": "gws", "generation": 2}
SEEN = {"observedGeneration": 2}


def deployment(spec, conditions=(), **status):
    obj = {"metadata": META, "spec": spec}
    obj["status"] = SEEN | status | {"conditions": list(conditions)}
    return read_object("Deployment", obj, LOCATOR)


def test_replicas_that_nobody_set_are_one():
    assert deployment({}, replicas=1, updatedReplicas=1).desired == 1


@pytest.mark.parametrize(
    ("status", "rolling"),
    [
        ({"replicas": 3, "updatedReplicas": 3, "readyReplicas": 3}, False),
        ({"replicas": 3, "updatedReplicas": 3, "readyReplicas": 0}, False),
        ({"replicas": 4, "updatedReplicas": 1, "readyReplicas": 3}, True),
        ({"replicas": 4, "updatedReplicas": 3, "readyReplicas": 4}, True),
        ({"replicas": 2, "updatedReplicas": 2, "readyReplicas": 2}, True),
        ({"replicas": 3, "updatedReplicas": 3, "observedGeneration": 1}, True),
    ],
)
def test_a_deployment_rolls_until_every_replica_is_new(status, rolling):
    assert deployment({"replicas": 3}, **status).rolling is rolling


@pytest.mark.parametrize(
    ("condition", "stuck"),
    [
        (("Progressing", "False", "ProgressDeadlineExceeded", "timed out"), "ProgressDeadlineExceeded: timed out"),
        (("Progressing", "True", "ReplicaSetUpdated", "going on"), None),
        (("ReplicaFailure", "True", "FailedCreate", "exceeded quota"), "FailedCreate: exceeded quota"),
        (("ReplicaFailure", "True", None, None), "ReplicaFailure"),
        (("Available", "False", "MinimumReplicasUnavailable", ""), None),
    ],
)  # fmt: skip
def test_a_deployment_is_stuck_when_its_controller_says_so(condition, stuck):
    told = dict(zip(("type", "status", "reason", "message"), condition, strict=True))
    assert deployment({"replicas": 3}, [told]).stuck == stuck


def test_a_rollout_that_someone_paused_is_stuck_until_it_is_done():
    half, whole = ({"replicas": 3, "updatedReplicas": n} for n in (1, 3))
    assert deployment({"replicas": 3, "paused": True}, **half).stuck == (
        "the rollout is paused"
    )
    assert deployment({"replicas": 3, "paused": True}, **whole).stuck is None


def statefulset(spec=None, **status):
    obj = {
        "metadata": {"name": "redis", "namespace": "infra"},
        "spec": {"replicas": 3} | (spec or {}),
        "status": {"replicas": 3, "updatedReplicas": 3} | status,
    }
    return read_object("StatefulSet", obj, LOCATOR)


NEWER = {"currentRevision": "a", "updateRevision": "b", "updatedReplicas": 1}


@pytest.mark.parametrize(
    ("spec", "status", "rolling"),
    [
        ({}, {}, False),
        ({}, {"currentRevision": "a", "updateRevision": "a"}, False),
        ({}, NEWER, True),
        ({"updateStrategy": {"type": "OnDelete"}}, NEWER, False),
        ({"updateStrategy": {"rollingUpdate": {"partition": 2}}}, NEWER, False),
        ({"updateStrategy": {"rollingUpdate": {"partition": 1}}}, NEWER, True),
        ({"updateStrategy": {"rollingUpdate": None}}, NEWER, True),
        ({}, {"replicas": 2}, True),
    ],
)
def test_a_statefulset_rolls_until_every_replica_is_new(spec, status, rolling):
    assert statefulset(spec, **status).rolling is rolling


@pytest.mark.parametrize(
    ("told", "revision"),
    [({"deployment.kubernetes.io/revision": "12"}, 12), ({}, None), (None, None)],
)
def test_a_replicaset_tells_its_revision(told, revision):
    owner = {"kind": "Deployment", "name": "gws-app-workspace-blue", "controller": True}
    meta = {"name": "x-5b5f", "namespace": "gws", "annotations": told}
    obj = {"metadata": meta | {"ownerReferences": [owner]}, "spec": {"replicas": 2}}
    fact = read_object("ReplicaSet", obj, LOCATOR)
    assert (fact.node, fact.revision, fact.desired) == ("workspace", revision, 2)


@pytest.mark.parametrize(
    ("address", "told"), [("10.0.0.1", "10.0.0.1"), ("None", None), ("", None)]
)
def test_a_headless_service_has_no_address(address, told):
    ports = [
        {"name": "http", "port": 80, "targetPort": "http"},
        {"name": "dns", "port": 53, "protocol": "UDP"},
    ]
    obj = {
        "metadata": {"name": "gws-app-workspace-blue-srv", "namespace": "gws"},
        "spec": {"clusterIP": address, "ports": ports},
    }
    fact = read_object("Service", obj, LOCATOR)
    assert (fact.node, fact.cluster_ip) == ("workspace", told)
    assert [(port.name, port.number) for port in fact.ports] == [("http", 80)]


def endpoints(*conditions, labels=None, **more):
    named = {"kubernetes.io/service-name": "gws-app-workspace-blue-srv"}
    told = [
        {"addresses": [f"10.0.0.{n}"], "conditions": one}
        for n, one in enumerate(conditions, 1)
    ]
    obj = {
        "metadata": {
            "name": "slice-abc12",
            "namespace": "gws",
            "labels": named if labels is None else labels,
        },
        "endpoints": told,
        "ports": [{"name": "http", "port": 48050}, {"name": "all", "port": None}],
    }
    return read_object("EndpointSlice", obj | more, LOCATOR)


@pytest.mark.parametrize(
    ("condition", "counts"),
    [
        ({"ready": True}, (1, 1)),
        ({"ready": False}, (0, 1)),
        ({"ready": None}, (1, 1)),
        ({}, (1, 1)),
        (None, (1, 1)),
        ({"ready": False, "serving": True, "terminating": True}, (0, 0)),
        ({"ready": True, "terminating": True}, (1, 1)),
    ],
)
def test_an_endpoint_is_ready_unless_it_says_no_and_leaves_without_a_trace(
    condition, counts
):
    fact = endpoints(condition)
    assert (fact.ready, fact.total) == counts


def test_only_ready_addresses_and_known_ports_are_told():
    fact = endpoints({"ready": True}, {"ready": False}, {})
    assert fact.addresses == ("10.0.0.1", "10.0.0.3")
    assert [(port.name, port.number) for port in fact.ports] == [("http", 48050)]


def test_a_slice_that_is_empty_has_no_one():
    fact = endpoints(endpoints=None, ports=None)
    assert (fact.ready, fact.total, fact.addresses, fact.ports) == (0, 0, (), ())


def test_several_slices_of_one_service_are_facts_of_their_own():
    one, two = (
        endpoints({}, metadata={"name": name, "namespace": "gws", "labels": labels})
        for name in ("a", "b")
        for labels in [{"kubernetes.io/service-name": "gws-app-workspace-srv"}]
    )
    assert one.service == two.service
    assert one.key != two.key


def test_a_slice_of_no_service_is_not_ours():
    assert endpoints({}, labels={}) is None


def event(kind, name, namespace="gws", **more):
    obj = {
        "metadata": {"name": "e.1", "namespace": namespace},
        "involvedObject": {"kind": kind, "name": name, "namespace": namespace},
        "lastTimestamp": "2026-11-24T10:00:00Z",
    }
    return read_object("Event", obj | more, LOCATOR)


@pytest.mark.parametrize(
    ("kind", "name", "namespace", "node"),
    [
        ("Pod", "gws-app-workspace-blue-c575649d-5v596", "gws", "workspace"),
        ("Pod", "redis-0", "infra", "redis"),
        ("Pod", "redis-exporter-0", "infra", None),
        ("Pod", "redis-exporter-c575649d-5v596", "infra", None),
        ("Deployment", "gws-app-workspace-green", "gws", "workspace"),
        ("ReplicaSet", "gws-app-workspace-blue-c575649d", "gws", "workspace"),
        ("StatefulSet", "redis", "infra", "redis"),
        ("Service", "gws-app-workspace-blue-srv", "gws", "workspace"),
        ("EndpointSlice", "gws-app-workspace-blue-srv-vg485", "gws", "workspace"),
        ("HorizontalPodAutoscaler", "gws-app-workspace-blue", "gws", "workspace"),
        ("Node", "n1", "default", None),
    ],
)
def test_whose_event_it_is(kind, name, namespace, node):
    fact = event(kind, name, namespace)
    assert (fact and fact.node) == node
    assert fact is None or fact.about == f"{kind.lower()}/{name}"


WORKSPACE = ("Deployment", "gws-app-workspace")
SERIES = {"count": 7, "lastObservedTime": "2026-11-24T10:05:00.123456Z"}


def test_an_event_in_a_series_tells_how_often_and_when_last():
    fact = event(*WORKSPACE, lastTimestamp=None, count=None, series=SERIES)
    assert fact.count == 7
    assert fact.last_seen == datetime(2026, 11, 24, 10, 5, 0, 123456, tzinfo=UTC)


def test_an_event_of_the_newer_api_tells_when_it_was():
    moment = "2026-11-24T10:01:00.5Z"
    fact = event(*WORKSPACE, lastTimestamp=None, eventTime=moment, count=0)
    assert (fact.count, fact.last_seen.minute) == (1, 1)


def test_an_event_without_any_time_is_misread():
    with pytest.raises(SourceMisread, match="lastTimestamp is missing"):
        event(*WORKSPACE, lastTimestamp=None)


def test_a_long_message_is_cut():
    assert len(event(*WORKSPACE, message="x" * 5000).message) == 500
