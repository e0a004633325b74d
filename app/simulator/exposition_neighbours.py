"""The metrics of the neighbours: Tenant, Voicemail, UCS-X, Digital Channels, IWD.

Documented names where the vendor's rules and pages give them; IWD's and Digital
Channels' own are not public, so there are only the process's and Node.js' default ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.simulator.exposition import (
    CLASSES,
    Family,
    Subject,
    counter,
    counters,
    gauge,
    histogram,
)
from app.simulator.exposition_java import process
from app.simulator.exposition_node import node_js

TENANT_HEALTHY: Final = 2
REDIS_READY: Final = 2
CONFIGURATION_CLIENTS: Final = 34


def tenant(subject: Subject) -> Iterator[Family]:
    yield from process(subject)
    yield gauge("tenant_service_health_level", "2 is healthy", TENANT_HEALTHY)
    yield gauge("tenant_redis_state", "2 is connected", REDIS_READY)
    clients = CONFIGURATION_CLIENTS + round(8 * subject.busy)
    yield gauge("tenant_cs_clients", "Clients of Configuration Server", clients)
    yield gauge("tenant_rq_client_state", "1 is connected", 1)


def voicemail(subject: Subject) -> Iterator[Family]:
    yield from process(subject)
    meter = subject.meter
    served = sum(meter.whole("served", code) for code in CLASSES)
    failed = meter.whole("served", "500")
    yield counter("voicemail_gws_request_total", "Requests to GWS", served)
    yield counter("voicemail_gws_request_failed_total", "Of these failed", failed)
    yield counter("voicemail_storage_request_total", "Requests to storage", served // 3)
    yield counter("voicemail_storage_request_failed_total", "Of these failed", 0)
    yield counter("voicemail_config_request_failed_total", "Configuration", 0)
    yield counter("voicemail_redis_connection_failure", "Redis connections lost", 0)
    yield counter("voicemail_consul_request_failed_total", "Consul", 0)


def ucsx(subject: Subject) -> Iterator[Family]:
    yield from process(subject)
    rows = {"method": "GET", "url": "/ucs/v10/contacts", "code": "200"}
    yield histogram(
        "ucsx_http_request_duration", "Duration, ms", subject.meter, rows, 0.001
    )
    yield gauge("ucsx_elasticsearch_health_status", "1 is well", 1)
    yield gauge("ucsx_tenantdb_health_status", "1 is well", 1)
    yield counter("ucsx_overload_protection_count", "Requests turned away", 0)
    searched = subject.meter.whole("served", "200") // 2
    yield counter("ucsx_elastic_search_count", "Searches", searched)
    yield gauge("ucsx_dbPool", "Connections", 4 + round(6 * subject.busy))


def node_service(subject: Subject) -> Iterator[Family]:
    """A Node.js service of which only the default metrics are known."""
    yield from node_js(subject, lag_s=0.002 + 0.003 * subject.busy)
    served = subject.meter
    rows = [({"code": code}, float(served.whole("served", code))) for code in CLASSES]
    yield counters("http_requests_total", "Requests by code", rows)
    yield histogram("http_request_duration_seconds", "Duration", served)
