"""A snapshot as series with names: what `/metrics` tells, and what an engine keeps.

One table of names serves those who write (the exposition, the push to an engine) and
those who read back (`app.history`). Units are base units. A series that nobody measured
is not there: no sample is honest, a zero is a lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.status import Status

Json = dict[str, Any]

CONNECTION: Final = ("deployment", "connection", "source", "destination")
NODE: Final = ("deployment", "node")
SOURCE: Final = ("deployment", "source")
PICTURE_AT: Final = "gws_observatory_picture_timestamp_seconds"
CONNECTION_STATUS: Final = "gws_connection_status"
NODE_STATUS: Final = "gws_node_status"
SOURCE_STATUS: Final = "gws_observatory_source_status"
CONNECTION_SINCE: Final = "gws_connection_status_since_timestamp_seconds"
NODE_SINCE: Final = "gws_node_status_since_timestamp_seconds"
SOURCE_UP: Final = "gws_observatory_source_up"
SOURCE_AGE: Final = "gws_observatory_source_age_seconds"
HEARD: Final = (Status.OK, Status.DEGRADED)
"""A source that is heard in part is heard."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a snapshot's item, `field`, as a series: `per` of its units make
    one of the series'."""

    field: str
    name: str
    text: str
    per: float = 1.0
    labels: tuple[tuple[str, str], ...] = ()
    """Names and values, beside those that say whose it is."""


def _latency(field: str, quantile: str) -> Number:
    name, text = "gws_connection_latency_seconds", "Time to answer"
    return Number(field, name, text, 1000.0, (("quantile", quantile),))


CONNECTION_NUMBERS: Final = (
    Number("request_rate", "gws_connection_request_rate", "Requests per second"),
    Number(
        "error_ratio", "gws_connection_error_ratio", "Failed requests, share of all"
    ),
    Number(
        "latency_mean_ms",
        "gws_connection_latency_mean_seconds",
        "Time to answer, on average",
        1000.0,
    ),
    _latency("latency_p50_ms", "0.5"),
    _latency("latency_p95_ms", "0.95"),
    _latency("latency_p99_ms", "0.99"),
    Number("connections_active", "gws_connection_active", "Open connections"),
    Number(
        "connect_failure_ratio",
        "gws_connection_connect_failure_ratio",
        "Attempts to connect that failed, share of all",
    ),
    Number("saturation", "gws_connection_saturation_ratio", "Used share of a limit"),
)
"""Of the `metrics` of a connection."""
NODE_NUMBERS: Final = (
    Number("ready", "gws_node_pods_ready", "Ready pods of a box"),
    Number("desired", "gws_node_pods_desired", "Wanted pods of a box"),
    Number("restarts", "gws_node_pods_restarts", "Restarts of the pods of a box"),
    Number("replicas_max", "gws_node_replicas_max", "Most replicas by autoscaler"),
    Number("memory", "gws_node_memory_bytes", "Memory of the servers of a store"),
    Number("memory_limit", "gws_node_memory_limit_bytes", "Memory allowed to these"),
    Number("clients", "gws_node_clients", "Clients of a store"),
    Number("clients_limit", "gws_node_clients_limit", "Clients that it allows"),
    Number("lag_s", "gws_node_lag_seconds", "How far replicas of a store are behind"),
    Number("users", "gws_node_users", "Users on all pods of a box"),
    Number("users_most", "gws_node_users_most", "Users on the fullest pod"),
    Number("cpu", "gws_node_cpu_cores", "Cores in use by the ready pods"),
    Number("cpu_limit", "gws_node_cpu_limit_cores", "Cores allowed to the ready pods"),
    Number("pods_memory", "gws_node_pods_memory_bytes", "Memory of the ready pods"),
    Number(
        "pods_memory_limit",
        "gws_node_pods_memory_limit_bytes",
        "Memory allowed to the ready pods",
    ),
)
"""Of a box, by the names in `app.domain.measures.NODE_METRICS`."""

Row = tuple[Sequence[str], float]


@dataclass(frozen=True, slots=True)
class Family:
    """`rows`: the values of `labels` in their order, and the series' own."""

    name: str
    text: str
    labels: tuple[str, ...]
    rows: Sequence[Row]


def families(pictures: Sequence[Json]) -> Iterator[Family]:
    """All that is told of these deployments' newest pictures, each name once."""
    text = "When the newest picture of a deployment was made"
    made = [((one["deployment"],), _seconds(one["at"])) for one in pictures]
    yield Family(PICTURE_AT, text, ("deployment",), made)
    connections = list(_connections(pictures))
    yield _status(CONNECTION_STATUS, "a connection", CONNECTION, connections)
    yield _since(CONNECTION_SINCE, "a connection", CONNECTION, connections)
    measured = [(whose, item["metrics"]) for whose, item in connections]
    yield from _numbers(CONNECTION_NUMBERS, CONNECTION, measured)
    nodes = list(_items(pictures, "nodes", "id"))
    yield _status(NODE_STATUS, "a box", NODE, nodes)
    yield _since(NODE_SINCE, "a box", NODE, nodes)
    yield from _numbers(NODE_NUMBERS, NODE, nodes)
    yield from _sources(list(_items(pictures, "sources", "name")))


Item = tuple[Sequence[str], Json]
"""The values of its labels, and an item of a snapshot."""


def _connections(pictures: Iterable[Json]) -> Iterator[Item]:
    for picture in pictures:
        for row in picture["connections"]:
            ends = (row["source"], row["destination"])
            yield (picture["deployment"], str(row["number"]), *ends), row


def _items(pictures: Iterable[Json], part: str, key: str) -> Iterator[Item]:
    for picture in pictures:
        for item in picture[part]:
            yield (picture["deployment"], item[key]), item


def _status(
    name: str, whose: str, labels: tuple[str, ...], items: Sequence[Item]
) -> Family:
    text = f"1 for the present status of {whose}, 0 for the others"
    rows = [
        ((*values, status.value), float(item["status"] == status.value))
        for values, item in items
        for status in Status
    ]
    return Family(name, text, (*labels, "status"), rows)


def _since(
    name: str, whose: str, labels: tuple[str, ...], items: Sequence[Item]
) -> Family:
    text = f"Since when {whose} has its present status"
    rows = [(values, _seconds(item["since"])) for values, item in items]
    return Family(name, text, labels, rows)


def _numbers(
    numbers: Iterable[Number], labels: tuple[str, ...], items: Sequence[Item]
) -> Iterator[Family]:
    """A family a name; those of one name follow each other."""
    found: dict[str, Family] = {}
    for one in numbers:
        more = tuple(value for _, value in one.labels)
        rows = [
            ((*values, *more), item[one.field] / one.per)
            for values, item in items
            if item.get(one.field) is not None
        ]
        known = found.get(one.name)
        every = rows if known is None else [*known.rows, *rows]
        names = (*labels, *(name for name, _ in one.labels))
        found[one.name] = Family(one.name, one.text, names, every)
    yield from found.values()


def _sources(items: Sequence[Item]) -> Iterator[Family]:
    yield _status(SOURCE_STATUS, "a source", SOURCE, items)
    text = "1 while a source can be heard"
    heard = [(values, float(item["status"] in HEARD)) for values, item in items]
    yield Family(SOURCE_UP, text, SOURCE, heard)
    ages = [(v, item["age_s"]) for v, item in items if item["age_s"] is not None]
    yield Family(SOURCE_AGE, "Since a source last answered", SOURCE, ages)


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
