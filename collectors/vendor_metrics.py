"""Which metric tells what: the vendor's metrics as a table.

Names are the vendor's, without `_total`. Where they come from: the vendor's published
dashboards and alert rules; Micrometer, Jetty, HikariCP and prom-client, whose default
metrics the services expose; the usual exporters beside Redis, PostgreSQL and
Elasticsearch. How a row becomes a fact: `vendor_facts`.

Two readings that had to be chosen:

* `gws_app_workspace_requests{metricName="count"}` is a counter, whatever its TYPE line
  says. The family holds a count and a mean, so it can only be typed as a gauge; the
  vendor's rule is `delta(...[5m]) > 10`, as for `gws_responses_total`, and a difference
  over five minutes means something only for a count that goes on growing.
* `metricName="avg_duration"` is a gauge in milliseconds (the panel's unit) and taken as
  the mean of the requests that were counted in the same window.

Long polls (CometD, UCS notifications) wait on purpose and say nothing about slowness:
they are counted as requests and left out of durations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.subject import NodeId
from collectors.exposition import Labels

WORKSPACE: Final = NodeId("workspace")
MS: Final = 0.001


@dataclass(frozen=True, slots=True)
class Pick:
    """Series of one metric: those with all of `where` and none of `unless`."""

    metric: str
    where: tuple[tuple[str, str], ...] = ()
    unless: tuple[tuple[str, str], ...] = ()

    def takes(self, name: str, labels: Labels) -> bool:
        return (
            name == self.metric
            and set(self.where).issubset(labels)
            and not set(self.unless).intersection(labels)
        )


@dataclass(frozen=True, slots=True)
class Responses:
    """A counter of answers. `code`: the label with the status or its class."""

    pick: Pick
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Durations:
    """Counters of time spent and of how often; perhaps a histogram's buckets."""

    spent: Pick
    count: Pick
    buckets: Pick | None = None
    unit_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Means:
    """A gauge with the mean duration beside a counter with the same labels."""

    pick: Pick
    counter: Pick
    differs: str
    """The label in which the two differ."""
    unit_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Peers:
    """Outgoing requests by peer: `numbers` maps the label's value to a connection."""

    node: NodeId
    responses: Responses
    means: Means
    label: str
    numbers: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge with a limit of its own. `of`: how several series make one value."""

    pick: Pick
    measure: str
    of: str = "max"
    nodes: frozenset[NodeId] = frozenset()
    """Only for these boxes; empty: for any."""


@dataclass(frozen=True, slots=True)
class Share:
    """`used` of `most`, per value of `label`; the fullest one counts.

    With no such label there is one `most` for all that is used.
    """

    used: Pick
    most: Pick
    measure: str
    label: str | None = None


_INCOMING = (("type", "incoming"),)
_OUTGOING = (("type", "outgoing"),)
_COUNT = (("metricName", "count"),)
_MEAN = (("metricName", "avg_duration"),)
_REQUESTS = "gws_app_workspace_requests"
_POLLS = (("category", "cometd"),)
_UCSX_SELF = tuple(
    ("url", path)
    for path in (
        "/metrics", "/favicon.ico", "/ucs/v3/healthcheck", "/ucs/v3/config/healthcheck",
    )
)  # fmt: skip


_WAITING = tuple(
    ("cmd", name)
    for name in (
        "blpop", "brpop", "blmove", "blmpop", "brpoplpush", "bzpopmin", "bzpopmax",
        "bzmpop", "xread", "xreadgroup", "wait", "waitaof",
    )
)  # fmt: skip
"""Redis commands that wait on purpose."""


def _timed(
    stem: str, unit_s: float = 1.0, unless: tuple[tuple[str, str], ...] = ()
) -> Durations:
    """A summary or histogram as every client library names its parts."""
    spent, count, buckets = (
        Pick(f"{stem}_{part}", unless=unless) for part in ("sum", "count", "bucket")
    )
    return Durations(spent, count, buckets, unit_s)


def _users(metric: str, name: str) -> Gauge:
    pick = Pick(metric, (("metricName", name),))
    return Gauge(pick, "workspace_users", "sum", frozenset({WORKSPACE}))


# In RESPONSES and DURATIONS the first row that a page has speaks for its box: the
# families overlap, and adding them would count a request twice.

RESPONSES: Final = (
    Responses(Pick(_REQUESTS, _COUNT + _INCOMING), "statusCode"),
    Responses(Pick("gws_responses"), "code"),
    Responses(Pick("jetty_responses"), "status"),
    Responses(Pick("ucsx_http_request_duration_count", unless=_UCSX_SELF), "code"),
    Responses(Pick("api_requests_seconds_count")),
    Responses(Pick("jetty_requests_seconds_count")),
    Responses(Pick("http_requests"), "code"),
    Responses(Pick("redis_commands_processed")),
    Responses(Pick("postgres_transactions")),
    Responses(Pick("elasticsearch_indices_search_query")),
)

DURATIONS: Final = (
    _timed("api_requests_seconds"),
    _timed("jetty_requests_seconds"),
    _timed(
        "ucsx_http_request_duration",
        MS,
        (*_UCSX_SELF, ("url", "/ucs/v3/notifications/connect")),
    ),
    _timed("http_request_duration_seconds"),
    Durations(
        Pick("redis_commands_duration_seconds", unless=_WAITING),
        Pick("redis_commands", unless=_WAITING),
    ),
    _timed("redis_commands_latencies_usec", 1e-6, _WAITING),
    Durations(
        Pick("elasticsearch_indices_search_query_time_seconds"),
        Pick("elasticsearch_indices_search_query"),
    ),
)

MEANS: Final = (
    Means(
        Pick(_REQUESTS, _MEAN + _INCOMING, _POLLS),
        Pick(_REQUESTS, _COUNT + _INCOMING, _POLLS),
        "metricName",
        MS,
    ),
)

CATEGORIES: Final[Mapping[str, int]] = {
    "auth": 14, "authentication": 14, "environment": 14,
    "datacollector": 15, "data-collector": 15,
    "configuration": 16, "config": 16,
    "voicemail": 17,
    "iwd": 26,
    "digital": 27, "digital-channels": 27, "chat": 27, "nexus": 27,
    "ucs": 28, "ucsx": 28,
    "voice": 29,
    "statistics": 30, "stat": 30,
    "setting": 31, "settings": 31,
}  # fmt: skip
"""`category` of Workspace's outgoing requests, in lower case. `voice` is documented;
the others are the names that the services themselves go by."""

PEERS: Final = (
    Peers(
        WORKSPACE,
        Responses(Pick(_REQUESTS, _COUNT + _OUTGOING), "statusCode"),
        Means(
            Pick(_REQUESTS, _MEAN + _OUTGOING),
            Pick(_REQUESTS, _COUNT + _OUTGOING),
            "metricName",
            MS,
        ),
        "category",
        CATEGORIES,
    ),
)

ACTIVE: Final = (Pick("comet_sub_active"),)
"""Requests that are open now: each CometD client holds one."""

GAUGES: Final = (
    _users("gws_app_workspace_server_activity", "cometd_active_user_count"),
    _users("gws_app_workspace_tenants", "active_users"),
    Gauge(Pick("nodejs_eventloop_lag_seconds"), "event_loop_lag_s"),
    Gauge(Pick("jvm_threads_deadlocked"), "deadlocked_threads", "sum"),
)
"""Two rows for one measure: the first that the page has is used."""

SHARES: Final = (
    Share(
        Pick("hikaricp_connections_active"),
        Pick("hikaricp_connections_max"),
        "pool_saturation",
        "pool",
    ),
    Share(
        Pick("redis_connected_clients"),
        Pick("redis_config_maxclients"),
        "connection_saturation",
    ),
    Share(
        Pick("pg_stat_activity_count"),
        Pick("pg_settings_max_connections"),
        "connection_saturation",
    ),
)


def _counter_picks() -> tuple[Pick, ...]:
    parts = [p for row in DURATIONS for p in (row.spent, row.count, row.buckets) if p]
    answers = [row.pick for row in RESPONSES]
    peers = [row.responses.pick for row in PEERS]
    return (*answers, *parts, *peers)


COUNTERS: Final = _counter_picks()
_COUNTERS_OF: Final[Mapping[str, tuple[Pick, ...]]] = {
    pick.metric: tuple(other for other in COUNTERS if other.metric == pick.metric)
    for pick in COUNTERS
}


def is_counter(name: str, labels: Labels) -> bool:
    """Whether some row counts with this series."""
    return any(pick.takes(name, labels) for pick in _COUNTERS_OF.get(name, ()))


def _gauge_names() -> frozenset[str]:
    gauges = {row.pick.metric for row in GAUGES} | {row.pick.metric for row in MEANS}
    shares = {pick.metric for row in SHARES for pick in (row.used, row.most)}
    return frozenset(gauges | shares | {pick.metric for pick in ACTIVE})


GAUGE_NAMES: Final = _gauge_names()
NAMES: Final = frozenset(_COUNTERS_OF) | GAUGE_NAMES
"""Every metric that some row reads."""
