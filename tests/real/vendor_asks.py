"""What the vendor's published alert rules and dashboards ask of a Prometheus."""

from __future__ import annotations

BY_POD = "namespace pod container service job instance"
BY_CONSUL = "namespace consul_service consul_service_id instance_ip job instance"

RULES = {
    "netstat_Tcp_RetransSegs": (
        "delta(node_netstat_Tcp_RetransSegs[1m])",
        "instance job",
    ),
    "gws_high_cpu_usage": (
        "sum by (name,instance_ip) (rate(container_cpu_usage_seconds_total{"
        'image!="",container_label_org_label_schema_group="",'
        'name!~".*ES-Data-Warm.*",namespace="gws"}[1m])) * 100',
        "name instance_ip",
    ),
    "gws_app_workspace_incoming_requests": (
        'gws_app_workspace_incoming_requests{metricName="rate_1min",namespace="gws"}',
        BY_POD,
    ),
    "gws_jvm_threads_deadlocked": ('jvm_threads_deadlocked{namespace="gws"}', BY_POD),
    "gws_high_jvm_gc_pause_seconds_count": (
        'delta(jvm_gc_pause_seconds_count{action="end of major GC",namespace="gws"}[1m])',
        f"{BY_POD} action",
    ),
    "gws_high_5xx_responces_count": (
        'delta(gws_responses_total{code=~"5..",namespace="gws"}[5m])',
        f"{BY_POD} code",
    ),
    "gws_high_500_responces_java": (
        'delta(gws_responses_total{code=~"500",namespace="gws"}[5m])',
        f"{BY_POD} code",
    ),
    "gws_high_500_responces_workspace": (
        "sum(delta(gws_app_workspace_requests"
        '{metricName="count", statusCode=~"500",namespace="gws"}[5m]))',
        "",
    ),
    "gws_high_nodejs_eventloop_lag_seconds": (
        'nodejs_eventloop_lag_seconds{namespace="gws"}',
        BY_POD,
    ),
    "total_count_of_errors_in_PSDK_connections": (
        "increase(psdk_conn_error_total"
        '{consul_service="gws-platform-configuration-management",namespace="gws"}[5m])',
        BY_CONSUL,
    ),
    "total_count_of_errors_during_context_initialization": (
        'increase(gws_context_error_total{consul_service=~"'
        'gws-platform-configuration-management|gws-core-auth-management",'
        'namespace="gws"}[5m])',
        BY_CONSUL,
    ),
}
"""Left-hand sides by the alerts' names, and the labels that one series has to have."""

_ABOUT = "tenantName type category"
METRICS = {
    "api_requests_seconds_count_total": "service instance job",
    "api_requests_seconds_sum_total": "service instance job",
    "gws_responses_total": "code service namespace",
    "jetty_responses_total": "status service",
    "jetty_requests_seconds_sum": "service pod",
    "jetty_requests_seconds_count": "service pod",
    "gws_context_active": "instance service",
    **{
        f"gws_context_{what}_total{{{by}}}": f"instance {label}"
        for what in ("opened", "closed", "error")
        for by, label in (('job="consul"', "consul_service"), ('job!="consul"', "service"))
    },
    "gws_sub_active": "instance service environment",
    "msgbus_sub_active": "instance service",
    "comet_sub_active": "instance service",
    "psdk_event_total": "instance service environment",
    **{
        f"psdk_conn_{what}_total{{{by}}}": f"instance {label}"
        for what in ("opened", "error")
        for by, label in (('job="consul"', "consul_service"), ('job!="consul"', "service"))
    },
    "request_out_total": "instance service statusCode",
    "hikaricp_connections_active": "instance service job",
    "hikaricp_connections_usage_seconds_sum": "instance service job",
    "hikaricp_connections_usage_seconds_count": "instance service job",
    "jvm_memory_used_bytes": "instance job area id",
    "jvm_memory_committed_bytes": "instance job area id",
    'jvm_gc_pause_seconds_sum{action="end of major GC"}': "action",
    'jvm_gc_pause_seconds_count{action="end of major GC"}': "action",
    "jvm_threads_live_threads": "instance",
    'jvm_threads_states_threads{state="blocked"}': "instance",
    "jvm_threads_deadlocked": "instance",
    "process_cpu_usage": "instance service",
    "auth_cs_command_timeouts_total": "environment",
    "auth_cs_connection_timeouts_total": "environment",
    **{
        f'gws_app_workspace_server_activity{{metricName="{name}"}}': "instance"
        for name in ("cometd_active_user_count", "context_count")
    },
    **{
        f'gws_app_workspace_tenants{{metricName="{name}"}}': "tenantName"
        for name in (
            "active_users", "pending_cleanup", "platform_logouts",
            "platform_cometd_disconnects",
        )
    },
    **{
        f'gws_app_workspace_requests{{metricName="{name}",type="{type_}"}}':
            f"{_ABOUT} statusCode instance"
        for name in ("count", "avg_duration")
        for type_ in ("incoming", "outgoing")
    },
    'gws_app_workspace_requests{category="cometd"}': "statusCode",
    'gws_app_workspace_requests{category="voice"}': "statusCode",
    **{
        f'gws_app_workspace_events{{metricName="count",eventName="{name}"}}':
            f"{_ABOUT} eventDetail"
        for name in ("EventError", "CallStateChanged")
    },
    'gws_app_workspace_incoming_requests{metricName="rate_1min"}': "instance",
    "nodejs_eventloop_lag_seconds": "instance",
    "nodejs_heap_size_total_bytes": "instance",
    "postgres_transactions_total": "database",
    "postgres_connections": "database",
    "container_cpu_usage_seconds_total": "container image name namespace pod",
    'kube_pod_container_info{container=~"gws-.*"}': "container image namespace pod",
    "node_netstat_Tcp_RetransSegs": "instance",
}  # fmt: skip
"""Metrics of the vendor's dashboards, and the labels that these use."""
