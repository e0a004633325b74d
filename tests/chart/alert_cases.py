"""When each alert fires: series a minute apart, and what is then said.

A value is `START+STEPxTIMES`, as promtool's own unit tests write it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STILL = "+0x90"
"""The same value for an hour and a half."""


@dataclass(frozen=True)
class Case:
    """`before`: the minute at which it does not fire yet, `after`: at which it does."""

    series: dict[str, str]
    labels: dict[str, str]
    summary: str
    before: int = 0
    after: int = 5
    value: str = field(default="")


def demo(**more: str) -> dict[str, str]:
    return {"deployment": "demo", **more}


def text(**labels: str) -> str:
    return ",".join(f'{name}="{value}"' for name, value in labels.items())


AT = {"job": "gws-observatory", "instance": "10.0.0.1:8050"}
C17 = demo(connection="17", source="workspace", destination="voicemail")
REDIS = {"namespace": "infra", "job": "redis", "instance": "redis-0:9121"}
SEARCH = {
    "namespace": "infra",
    "job": "elastic",
    "instance": "e:9114",
    "cluster": "gws",
}
STORE = {"namespace": "infra", "job": "pg", "instance": "pg-0:9187"}
KUBE = {"job": "kube-state-metrics", "instance": "ksm:8080"}
WORK = {"namespace": "gws", "deployment": "gws-app-workspace-blue", **KUBE}
TENANT = {"namespace": "voice", "statefulset": "tenant", **KUBE}
POD = {"namespace": "gws", "pod": "gws-app-workspace-blue-1", "container": "c", **KUBE}
WEB = {"job": "gws-probes", "instance": "https://gws.example/"}
NGINX = {"namespace": "gws", "job": "nginx", "instance": "p:9113"}


def of(name: str, labels: dict[str, str], value: str, **more: str) -> dict[str, str]:
    return {f"{name}{{{text(**labels, **more)}}}": value}


def status(name: str, labels: dict[str, str], value: str) -> dict[str, str]:
    return of(name, labels, f"1{STILL}", status=value)


def source(name: str, up: str) -> dict[str, str]:
    return of("gws_observatory_source_up", demo(source=name), up)


CASES: dict[str, Case] = {
    "GwsObservatoryDown": Case(
        of("up", AT, f"0{STILL}"), {}, "GWS Observatory is not there, nobody watches GWS", 1
    ),
    "GwsObservatoryNotReady": Case(
        of("gws_observatory_build_info", AT, f"1{STILL}", version="1"),
        {**AT, "version": "1"},
        "GWS Observatory at 10.0.0.1:8050 has no picture yet",
        4, 6,
    ),
    "GwsObservatoryStale": Case(
        of("gws_observatory_picture_timestamp_seconds", demo(), f"0{STILL}"),
        demo(), "The picture of demo is 10m 0s old", 3, 10,
    ),
    "GwsObservatoryBlind": Case(
        {**source("consul", f"0{STILL}"), **source("kubernetes", f"1{STILL}")},
        demo(source="consul"), "consul of demo can't be heard", 1,
    ),
    "GwsObservatoryBlindEntirely": Case(
        {**source("consul", f"0{STILL}"), **source("config", f"1{STILL}")},
        demo(), "No source of demo can be heard, nobody watches it",
    ),
    "GwsObservatoryConfigBroken": Case(
        of("gws_observatory_config_reload_ok", AT, f"0{STILL}"),
        {"job": AT["job"]},
        "The configuration of GWS Observatory is broken, the old one is in force", 4, 6,
    ),
    "GwsObservatoryHistoryPaused": Case(
        of("gws_observatory_history_paused", AT, f"1{STILL}"),
        {"job": AT["job"]}, "GWS Observatory keeps no history", 4, 6,
    ),
    "GwsObservatoryRecordsUnwritten": Case(
        source("records", f"0{STILL}"),
        demo(), "Incidents and notes of demo are not written", 4, 6,
    ),
    "GwsObservatoryNoLeader": Case(
        {
            **of("gws_observatory_leader", AT, f"0{STILL}"),
            **of("gws_observatory_leader", {**AT, "instance": "10.0.0.2:8050"}, f"0{STILL}"),
        },
        {"job": AT["job"]},
        "No collector of GWS Observatory leads, nobody watches GWS",
    ),
    "GwsObservatoryBusDown": Case(
        of("gws_observatory_bus_up", AT, f"0{STILL}"),
        AT, "GWS Observatory at 10.0.0.1:8050 can't use its Redis", 1,
    ),
    "GwsObservatorySlow": Case(
        {
            **of("gws_observatory_fault_to_push_seconds_bucket", demo(), f"0{STILL}", le="1"),
            **of("gws_observatory_fault_to_push_seconds_bucket", demo(), "0+60x90", le="3"),
            **of("gws_observatory_fault_to_push_seconds_bucket", demo(), "0+60x90", le="+Inf"),
        },
        demo(), "Changes of demo take 2.98s to be told", 5, 40,
    ),
    "GwsConnectionFailing": Case(
        status("gws_connection_status", C17, "failing"),
        C17, "Connection 17 of demo fails, workspace to voicemail",
    ),
    "GwsConnectionDegraded": Case(
        status("gws_connection_status", C17, "degraded"),
        C17, "Connection 17 of demo is degraded, workspace to voicemail", 14, 16,
    ),
    "GwsConnectionsStale": Case(
        {
            **status("gws_connection_status", C17, "stale"),
            **status("gws_connection_status", {**C17, "connection": "18"}, "stale"),
        },
        demo(), "2 connections of demo are only known from before", 4, 6,
    ),
    "GwsBoxWithoutPods": Case(
        {
            **of("gws_node_pods_ready", demo(node="redis"), f"0{STILL}"),
            **of("gws_node_pods_desired", demo(node="redis"), f"3{STILL}"),
        },
        demo(node="redis"), "redis of demo has no ready pod",
    ),
    "GwsBoxFewerPods": Case(
        {
            **of("gws_node_pods_ready", demo(node="redis"), f"2{STILL}"),
            **of("gws_node_pods_desired", demo(node="redis"), f"3{STILL}"),
        },
        demo(node="redis"), "redis of demo has 2 ready pods, fewer than are wanted", 14, 16,
    ),
    "GwsBoxFailing": Case(
        {
            **status("gws_node_status", demo(node="redis"), "failing"),
            **of("gws_node_pods_ready", demo(node="redis"), f"3{STILL}"),
        },
        demo(node="redis"), "redis of demo fails although pods are ready",
    ),
    "GwsStoreNearlyFull": Case(
        {
            **of("gws_node_memory_bytes", demo(node="redis"), f"95{STILL}"),
            **of("gws_node_memory_limit_bytes", demo(node="redis"), f"100{STILL}"),
        },
        demo(node="redis"), "redis of demo is 95% full", 9, 11,
    ),
    "GwsReplicaBehind": Case(
        of("gws_node_lag_seconds", demo(node="postgresql"), f"600{STILL}"),
        demo(node="postgresql"), "A replica of postgresql of demo is 10m 0s behind", 9, 11,
    ),
    "GwsWorkloadDown": Case(
        {
            **of("kube_deployment_status_replicas_ready", WORK, f"0{STILL}"),
            **of("kube_deployment_spec_replicas", WORK, f"2{STILL}"),
        },
        WORK, "gws-app-workspace-blue in gws has no ready pod", 1,
    ),
    "GwsStatefulSetDown": Case(
        {
            **of("kube_statefulset_status_replicas_ready", TENANT, f"0{STILL}"),
            **of("kube_statefulset_replicas", TENANT, f"1{STILL}"),
        },
        TENANT, "tenant in voice has no ready pod", 1,
    ),
    "GwsWorkloadShort": Case(
        {
            **of("kube_deployment_status_replicas_ready", WORK, f"1{STILL}"),
            **of("kube_deployment_spec_replicas", WORK, f"2{STILL}"),
        },
        WORK, "gws-app-workspace-blue in gws has 1 ready pods, fewer than are wanted", 14, 16,
    ),
    "GwsStatefulSetShort": Case(
        {
            **of("kube_statefulset_status_replicas_ready", TENANT, f"1{STILL}"),
            **of("kube_statefulset_replicas", TENANT, f"2{STILL}"),
        },
        TENANT, "tenant in voice has 1 ready pods, fewer than are wanted", 14, 16,
    ),
    "GwsPodRestarting": Case(
        of("kube_pod_container_status_restarts_total", POD, "0+1x90"),
        POD, "gws-app-workspace-blue-1 in gws restarts again and again", 1, 20,
    ),
    "GwsRedisDown": Case(
        of("redis_up", REDIS, f"0{STILL}"), REDIS, "Redis at redis-0:9121 does not answer"
    ),
    "GwsRedisClientsNearlyFull": Case(
        {
            **of("redis_connected_clients", REDIS, f"95{STILL}"),
            **of("redis_config_maxclients", REDIS, f"100{STILL}"),
        },
        REDIS, "Redis at redis-0:9121 has 95% of the clients that it allows", 4, 6,
    ),
    "GwsRedisMemoryNearlyFull": Case(
        {
            **of("redis_memory_used_bytes", REDIS, f"91{STILL}"),
            **of("redis_memory_max_bytes", REDIS, f"100{STILL}"),
        },
        REDIS, "Redis at redis-0:9121 uses 91% of its memory", 4, 6,
    ),
    "GwsRedisTurnsAway": Case(
        of("redis_rejected_connections_total", REDIS, "0+1x90"),
        REDIS, "Redis at redis-0:9121 turns clients away",
    ),
    "GwsElasticsearchDown": Case(
        of("elasticsearch_cluster_health_up", SEARCH, f"0{STILL}"),
        SEARCH, "Elasticsearch behind e:9114 does not answer", 1,
    ),
    "GwsElasticsearchRed": Case(
        of("elasticsearch_cluster_health_status", SEARCH, f"1{STILL}", color="red"),
        {**SEARCH, "color": "red"}, "Elasticsearch cluster gws is red",
    ),
    "GwsElasticsearchYellow": Case(
        of("elasticsearch_cluster_health_status", SEARCH, f"1{STILL}", color="yellow"),
        {**SEARCH, "color": "yellow"},
        "Elasticsearch cluster gws has been yellow for half an hour", 29, 31,
    ),
    "GwsElasticsearchTurnsAway": Case(
        of("elasticsearch_thread_pool_rejected_count", SEARCH, "0+1x90", type="search"),
        {key: SEARCH[key] for key in ("namespace", "job", "cluster")},
        "Elasticsearch cluster gws turns work away", 4, 10,
    ),
    "GwsPostgresqlDown": Case(
        of("pg_up", STORE, f"0{STILL}"), STORE, "PostgreSQL behind pg-0:9187 does not answer"
    ),
    "GwsPostgresqlConnectionsNearlyFull": Case(
        {
            **of("pg_stat_activity_count", STORE, f"60{STILL}", state="active"),
            **of("pg_stat_activity_count", STORE, f"35{STILL}", state="idle"),
            **of("pg_settings_max_connections", STORE, f"100{STILL}"),
        },
        STORE, "PostgreSQL behind pg-0:9187 has 95% of the connections that it allows", 4, 6,
    ),
    "GwsConsulUnhealthy": Case(
        of("consul_autopilot_healthy", {"namespace": "infra", "job": "consul"}, f"0{STILL}"),
        {"namespace": "infra", "job": "consul"}, "A Consul server of consul is not healthy", 1,
    ),
    "GwsConsulElections": Case(
        of("consul_raft_state_candidate", {"namespace": "infra", "job": "consul"}, "0+1x90"),
        {"namespace": "infra", "job": "consul"},
        "The Consul servers of consul elect a leader again and again", 0, 15,
    ),
    "GwsProxyUnreachable": Case(
        of("probe_success", WEB, f"0{STILL}"), WEB, "https://gws.example/ can't be reached"
    ),
    "GwsCertificateEnds": Case(
        of("probe_ssl_earliest_cert_expiry", WEB, f"86400{STILL}"),
        WEB, "The certificate of https://gws.example/ ends in 22h 54m 0s", 30, 66,
    ),
    "GwsProxyDown": Case(
        of("nginx_up", NGINX, f"0{STILL}"), NGINX, "nginx behind p:9113 does not answer its exporter"
    ),
}  # fmt: skip
