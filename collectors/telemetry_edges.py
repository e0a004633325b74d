"""Telemetry that knows both ends of a connection: meshes, agents, traces. Data.

Names and labels of the metrics: the published references of each product. Failed are
answers 5xx and requests that got none; 401, 403 and 429 say nothing of the service.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from collectors.edges_read import Ends, read_edges
from collectors.telemetry import Telemetry, age, grown, total

HTTP_FAILED: Final = r"5..|0|-"
HTTP_REFUSED: Final = r"4(?!01|03|29).."


def _edges(
    name: str,
    ends: Ends,
    asks: dict[str, str],
    aged: tuple[str, ...],
    marks: tuple[str, ...] = (),
) -> Telemetry:
    """`aged`: the metrics (with their matchers) whose newest samples tell the age."""
    asks = {**asks, "age": age(ends.labels, *aged)}
    known_by = marks or tuple(metric.partition("{")[0] for metric in aged)
    read = partial(read_edges, ends)
    return Telemetry(name, known_by, asks, read, lasting=True, counts=True)


ISTIO_ENDS: Final = Ends(
    by="istio",
    source=(("source_workload", "source_workload_namespace"),),
    destination=(
        ("destination_workload", "destination_workload_namespace"),
        ("destination_service_name", "destination_service_namespace"),
    ),
    failed=(("response_code", HTTP_FAILED),),
    refused=(("response_code", HTTP_REFUSED),),
    unit_s=0.001,
)
_I: Final = ISTIO_ENDS.labels
_CALLER: Final = 'reporter="source",'
_UNANSWERED: Final = 'response_flags=~"UF|UH|URX|NR|UF,URX",'
ISTIO: Final = _edges(
    "istio",
    ISTIO_ENDS,
    {
        "requests": grown(f"{_I}, response_code", "istio_requests_total", _CALLER),
        "buckets": grown(
            f"{_I}, le", "istio_request_duration_milliseconds_bucket", _CALLER
        ),
        "connects": grown(_I, "istio_tcp_connections_opened_total", _CALLER),
        "connect_failures": grown(
            _I, "istio_tcp_connections_closed_total", _CALLER + _UNANSWERED
        ),
        "opened": total(_I, "istio_tcp_connections_opened_total", _CALLER),
        "closed": total(_I, "istio_tcp_connections_closed_total", _CALLER),
    },
    (
        'istio_requests_total{reporter="source",$M}',
        'istio_tcp_connections_opened_total{reporter="source",$M}',
    ),
)

LINKERD_ENDS: Final = Ends(
    by="linkerd",
    source=(("deployment", "namespace"), ("statefulset", "namespace")),
    destination=(
        ("dst_deployment", "dst_namespace"),
        ("dst_statefulset", "dst_namespace"),
        ("dst_service", "dst_namespace"),
    ),
    failed=(("classification", "failure"),),
    refused=(),
    unit_s=0.001,
)
_L: Final = LINKERD_ENDS.labels
_OUT: Final = 'direction="outbound",'
LINKERD: Final = _edges(
    "linkerd",
    LINKERD_ENDS,
    {
        "requests": grown(f"{_L}, classification", "response_total", _OUT),
        "buckets": grown(f"{_L}, le", "response_latency_ms_bucket", _OUT),
        "active": total(_L, "tcp_open_connections", _OUT),
    },
    (
        'response_total{direction="outbound",$M}',
        'tcp_open_connections{direction="outbound",$M}',
    ),
)

HUBBLE_ENDS: Final = Ends(
    by="hubble",
    source=(("source_workload", "source_namespace"), ("source", "source_namespace")),
    destination=(
        ("destination_workload", "destination_namespace"),
        ("destination", "destination_namespace"),
    ),
    failed=(("status", HTTP_FAILED),),
    refused=(("status", HTTP_REFUSED),),
)
_H: Final = HUBBLE_ENDS.labels
_SERVER: Final = 'reporter="server",'
HUBBLE: Final = _edges(
    "hubble",
    HUBBLE_ENDS,
    {
        "requests": grown(f"{_H}, status", "hubble_http_requests_total", _SERVER),
        "buckets": grown(
            f"{_H}, le", "hubble_http_request_duration_seconds_bucket", _SERVER
        ),
        "connects": grown(_H, "hubble_flows_processed_total"),
        "connect_failures": grown(_H, "hubble_drop_total"),
    },
    (
        "hubble_flows_processed_total{$M}",
        'hubble_http_requests_total{reporter="server",$M}',
    ),
)

COROOT_ENDS: Final = Ends(
    by="coroot",
    source=(("container_id", ""),),
    destination=(("actual_destination", ""), ("destination", "")),
    failed=(("status", r"5..|failed|grpc:(?!OK|0$).*"),),
    refused=(("status", HTTP_REFUSED),),
)
_C: Final = COROOT_ENDS.labels
_SPOKEN: Final = ("http_requests", "redis_queries", "postgres_queries")


def _spoken(by: str, suffix: str) -> str:
    """Every protocol that the agent understands and GWS speaks, each told apart, so
    that none hides another behind equal labels."""
    asked = (
        f'label_replace({grown(by, f"container_{name}_{suffix}")}, "protocol", '
        f'"{name}", "", "")'
        for name in _SPOKEN
    )
    return " or ".join(asked)


COROOT: Final = _edges(
    "coroot",
    COROOT_ENDS,
    {
        "requests": _spoken(f"{_C}, status", "total"),
        "buckets": _spoken(f"{_C}, le", "duration_seconds_total_bucket"),
        "opened_since": grown(_C, "container_net_tcp_successful_connects_total"),
        "connect_failures": grown(_C, "container_net_tcp_failed_connects_total"),
        "active": total(_C, "container_net_tcp_active_connections"),
    },
    (
        "container_net_tcp_active_connections{$M}",
        "container_net_tcp_successful_connects_total{$M}",
        "container_net_tcp_failed_connects_total{$M}",
    ),
)

OTEL_ENDS: Final = Ends(
    by="otel", source=(("client", ""),), destination=(("server", ""),)
)
_O: Final = OTEL_ENDS.labels
OTEL: Final = _edges(
    "otel",
    OTEL_ENDS,
    {
        "requests": grown(_O, "traces_service_graph_request_total"),
        "failures": grown(_O, "traces_service_graph_request_failed_total"),
        "buckets": grown(
            f"{_O}, le", "traces_service_graph_request_client_seconds_bucket"
        ),
    },
    ("traces_service_graph_request_total{$M}",),
)

BEYLA_ENDS: Final = Ends(
    by="beyla",
    source=(
        ("k8s_deployment_name", "k8s_namespace_name"),
        ("k8s_statefulset_name", "k8s_namespace_name"),
        ("service_name", "service_namespace"),
    ),
    destination=(("server_address", ""),),
    failed=(("http_response_status_code", HTTP_FAILED), ("error_type", r".+")),
    refused=(("http_response_status_code", HTTP_REFUSED),),
)
_B: Final = BEYLA_ENDS.labels
_CODED: Final = f"{_B}, http_response_status_code, error_type"
_HTTP_CLIENT: Final = "http_client_request_duration_seconds"
_DB_CLIENT: Final = "db_client_operation_duration_seconds"
BEYLA: Final = _edges(
    "beyla",
    BEYLA_ENDS,
    {
        "requests": f"{grown(_CODED, f'{_HTTP_CLIENT}_count')} or "
        f"{grown(_CODED, f'{_DB_CLIENT}_count')}",
        "buckets": f"{grown(f'{_B}, le', f'{_HTTP_CLIENT}_bucket')} or "
        f"{grown(f'{_B}, le', f'{_DB_CLIENT}_bucket')}",
    },
    (f"{_HTTP_CLIENT}_count{{$M}}", f"{_DB_CLIENT}_count{{$M}}"),
)

ENVOY_ENDS: Final = Ends(
    by="envoy",
    source=(("local_cluster", ""),),
    destination=(("consul_destination_service", ""), ("consul_service", "")),
    failed=(("envoy_response_code_class", "5"),),
    refused=(("envoy_response_code_class", "4"),),
    unit_s=0.001,
)
_E: Final = ENVOY_ENDS.labels
ENVOY: Final = _edges(
    "envoy",
    ENVOY_ENDS,
    {
        "requests": grown(
            f"{_E}, envoy_response_code_class", "envoy_cluster_upstream_rq_xx"
        ),
        "buckets": grown(f"{_E}, le", "envoy_cluster_upstream_rq_time_bucket"),
        "connects": grown(_E, "envoy_cluster_upstream_cx_total"),
        "connect_failures": grown(_E, "envoy_cluster_upstream_cx_connect_fail"),
        "active": total(_E, "envoy_cluster_upstream_cx_active"),
    },
    ("envoy_cluster_upstream_cx_active{$M}",),
)

VTS_ENDS: Final = Ends(
    by="nginx-vts",
    caller="service-proxy",
    source=(),
    destination=(("upstream", ""), ("backend", "")),
    failed=(("code", "5xx"),),
    refused=(("code", "4xx"),),
)
_V: Final = VTS_ENDS.labels
NGINX_VTS: Final = _edges(
    "nginx-vts",
    VTS_ENDS,
    {
        "requests": grown(
            f"{_V}, code", "nginx_vts_upstream_requests_total", 'code!="total",'
        ),
        "buckets": grown(
            f"{_V}, le", "nginx_vts_upstream_response_duration_seconds_bucket"
        ),
        "spent": f"{grown(_V, 'nginx_vts_upstream_response_seconds_total')} or "
        f"{grown(_V, 'nginx_vts_upstream_response_msecs_total')} / 1000",
    },
    ("nginx_vts_upstream_requests_total{$M}",),
)

EDGES: Final = (ISTIO, LINKERD, HUBBLE, COROOT, OTEL, BEYLA, ENVOY, NGINX_VTS)
