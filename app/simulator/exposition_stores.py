"""The exporters beside the stores: Redis, PostgreSQL, Elasticsearch.

A few of the metrics that the usual exporters give, with the limits that a store has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.simulator.exposition import (
    Family,
    Subject,
    counter,
    counters,
    gauge,
    gauges,
)
from app.simulator.exposition_java import MB

MAX_CLIENTS: Final = 10_000
MAX_CONNECTIONS: Final = 512
COMMANDS: Final = {"get": 0.6, "hgetall": 0.25, "set": 0.15}
DATABASES: Final = ("gws", "prov")
MALLOCS_PER_S: Final = 400


def redis(subject: Subject) -> Iterator[Family]:
    """oliver006/redis_exporter"""
    served = subject.meter.whole("served", "200")
    full = subject.strain.full.get("redis", 0.0)
    clients = max(60 + round(240 * subject.busy), round(full * MAX_CLIENTS))
    yield gauge("redis_up", "1 is up", 1)
    yield gauge("redis_uptime_in_seconds", "Uptime", subject.uptime_s)
    yield gauge("redis_connected_clients", "Clients", clients)
    yield gauge("redis_config_maxclients", "At most", MAX_CLIENTS)
    yield gauge("redis_blocked_clients", "Blocked", 0)
    yield gauge("redis_memory_used_bytes", "Memory", (60 + 90 * subject.busy) * MB)
    yield gauge("redis_memory_max_bytes", "At most", 256 * MB)
    yield counter("redis_commands_processed_total", "Commands", served)
    yield counter("redis_rejected_connections_total", "Refused for want of room", 0)
    took = subject.meter.count("took")
    parts = [({"cmd": command}, part) for command, part in COMMANDS.items()]
    done = [(labels, float(int(served * part))) for labels, part in parts]
    spent = [(labels, took * part) for labels, part in parts]
    yield counters("redis_commands_total", "Commands by name", done)
    yield counters("redis_commands_duration_seconds_total", "Their time", spent)


def postgresql(subject: Subject) -> Iterator[Family]:
    """prometheus-community/postgres_exporter, with the names of the vendor's boards"""
    full = subject.strain.full.get("postgresql", 0.0)
    busy = max(12 + round(40 * subject.busy), round(full * MAX_CONNECTIONS))
    each = [({"database": name}, float(busy // 2)) for name in DATABASES]
    commits = float(subject.meter.whole("served", "200") // 2)
    yield counter("go_memstats_mallocs_total", "Mallocs", _mallocs(subject))
    yield gauge("pg_up", "1 is up", 1)
    yield gauges("postgres_connections", "Connections", each)
    states = [
        ({"datname": labels["database"], "state": "active"}, number)
        for labels, number in each
    ]
    yield gauges("pg_stat_activity_count", "Connections by state", states)
    yield gauge("pg_settings_max_connections", "At most", MAX_CONNECTIONS)
    done = [({"database": name}, commits) for name in DATABASES]
    yield counters("postgres_transactions_total", "Transactions", done)


def elasticsearch(subject: Subject) -> Iterator[Family]:
    """prometheus-community/elasticsearch_exporter"""
    cluster = {"cluster": "gws-elastic"}
    full = subject.strain.full.get("elasticsearch", 0.0)
    colours = [
        ({**cluster, "color": colour}, float(colour == "green"))
        for colour in ("green", "yellow", "red")
    ]
    yield counter("go_memstats_mallocs_total", "Mallocs", _mallocs(subject))
    yield gauges("elasticsearch_cluster_health_status", "One is 1", colours)
    nodes = "elasticsearch_cluster_health_number_of_nodes"
    yield gauge(nodes, "Nodes", 3, cluster)
    searched = subject.meter.whole("served", "200")
    yield counter("elasticsearch_indices_search_query_total", "Searches", searched)
    took = subject.meter.count("took")
    yield counter("elasticsearch_indices_search_query_time_seconds", "Time", took)
    queue = max(round(2 * subject.busy), round(full * 1000))
    of = {**cluster, "type": "search"}
    yield gauge("elasticsearch_thread_pool_queue_count", "Waiting searches", queue, of)


def _mallocs(subject: Subject) -> float:
    """How often the exporter's own process took memory: it never rests."""
    return float(int(MALLOCS_PER_S * subject.uptime_s))
