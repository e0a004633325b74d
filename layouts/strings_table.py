"""The words of the table of connections and of the tools above it."""

from __future__ import annotations

from typing import Any, Final

TITLES: Final[dict[str, str]] = {
    "number": "No.",
    "ends": "From and to",
    "status": "Status",
    "since": "Since",
    "reason": "First reason",
    "witnesses": "Witnesses",
    "measured": "Measured",
    "request_rate": "Requests",
    "error_ratio": "Errors",
    "latency_mean_ms": "Mean",
    "latency_p50_ms": "p50",
    "latency_p95_ms": "p95",
    "latency_p99_ms": "p99",
    "connections_active": "Open",
    "connect_failure_ratio": "Failed connects",
    "saturation": "Saturation",
    "protocol": "Protocol",
    "seen": "Last fact",
    "classification": "Class",
    "data": "What travels",
}
"""What stands at the head of each column."""

HINTS: Final[dict[str, str]] = {
    "measured": "How long ago traffic was last measured: the age of the numbers",
    "latency_mean_ms": "Mean latency",
    "latency_p50_ms": "Latency: half of the requests were faster",
    "latency_p95_ms": "Latency: 95 % of the requests were faster",
    "latency_p99_ms": "Latency: 99 % of the requests were faster",
    "connections_active": "Open connections",
    "connect_failure_ratio": "Share of the attempts to connect that failed",
    "saturation": "How full the fullest pool or store is",
    "seen": "How long ago any witness last said something new",
}
"""What a head says when it is pointed at."""

TO: Final = " to "
APART: Final = "Witnesses disagree"
TOOLS: Final = "Search, filters and columns"
SEARCH: Final = "Search"
SEARCH_HINT: Final = "Search: number, name, port, reason"
STATUS: Final = "Status"
ANY_STATUS: Final = "Any status"
IN_TROUBLE: Final = "in trouble"
NOT_KNOWN: Final = "not known now"
CLASS: Final = "Class"
ANY_CLASS: Final = "Any class"
WITNESS: Final = "Witness"
ANY_WITNESS: Final = "Any witness"
BOX: Final = "Box"
ANY_BOX: Final = "Any box"
ORDER: Final = "Order"
BACKWARDS: Final = "{title}, reversed"
COLUMNS: Final = "Columns"
USUAL: Final = "The usual ones"
CSV: Final = "Download CSV"
CLEAR: Final = "Clear filters"
NONE: Final = "No connection matches the search and the filters."
NO_SCRIPT: Final = "Search and filters need JavaScript, which is switched off here."
OLD_ORDER: Final = "The order is old: sort again"
LEAVES: Final = "It no longer matches the filters, and goes when you leave it"


def caption(number: int) -> str:
    """What the table is, for who can't see it."""
    return f"{number} connections"


def all_shown(number: int) -> str:
    """What stands for the count while nothing is filtered."""
    return f"{number} of {number} shown"


def for_browser() -> dict[str, Any]:
    """What `assets/table.js` says; `{shown}` and `{all}` are numbers."""
    return {
        "tally": "{shown} of {all} shown",
        "waiting": "Nothing is judged yet: waiting for the first answers",
        "leaves": LEAVES,
        "sorted": "Sorted",
        "saved": "The table is downloaded: {shown} of {all} connections",
    }
