"""Telemetry that knows one end only: exporters, the cluster's own, the vendor's. Data.

Names of the metrics: each exporter's published list. What we ask a store, Kubernetes or
the pods' pages ourselves is not asked here again (`DIRECT`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from collectors import vendor_metrics
from collectors.boxes_read import (
    read_cluster,
    read_containers,
    read_nginx,
    read_probes,
    read_vendor,
)
from collectors.exporters_read import (
    read_elasticsearch,
    read_postgresql,
    read_redis,
)
from collectors.telemetry import Telemetry, age, grown, total
from collectors.telemetry_edges import EDGES

_WHO: Final = "namespace, pod, service, job, instance"


def _newest(by: str, metric: str, matchers: str = "") -> str:
    return f"max by ({by}) ({metric}{{{matchers}$M}})"


def _by_name(metrics: tuple[str, ...]) -> str:
    return f'{{__name__=~"{"|".join(sorted(metrics))}",$M}}'


def _counters(metrics: tuple[str, ...]) -> str:
    """`increase` drops the metric's name, so each is given it back under another."""
    return " or ".join(
        f'label_replace(increase({name}{{$M}}[$W]), "metric", "{name}", "", "")'
        for name in sorted(metrics)
    )


_STORES: Final = ("redis_", "pg_", "postgres_", "elasticsearch_")
_COUNTED: Final = tuple(
    name
    for pick in dict.fromkeys(pick.metric for pick in vendor_metrics.COUNTERS)
    if not pick.startswith(_STORES)
    for name in (pick, f"{pick}_total")
)
_GAUGED: Final = tuple(
    name for name in vendor_metrics.GAUGE_NAMES if not name.startswith(_STORES)
)

VENDOR: Final = Telemetry(
    "vendor",
    ("gws_responses_total", "jetty_responses_total", "gws_app_workspace_requests"),
    {"counters": _counters(_COUNTED), "gauges": _by_name(_GAUGED)},
    read_vendor,
    counts=True,
)
NGINX: Final = Telemetry(
    "nginx",
    ("nginx_connections_active",),
    {
        "requests": grown(_WHO, "nginx_http_requests_total"),
        "active": total(_WHO, "nginx_connections_active"),
        "age": age(_WHO, "nginx_connections_active{$M}"),
    },
    read_nginx,
    counts=True,
)
REDIS: Final = Telemetry(
    "redis-exporter",
    ("redis_up",),
    {
        "up": _newest(_WHO, "redis_up"),
        "clients": _newest(_WHO, "redis_connected_clients"),
        "most_clients": _newest(_WHO, "redis_config_maxclients"),
        "memory": _newest(_WHO, "redis_memory_used_bytes"),
        "most_memory": _newest(_WHO, "redis_memory_max_bytes"),
        "rejected": grown(_WHO, "redis_rejected_connections_total"),
        "age": age(_WHO, "redis_up{$M}"),
    },
    read_redis,
)
POSTGRESQL: Final = Telemetry(
    "postgres-exporter",
    ("pg_up",),
    {
        "up": _newest(_WHO, "pg_up"),
        "clients": total(_WHO, "pg_stat_activity_count"),
        "most_clients": _newest(_WHO, "pg_settings_max_connections"),
        "age": age(_WHO, "pg_up{$M}"),
    },
    read_postgresql,
)
ELASTICSEARCH: Final = Telemetry(
    "elasticsearch-exporter",
    ("elasticsearch_cluster_health_up", "elasticsearch_cluster_health_status"),
    {
        "up": _newest(_WHO, "elasticsearch_cluster_health_up"),
        "state": f"{_newest(f'{_WHO}, color', 'elasticsearch_cluster_health_status')}"
        " == 1",
        "missing": _newest(_WHO, "elasticsearch_cluster_health_unassigned_shards"),
        "rejected": grown(_WHO, "elasticsearch_thread_pool_rejected_count"),
        # Of a cluster that it can't reach the exporter tells no status.
        "age": age(
            _WHO,
            "elasticsearch_cluster_health_status{$M}",
            "elasticsearch_cluster_health_up{$M}",
        ),
    },
    read_elasticsearch,
)
BLACKBOX: Final = Telemetry(
    "blackbox",
    ("probe_success",),
    {
        "success": "probe_success{$M}[$W]",
        "expiry": "probe_ssl_earliest_cert_expiry{$M} - time()",
    },
    read_probes,
)
_DEPLOYMENT: Final = "namespace, deployment"
_STATEFUL: Final = "namespace, statefulset"
CLUSTER: Final = Telemetry(
    "kube-state-metrics",
    ("kube_deployment_spec_replicas", "kube_statefulset_replicas"),
    {
        "desired": f"{_newest(_DEPLOYMENT, 'kube_deployment_spec_replicas')} or "
        f"{_newest(_STATEFUL, 'kube_statefulset_replicas')}",
        "ready": f"{_newest(_DEPLOYMENT, 'kube_deployment_status_replicas_ready')} or "
        f"{_newest(_STATEFUL, 'kube_statefulset_status_replicas_ready')}",
    },
    read_cluster,
)
_POD: Final = "namespace, pod"
_REAL: Final = 'container!="",container!="POD",'
CONTAINERS: Final = Telemetry(
    "cadvisor",
    ("container_memory_working_set_bytes", "container_cpu_cfs_periods_total"),
    {
        "memory_share": f"max by ({_POD}) ("
        f"container_memory_working_set_bytes{{{_REAL}$M}} / "
        f"(container_spec_memory_limit_bytes{{{_REAL}$M}} > 0))",
        "throttled": grown(_POD, "container_cpu_cfs_throttled_periods_total", _REAL),
        "periods": grown(_POD, "container_cpu_cfs_periods_total", _REAL),
        "cpu": grown(_POD, "container_cpu_usage_seconds_total", _REAL),
        "memory": total(_POD, "container_memory_working_set_bytes", _REAL),
    },
    read_containers,
)
BOXES: Final = (
    VENDOR, NGINX, REDIS, POSTGRESQL, ELASTICSEARCH, BLACKBOX, CLUSTER, CONTAINERS,
)  # fmt: skip

ALL: Final[Mapping[str, Telemetry]] = {one.name: one for one in (*EDGES, *BOXES)}
DIRECT: Final[Mapping[str, str]] = {
    "kubernetes": CLUSTER.name,
    "redis": REDIS.name,
    "postgresql": POSTGRESQL.name,
    "elasticsearch": ELASTICSEARCH.name,
}
"""By our own source: the telemetry that would say the same at second hand."""
