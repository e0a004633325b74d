"""`/metrics`: the newest snapshots as Prometheus series, and our own work.

A series that nobody measured is not exported: no sample is honest, a zero is a lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, Histogram, Info
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.bus.base import Json
from app.bus.fleet import FLEET
from app.domain.status import Status
from app.web.site import Site

CONNECTION: Final = ("deployment", "connection", "source", "destination")
PUSH_BUCKETS: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
)  # fmt: skip
SIMPLE: Final = (
    ("gws_connection_request_rate", "Requests per second", "request_rate"),
    ("gws_connection_error_ratio", "Failed requests, share of all", "error_ratio"),
    ("gws_connection_active", "Open connections", "connections_active"),
    ("gws_connection_saturation_ratio", "Used share of a limit", "saturation"),
)
NODE: Final = (
    ("gws_node_pods_ready", "Ready pods", "ready"),
    ("gws_node_pods_desired", "Wanted pods", "desired"),
    ("gws_node_pods_restarts", "Restarts of the pods", "restarts"),
    ("gws_node_replicas_max", "Most replicas by autoscaler", "replicas_max"),
    ("gws_node_users", "Users on all pods", "users"),
    ("gws_node_users_most", "Users on the fullest pod", "users_most"),
    ("gws_node_cpu_cores", "Cores in use by the ready pods", "cpu"),
    ("gws_node_cpu_limit_cores", "Cores allowed to the ready pods", "cpu_limit"),
    ("gws_node_pods_memory_bytes", "Memory of the ready pods", "pods_memory"),
    (
        "gws_node_pods_memory_limit_bytes",
        "Memory allowed to the ready pods",
        "pods_memory_limit",
    ),
    ("gws_node_memory_bytes", "Memory of the servers of a store", "memory"),
    ("gws_node_memory_limit_bytes", "Memory allowed to these", "memory_limit"),
    ("gws_node_clients", "Clients of a store", "clients"),
    ("gws_node_clients_limit", "Clients that it allows", "clients_limit"),
    ("gws_node_lag_seconds", "How far replicas of a store are behind", "lag_s"),
)
"""Name, meaning, and the field of a box in the snapshot."""
QUANTILES: Final = (
    ("0.5", "latency_p50_ms"),
    ("0.95", "latency_p95_ms"),
    ("0.99", "latency_p99_ms"),
)


class Exposition:
    """Everything that `/metrics` tells, in one registry of its own."""

    def __init__(self, version: str) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        info = Info("gws_observatory_build", "What is running", registry=self._registry)
        info.info({"version": version})
        self._push = Histogram(
            "gws_observatory_fault_to_push_seconds",
            "From a change being heard to its delta being handed to the viewers",
            labelnames=("deployment",),
            buckets=PUSH_BUCKETS,
            registry=self._registry,
        )
        self._file = _File()
        self._registry.register(self._file)

    def show(self, site: Site) -> None:
        """Tell of these pictures too."""
        self._registry.register(_Pictures(site))

    def pushed(self, deployment: str) -> Callable[[float], None]:
        """Where a pipeline tells how long a change took."""
        return self._push.labels(deployment).observe

    def configured(self, good: bool, good_at: datetime) -> None:
        """Whether the configuration file was good when it was last read, and when it
        last was. From any thread."""
        self._file.read = (good, good_at)

    def render(self, accept: str) -> tuple[bytes, str]:
        """The body and its content type."""
        encoder, content_type = choose_encoder(accept)
        return encoder(self._registry), content_type


class _File(Collector):
    """How the last reading of the configuration file went."""

    def __init__(self) -> None:
        self.read: tuple[bool, datetime] | None = None

    def collect(self) -> Iterator[Metric]:
        text = "1 while the configuration file is good, 0 while the old one is in force"
        ok = _gauge("gws_observatory_config_reload_ok", text, ())
        text = "When the configuration file was last read and good"
        at = _gauge("gws_observatory_config_reloaded_timestamp_seconds", text, ())
        if self.read is not None:
            good, good_at = self.read
            ok.add_metric([], float(good))
            at.add_metric([], good_at.timestamp())
        yield ok
        yield at


class _Pictures(Collector):
    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        site = self._site
        pictures = [
            site.snapshot(name) for name in site.watched if site.bus.latest(name)
        ]
        yield _status(pictures)
        for name, text, field in SIMPLE:
            yield _simple(pictures, name, text, field)
        yield _latency(pictures)
        yield from _nodes(pictures)
        yield from _sources(pictures)
        yield _viewers(site)


def _gauge(name: str, text: str, labels: Iterable[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=list(labels))


def _rows(pictures: list[Json]) -> Iterator[tuple[list[str], Any]]:
    """Every connection of every deployment, with the values of `CONNECTION`."""
    for picture in pictures:
        for row in picture["connections"]:
            number = str(row["number"])
            ends = [row["source"], row["destination"]]
            yield [picture["deployment"], number, *ends], row


def _status(pictures: list[Json]) -> Metric:
    text = "1 for the present status of a connection, 0 for the others"
    family = _gauge("gws_connection_status", text, (*CONNECTION, "status"))
    for labels, row in _rows(pictures):
        for status in Status:
            present = row["status"] == status.value
            family.add_metric([*labels, status.value], float(present))
    return family


def _simple(pictures: list[Json], name: str, text: str, field: str) -> Metric:
    family = _gauge(name, text, CONNECTION)
    for labels, row in _rows(pictures):
        value = row["metrics"][field]
        if value is not None:
            family.add_metric(labels, value)
    return family


def _latency(pictures: list[Json]) -> Metric:
    text = "Time to answer"
    family = _gauge("gws_connection_latency_seconds", text, (*CONNECTION, "quantile"))
    for labels, row in _rows(pictures):
        for quantile, field in QUANTILES:
            value = row["metrics"][field]
            if value is not None:
                family.add_metric([*labels, quantile], value / 1000)
    return family


def _nodes(pictures: list[Json]) -> Iterator[Metric]:
    for name, text, field in NODE:
        family = _gauge(name, text, ("deployment", "node"))
        for picture in pictures:
            for node in picture["nodes"]:
                if node[field] is not None:
                    family.add_metric([picture["deployment"], node["id"]], node[field])
        yield family


def _sources(pictures: list[Json]) -> Iterator[Metric]:
    labels = ("deployment", "source")
    up = _gauge("gws_observatory_source_up", "1 while a source can be heard", labels)
    text = "Since a source last answered"
    age = _gauge("gws_observatory_source_age_seconds", text, labels)
    for picture in pictures:
        for source in picture["sources"]:
            named = [picture["deployment"], source["name"]]
            heard = source["status"] in (Status.OK, Status.DEGRADED)
            up.add_metric(named, float(heard))
            if source["age_s"] is not None:
                age.add_metric(named, source["age_s"])
    yield up
    yield age


def _viewers(site: Site) -> Metric:
    family = _gauge("gws_observatory_viewers", "Open streams", ("deployment",))
    for name in (*site.watched, FLEET):
        family.add_metric([name], site.bus.viewers(name))
    return family
