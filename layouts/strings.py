"""Every word the pages say more than once.

`for_browser` hands the ones that `assets/says.js` needs to it, so that the first paint
and every later one use the same words.
"""

from __future__ import annotations

from typing import Any, Final

from app.domain.status import Status
from app.domain.subject import Witness

PRODUCT: Final = "GWS Observatory"

WORDS: Final[dict[str, str]] = {
    Status.FAILING: "failing",
    Status.DEGRADED: "degraded",
    Status.STALE: "stale",
    Status.NO_DATA: "no data",
    Status.MAINTENANCE: "maintenance",
    Status.IDLE: "idle",
    Status.OK: "ok",
    Status.ABSENT: "not installed",
}

MEANINGS: Final[dict[str, str]] = {
    Status.FAILING: "does not do its job",
    Status.DEGRADED: "works, worse than its limits allow",
    Status.STALE: "its facts are too old: the source is blind",
    Status.NO_DATA: "no witness has ever said anything",
    Status.MAINTENANCE: "silenced until a stated time",
    Status.IDLE: "no traffic, and none expected",
    Status.OK: "fresh facts, all within limits",
    Status.ABSENT: "optional part, not installed",
}

WITNESSES: Final[dict[str, str]] = {
    Witness.KUBERNETES: "Kubernetes",
    Witness.CONSUL: "Consul",
    Witness.TRAFFIC: "Traffic",
    Witness.PROBE: "Probe from here",
    Witness.BACKEND: "Store's own view",
    Witness.ALERTS: "Alerts",
}

SOURCES: Final[dict[str, str]] = {
    "kubernetes": "Kubernetes",
    "consul": "Consul",
    "scrape": "Scrape",
    "probe": "Probe",
    "redis": "Redis",
    "postgresql": "PostgreSQL",
    "elasticsearch": "Elasticsearch",
    "alertmanager": "Alertmanager",
    "prometheus": "Prometheus",
    "records": "Incident records",
    "history": "History",
    "config": "Configuration file",
    "observatory": "Observatory",
    "collector": "Collector",
}

STILL_HELD: Final = "Nothing turns red for that; what rests on it turns stale."

_LAST_WORD: Final = {
    "kubernetes": "Pods, endpoints and events are as last seen.",
    "consul": "Discovery and health checks are as last seen.",
    "scrape": "Rates, errors and latencies are as last measured.",
    "probe": "Reachability is as last tried.",
    "redis": "Who is connected to it is as last counted.",
    "postgresql": "Who is connected to it is as last counted.",
    "elasticsearch": "Its health and who is connected are as last told.",
    "alertmanager": "Alerts and silences are as last told.",
    "prometheus": "What others measured is as last told.",
    "observatory": "The whole picture is as last judged.",
}
BLIND: Final = {name: f"{text} {STILL_HELD}" for name, text in _LAST_WORD.items()} | {
    "records": "Incidents go on in memory, and are written when it is well again.",
    "history": "What is live goes on, and so do the newest minutes of the past.",
    "config": "What was in force before stays in force.",
    "collector": "The picture is as last published. What nobody has looked at for a "
    "minute turns stale; all of it comes back by itself.",
}
BROKEN: Final = {
    "config": "The configuration file is broken",
    "records": "Incident records can't be kept",
    "history": "History is not whole",
}
"""What the banner of a source begins with that is asked for no facts: nothing rests on
it, and nothing turns stale."""

HOLDS: Final = (
    "A colour that rests on measurements turns worse after 10 s and better after 60 s; "
    "on hard facts it turns at once, and back 5 s after they end."
)

DISAGREE: Final = "witnesses disagree"
ALL_WELL: Final = "Nothing needs a look."
UNSEEN: Final = "Not everything can be seen: the sources say why."
NO_CAUSE: Final = "No single cause found: see the list."
UNMEASURED: Final = "–"
USES: Final = {
    "users": "Users",
    "cpu": "Processor",
    "pods_memory": "Memory of its pods",
    "replicas_max": "Autoscaled to",
}
"""What a box's pods use, as labels, by the fields of the snapshot."""
AT_MOST: Final = "{replicas} pods at most"

NOT_HEARD: Final = "Not configured, or nothing said about this"
NOT_KNOWN: Final = "This deployment has no such connection or component."

METRICS: Final[dict[str, tuple[str, str]]] = {
    "request_rate": ("Requests", "/s"),
    "error_ratio": ("Errors", "%"),
    "latency_mean_ms": ("Latency, mean", "ms"),
    "latency_p50_ms": ("Latency, p50", "ms"),
    "latency_p95_ms": ("Latency, p95", "ms"),
    "latency_p99_ms": ("Latency, p99", "ms"),
    "connections_active": ("Open connections", ""),
    "connect_failure_ratio": ("Failed connects", "%"),
    "saturation": ("Saturation", "%"),
}
"""Label and unit of each live number; ratios are shown in per cent."""


def for_browser() -> dict[str, Any]:
    """What `assets/says.js` says, as JSON."""
    return {
        "words": WORDS,
        "ranks": {status.value: status.rank for status in Status},
        "unmeasured": UNMEASURED,
        "allWell": ALL_WELL,
        "noCause": NO_CAUSE,
        "unseen": UNSEEN,
        "disagree": DISAGREE,
        "uses": USES,
        "atMost": AT_MOST,
        "witnesses": WITNESSES,
        "sources": SOURCES,
    }
