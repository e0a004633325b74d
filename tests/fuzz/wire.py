"""Everything that reads what sources answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

import orjson

from app.domain.alerted import Directory
from app.domain.knowledge import Knowledge
from app.domain.locate import locator
from app.domain.named import Names, addresses
from app.domain.subject import NodeId
from app.domain.topology import standard
from collectors.alerts_read import read_alerts, read_silences, read_whole
from collectors.consul_agent_read import read_metrics, read_self
from collectors.consul_keys import read_keys
from collectors.consul_read import (
    read_autopilot,
    read_catalog,
    read_checks,
    read_leader,
    read_peers,
)
from collectors.elasticsearch_read import (
    read_clients as read_http_clients,
)
from collectors.elasticsearch_read import (
    read_health,
    read_nodes,
    read_rejected,
)
from collectors.errors import CollectorError
from collectors.kubernetes_lines import Lines, read_line, read_status
from collectors.kubernetes_read import name_of, read_facts
from collectors.kubernetes_resources import RESOURCES
from collectors.prometheus_read import read_answer, refused
from collectors.redis_read import read_clients, read_info, read_members, read_store
from collectors.telemetry import Asked
from collectors.telemetry_boxes import ALL
from tests.fuzz.harness import Harness, recorded, seed

PICTURE: Final = standard()
LOCATOR: Final = locator(PICTURE)
DIRECTORY: Final = Directory("demo", PICTURE, LOCATOR)
REDIS: Final = NodeId("redis")
AT: Final = datetime(2026, 11, 24, 10, tzinfo=UTC)
ASKED: Final = Asked(Names(PICTURE, LOCATOR, addresses(Knowledge())), 60.0, AT)
TOLD: Final = (CollectorError,)
MOMENT: Final = "2026-11-24T10:00:00.000Z"
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0"


def consul(body: bytes) -> None:
    """Each answer is given to every reader: a proxy may mix them up."""
    for reader in (read_leader, read_peers, read_autopilot, read_keys):
        _may(reader, body)
    _may(lambda b: read_checks(b, LOCATOR), body)
    read_catalog(body, LOCATOR)


def consul_agent(body: bytes) -> None:
    _may(read_self, body)
    read_metrics(body)


def kubernetes(body: bytes) -> None:
    lines = Lines(limit=32 << 10)
    for line in lines.feed(body + b"\n"):
        _change, obj = read_line(line)
        read_status(obj)
        name_of(obj)
        for resource in RESOURCES:
            _may_object(resource.kind, obj)


def alertmanager(body: bytes) -> None:
    both = orjson.loads(body)
    if not isinstance(both, dict):
        return
    silences = read_silences(orjson.dumps(both.get("silences")))
    read_whole(silences, DIRECTORY)
    read_alerts(orjson.dumps(both.get("alerts")), silences, DIRECTORY)


def alertmanager_raw(body: bytes) -> None:
    _may(read_silences, body)
    read_alerts(body, {}, DIRECTORY)


def prometheus(body: bytes) -> None:
    refused(503, body, None, "secret")
    series = read_answer(body)
    for kind in ALL.values():
        kind.read(dict.fromkeys(kind.asks, series), ASKED)


def redis(body: bytes) -> None:
    text = body.decode(errors="replace")
    read_clients(text, REDIS, "redis-0", {"10.0.0.1": REDIS})
    _may(lambda _: read_members(text, "10.0.0.1"), body)
    read_store(read_info(text), REDIS, "redis-0")


def elasticsearch(body: bytes) -> None:
    nodes = read_nodes(body)
    read_rejected(nodes)
    read_http_clients(nodes, "es", {"10.0.0.1": REDIS})
    read_health(body, nodes, "es", None)


def _may(reader, body: bytes) -> None:
    try:
        reader(body)
    except CollectorError:
        pass


def _may_object(kind: str, obj: object) -> None:
    try:
        read_facts(kind, obj, LOCATOR)
    except CollectorError:
        pass


def listed(name: str) -> tuple[bytes, ...]:
    """The objects of a recorded list, each as a line of a watch."""
    found = json.loads(recorded(f"kubernetes-1.36/{name}.json"))
    kind = found["kind"].removesuffix("List")
    return tuple(
        seed({"type": "ADDED", "object": {"kind": kind, **one}})
        for one in found["items"][:2]
    )


CONSUL: Final = tuple(
    recorded(f"consul-1.8/{name}.http")
    for name in (
        "health-state-any", "catalog-services", "status-leader", "status-peers",
        "autopilot-health",
    )
)  # fmt: skip
OF_AGENT: Final = (
    seed({
        "Config": {"NodeName": "a", "Datacenter": "dc1", "Version": "1.8.7", "Server": True},
        "DebugConfig": {"RaftLeaderLeaseTimeout": "2.5s", "ConsulRaftLeaderLeaseTimeout": "500ms"},
    }),
    seed({
        "Timestamp": "2026-11-24 10:00:00 +0000 UTC",
        "Gauges": [{"Name": "consul.runtime.total_gc_pause_ns", "Value": 3e9, "Labels": {}}],
        "Counters": [{"Name": "consul.client.rpc.exceeded", "Count": 1, "Sum": 7, "Labels": {}}],
        "Samples": [{"Name": "consul.raft.leader.lastContact", "Count": 1, "Max": 9, "Mean": 9}],
        "Points": [],
    }),
)  # fmt: skip
ALERTED: Final = seed({
    "silences": [{
        "id": "s1", "status": {"state": "active"}, "endsAt": MOMENT,
        "matchers": [{"name": "box", "value": "redis", "isRegex": False, "isEqual": True}],
        "createdBy": "jane", "comment": "disks",
    }],
    "alerts": [{
        "labels": {"alertname": "Slow", "box": "redis", "severity": "warning"},
        "annotations": {"summary": "slow"}, "fingerprint": "f1",
        "status": {"state": "suppressed", "silencedBy": ["s1"], "inhibitedBy": []},
    }],
})  # fmt: skip
ENDS: Final = {
    "source_workload": "gws-app-workspace", "destination_workload": "voice-voicemail",
    "source_workload_namespace": "gws", "destination_workload_namespace": "voice",
    "response_code": "503", "le": "0.5", "pod": "redis-0", "namespace": "infra",
    "__name__": "up", "instance": "10.0.0.1:80", "job": "redis",
}  # fmt: skip
VECTOR: Final = {
    "status": "success",
    "data": {"resultType": "vector", "result": [{"metric": ENDS, "value": [1795000000, "1.5"]}]},
}  # fmt: skip
MATRIX: Final = {
    "status": "success",
    "data": {"resultType": "matrix", "result": [{"metric": ENDS, "values": [[1795000000, "1"]]}]},
}  # fmt: skip
NODES: Final = seed({
    "status": "green", "number_of_nodes": 1, "unassigned_shards": 0,
    "nodes": {"n": {
        "timestamp": 1795000000000, "thread_pool": {"search": {"rejected": 1}},
        "http": {"current_open": 1, "clients": [{
            "remote_address": "10.0.0.1:4", "opened_time_millis": 1794999999000,
            "last_request_time_millis": 1794999999500,
        }]},
    }},
})  # fmt: skip
INFO: Final = (
    b"# Server\r\nredis_version:7.2.4\r\nredis_mode:cluster\r\nrole:master\r\n"
    b"connected_clients:5\r\nmaxclients:10000\r\nused_memory:1048576\r\nmaxmemory:0\r\n",
    b"redis_version:7\nid=3 addr=10.0.0.1:52 laddr=10.0.0.2:6379 fd=8 name= age=10 idle=0 "
    b"flags=N db=0 sub=0 cmd=get user=default\n",
    b"07c37df 10.0.0.1:6379@16379 master - 0 1426238316232 2 connected 5461-10922\n",
)
WIRE: Final = {
    "consul": Harness(consul, CONSUL, TOLD, is_json=True),
    "consul_agent": Harness(consul_agent, OF_AGENT, TOLD, is_json=True),
    "kubernetes": Harness(
        kubernetes,
        (
            *listed("list-gws-pods"), *listed("list-gws-deployments"),
            *listed("list-gws-endpointslices"), *listed("list-gws-services"),
            *listed("list-infra-statefulsets"), *listed("list-gws-replicasets"),
            recorded("kubernetes-1.36/watch-gws-events.ndjson"),
            recorded("kubernetes-1.36/error-403.json"),
        ),
        TOLD,
        is_json=True,
    ),
    "alertmanager": Harness(
        alertmanager, (ALERTED,), (*TOLD, orjson.JSONDecodeError), is_json=True
    ),
    "alertmanager_raw": Harness(
        alertmanager_raw, (seed(json.loads(ALERTED)["alerts"]),), TOLD, is_json=True
    ),
    "prometheus": Harness(
        prometheus, (seed(VECTOR), seed(MATRIX)), TOLD, is_json=True
    ),
    "redis": Harness(redis, INFO, TOLD),
    "elasticsearch": Harness(elasticsearch, (NODES,), TOLD, is_json=True),
}  # fmt: skip
