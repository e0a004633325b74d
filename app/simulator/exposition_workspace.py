"""The metrics of the Workspace service: Node.js, with the vendor's `metricName` label.

Its outgoing requests name the peer in `category`, which is what tells nine of the
numbered connections apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from app.simulator.exposition import CLASSES, Family, Labels, Subject, gauge, gauges
from app.simulator.exposition_node import node_js
from app.simulator.load import call_s
from app.simulator.load_profiles import AGENTS

TENANTS: Final[Mapping[str, float]] = {"tenant-1": 0.8, "tenant-2": 0.2}
CATEGORIES: Final[Mapping[str, str]] = {
    "authentication": "auth",
    "configuration": "configuration",
    "data-collector": "datacollector",
    "digital-channels": "digital",
    "iwd": "iwd",
    "setting": "setting",
    "statistics": "statistics",
    "ucs": "ucs",
    "voice": "voice",
    "voicemail": "voicemail",
}
"""Box: category. `voice` is documented, the others are the services' own names."""
POLL_S: Final = 30.0
"""A long poll is answered after so long where nothing happens."""


def workspace(subject: Subject) -> Iterator[Family]:
    """The Workspace service's page."""
    yield from node_js(subject, lag_s=0.003 + 0.004 * subject.busy)
    handles = 30 + round(AGENTS * subject.busy * subject.strain.share)
    yield gauge("nodejs_active_handles_total", "Handles", handles)
    users = AGENTS * subject.busy * subject.strain.share
    yield gauges(
        "gws_app_workspace_server_activity",
        "Activity of this server",
        [
            ({"metricName": "cometd_active_user_count"}, float(round(users))),
            ({"metricName": "context_count"}, float(round(users * 1.02))),
        ],
    )
    yield gauges("gws_app_workspace_tenants", "By tenant", _tenants(subject, users))
    yield gauges("gws_app_workspace_requests", "Requests", _requests(subject))
    yield gauges("gws_app_workspace_events", "Events", _events(subject))
    recent = {"metricName": "rate_1min"}
    name, about = "gws_app_workspace_incoming_requests", "Incoming requests"
    yield gauge(name, about, subject.rate, recent)


def _tenants(subject: Subject, users: float) -> Iterator[tuple[Labels, float]]:
    for tenant, part in TENANTS.items():
        values = {
            "active_users": round(users * part),
            "pending_cleanup": 0,
            "platform_logouts": subject.meter.whole("call", "voice", "200") // 5000,
            "platform_cometd_disconnects": subject.meter.whole("call", "voice", "500"),
        }
        for name, value in values.items():
            yield {"metricName": name, "tenantName": tenant}, float(value)


def _requests(subject: Subject) -> Iterator[tuple[Labels, float]]:
    meter = subject.meter
    for code in CLASSES:
        served = meter.whole("served", code)
        yield _about("count", "incoming", "api", code), float(served)
        if served:
            mean = subject.served_s * 1000
            yield _about("avg_duration", "incoming", "api", code), mean
    polled = meter.whole("served", "200") // 4
    yield _about("count", "incoming", "cometd", "200"), float(polled)
    yield _about("avg_duration", "incoming", "cometd", "200"), POLL_S * 1000
    for peer, category in CATEGORIES.items():
        mean = call_s(subject.profile, peer, subject.strain) * 1000
        for code in ("200", "500"):
            called = meter.whole("call", peer, code)
            if called:
                yield _about("count", "outgoing", category, code), float(called)
                yield _about("avg_duration", "outgoing", category, code), mean


def _about(metric: str, type_: str, category: str, code: str) -> Labels:
    return {
        "metricName": metric,
        "type": type_,
        "category": category,
        "statusCode": code,
        "tenantName": "tenant-1",
    }


def _events(subject: Subject) -> Iterator[tuple[Labels, float]]:
    received = subject.meter.whole("call", "voice", "200")
    failed = subject.meter.whole("call", "voice", "500")
    rows = (
        ("received", "CallStateChanged", "StatusChange", received),
        ("published", "CallStateChanged", "StatusChange", received),
        ("published", "EventError", "500", failed),
    )
    for type_, name, detail, number in rows:
        labels = {
            "metricName": "count",
            "type": type_,
            "category": "voice",
            "eventName": name,
            "eventDetail": detail,
            "tenantName": "tenant-1",
        }
        yield labels, float(number)
