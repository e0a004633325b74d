"""The kinds of telemetry that a Prometheus may hold for us, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TITLES: Final[Mapping[str, str]] = {
    "istio": "Istio",
    "linkerd": "Linkerd",
    "hubble": "Cilium Hubble",
    "coroot": "Coroot's node agent",
    "otel": "OpenTelemetry",
    "beyla": "Grafana Beyla",
    "envoy": "Envoy",
    "nginx-vts": "nginx",
    "nginx": "nginx",
    "vendor": "Prometheus",
    "redis-exporter": "redis_exporter",
    "postgres-exporter": "postgres_exporter",
    "elasticsearch-exporter": "elasticsearch_exporter",
    "blackbox": "blackbox_exporter",
    "kube-state-metrics": "kube-state-metrics",
    "cadvisor": "cAdvisor",
}
"""By the names that the configuration uses; what stands after "counted by"."""
