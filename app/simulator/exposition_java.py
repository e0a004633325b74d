"""The metrics of the Java services: platform services, provisioning, Authentication.

The vendor's names, as its dashboards and alert rules use them, over those that
Micrometer, Jetty and HikariCP bring. Durations come as a histogram too, which a site
has to switch on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.simulator.exposition import (
    CLASSES,
    CPU_A_REQUEST_S,
    CPU_IDLE,
    Family,
    Subject,
    counter,
    counters,
    gauge,
    gauges,
    histogram,
)
from app.simulator.load import call_s
from app.simulator.load_profiles import AGENTS

MB: Final = 1024.0 * 1024.0
POOL: Final = {"pool": "HikariPool-1"}
POOL_SIZE: Final = 50
TENANT: Final = {"environment": "tenant-1"}
CONTEXTS: Final = 2
GC_EVERY: Final = 4000
"""Requests for one minor collection."""


def java(subject: Subject) -> Iterator[Family]:
    """A platform service's page."""
    yield from process(subject)
    yield from jvm(subject)
    yield from jetty(subject)
    yield from _api(subject)
    yield from _contexts(subject)
    if "postgresql" in subject.calls:
        yield from _pool(subject)


def authentication(subject: Subject) -> Iterator[Family]:
    """Authentication's: it asks Configuration Server, too, and tells what was late."""
    yield from java(subject)
    late = subject.meter.whole("call", "tenant", "500")
    for what in ("command", "connection"):
        name = f"auth_cs_{what}_timeouts_total"
        yield counter(name, f"Configuration Server: {what} time-outs", late, TENANT)


def ui(subject: Subject) -> Iterator[Family]:
    """The page of a service that hands out static content: nothing behind it."""
    yield from process(subject)
    yield from jvm(subject)
    yield from jetty(subject)


def process(subject: Subject) -> Iterator[Family]:
    cpu = min(1.0, (CPU_IDLE + subject.rate * CPU_A_REQUEST_S) / subject.processors)
    yield gauge("process_cpu_usage", "CPU used by the process, 0 to 1", cpu)
    yield gauge("system_cpu_count", "Processors of the JVM", subject.processors)
    yield from alive(subject)


def alive(subject: Subject) -> Iterator[Family]:
    """What every process tells of its own life."""
    yield gauge("process_uptime_seconds", "Uptime", subject.uptime_s)
    yield gauge("process_start_time_seconds", "Start", subject.meter.started)


def jvm(subject: Subject) -> Iterator[Family]:
    heap = {"area": "heap", "id": "G1 Old Gen"}
    used = (180 + 160 * subject.busy) * MB
    yield gauge("jvm_memory_used_bytes", "Memory used", used, heap)
    yield gauge("jvm_memory_committed_bytes", "Memory committed", 420 * MB, heap)
    major = {"action": "end of major GC", "cause": "G1 Evacuation Pause"}
    minor = {"action": "end of minor GC", "cause": "G1 Evacuation Pause"}
    pauses = sum(subject.meter.whole("served", code) for code in CLASSES) // GC_EVERY
    yield Family(
        "jvm_gc_pause_seconds",
        "summary",
        "Time spent in GC pause",
        (
            ("_count", minor, float(pauses)),
            ("_sum", minor, pauses * 0.012),
            ("_count", major, float(pauses // 200)),
            ("_sum", major, pauses // 200 * 0.18),
        ),
    )
    threads = 40 + min(150.0, round(subject.in_flight))
    yield gauge("jvm_threads_live_threads", "Live threads", threads)
    states = [({"state": "runnable"}, 9.0), ({"state": "blocked"}, 0.0)]
    yield gauges("jvm_threads_states_threads", "Threads by state", states)
    yield gauge("jvm_threads_deadlocked", "Deadlocked threads", 0)


def jetty(subject: Subject) -> Iterator[Family]:
    served = dict.fromkeys(CLASSES.values(), 0)
    for code, class_ in CLASSES.items():
        served[class_] += subject.meter.whole("served", code)
    rows = [({"status": class_}, float(number)) for class_, number in served.items()]
    yield counters("jetty_responses_total", "Responses by class", rows)
    yield histogram("jetty_requests_seconds", "Request duration", subject.meter)


def _api(subject: Subject) -> Iterator[Family]:
    meter = subject.meter
    served = float(sum(meter.whole("served", code) for code in CLASSES))
    yield counter("api_requests_seconds_count_total", "API requests", served)
    yield counter("api_requests_seconds_sum_total", "Their time", meter.count("took"))
    rows = [({"code": code}, float(meter.whole("served", code))) for code in CLASSES]
    yield counters("gws_responses_total", "Responses by code", rows)
    outgoing = [
        ({"statusCode": code}, float(_called(subject, code))) for code in ("200", "500")
    ]
    yield counters("request_out_total", "Outgoing requests", outgoing)


def _called(subject: Subject, code: str) -> int:
    stores = ("postgresql", "redis", "elasticsearch", "tenant", "consul")
    return sum(
        subject.meter.whole("call", peer, code)
        for peer in subject.calls
        if peer not in stores
    )


def _contexts(subject: Subject) -> Iterator[Family]:
    """A context is a tenant's connection to Configuration Server, kept for long."""
    meter = subject.meter
    events = meter.whole("call", "tenant", "200")
    failed = meter.whole("call", "tenant", "500")
    again = failed // 20
    yield gauge("gws_context_active", "Active contexts", CONTEXTS)
    yield counter("gws_context_opened_total", "Contexts opened", CONTEXTS + again)
    yield counter("gws_context_closed_total", "Contexts closed", again)
    yield counter("gws_context_error_total", "Contexts that failed", failed)
    subscribed = round(40 * subject.busy) + CONTEXTS
    yield gauge("gws_sub_active", "Subscriptions", subscribed * 3, TENANT)
    yield gauge("msgbus_sub_active", "Subscriptions over Redis", subscribed)
    if subject.profile.agents:
        polls = round(AGENTS * subject.busy * subject.strain.share)
        yield gauge("comet_sub_active", "CometD subscriptions", polls)
    yield counter("psdk_event_total", "Events by Platform SDK", events, TENANT)
    yield counter("psdk_conn_opened_total", "Connections opened", CONTEXTS + again)
    yield counter("psdk_conn_error_total", "Failed connections", again)


def _pool(subject: Subject) -> Iterator[Family]:
    peer, meter, strain = "postgresql", subject.meter, subject.strain
    held = call_s(subject.profile, peer, strain)
    wanted = subject.rate * subject.calls[peer] * held
    lost = strain.peer_errors.get(peer, 0.0)
    full = strain.full.get(peer, 0.0)
    active = max(round(full * POOL_SIZE), round(min(wanted, POOL_SIZE) * (1 - lost)))
    idle = 0 if lost else max(0, 10 - active)
    yield gauge("hikaricp_connections", "Connections", active + idle, POOL)
    yield gauge("hikaricp_connections_active", "In use", active, POOL)
    yield gauge("hikaricp_connections_idle", "Idle", idle, POOL)
    yield gauge("hikaricp_connections_max", "At most", POOL_SIZE, POOL)
    waiting = round(max(0.0, wanted - POOL_SIZE))
    yield gauge("hikaricp_connections_pending", "Threads waiting", waiting, POOL)
    timeouts = meter.whole("call", peer, "500")
    yield counter("hikaricp_connections_timeout_total", "Time-outs", timeouts, POOL)
    used = float(meter.whole("call", peer, "200"))
    yield Family(
        "hikaricp_connections_usage_seconds",
        "summary",
        "How long a connection is held",
        (("_count", POOL, used), ("_sum", POOL, meter.count("call took", peer))),
    )
