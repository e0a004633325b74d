"""The words of the timeline."""

from __future__ import annotations

from typing import Any, Final

from app.domain.timeline import Kind, What

TITLE: Final = "Timeline"
INCIDENTS: Final = "Incidents"
HAPPENED: Final = "What happened"
TURNS: Final = "Turns"
IN_WORDS: Final = "The same in words"
NOW: Final = "now"
UNWATCHED: Final = "not watched"
FOUND: Final = "(found then)"
NOTE: Final = "note"

WHATS: Final[dict[str, str]] = {
    What.ROLLOUT_BEGUN: "rollout begun",
    What.ROLLOUT_ENDED: "rollout ended",
    What.VERSION: "another version",
    What.SCALED: "scaled",
    What.RESTART: "restart",
    What.EVICTED: "evicted",
    What.ALERT: "alert",
    What.ALERT_OVER: "alert over",
}

GROUPS: Final[dict[str, str]] = {
    Kind.CONNECTION: "Connections",
    Kind.NODE: "Components",
    Kind.SOURCE: "Sources",
}
ONE_OF: Final[dict[str, tuple[str, str]]] = {
    Kind.CONNECTION: ("connection", "connections"),
    Kind.NODE: ("component", "components"),
    Kind.SOURCE: ("source", "sources"),
}
WELL: Final = "well all the time"
WELL_SEEN: Final = "well while watched"
FOLD: Final = "Fold them"
UNFOLD: Final = "Show their lanes"

RANGES: Final = "How much is shown"
SPANS: Final[dict[str, tuple[str, str]]] = {
    "15m": ("15 min", "The last 15 minutes"),
    "1h": ("1 h", "The last hour"),
    "6h": ("6 h", "The last 6 hours"),
    "24h": ("24 h", "The last 24 hours"),
    "7d": ("7 d", "The last 7 days"),
    "14d": ("14 d", "The last 14 days"),
}
BACK: Final = "Back to all"
SORTING: Final = "Order of the lanes"
ORDERS: Final = ("Worst first", "By number")

NOTHING: Final = "Nothing turned in this span."
NONE_THERE: Final = "No incident in this span."
NOBODY: Final = (
    "Nobody watched in this span: the dashboard was not running, or it is longer ago "
    "than the timeline is kept. Choose another span."
)
UNREADABLE: Final = (
    "A part of the address could not be read, so the usual span is shown. Times are "
    "written like 2026-11-24T10:00:00Z."
)
CUT: Final = (
    "Too much turned to show it all: what was before {time} is left out. Zoom in to "
    "see it."
)
TROUBLE: Final = (
    "The records can't be read, so only what waits in memory is shown: {why}. It comes "
    "back by itself once they can."
)

CHART: Final = "Lanes of what turned"
LEGEND: Final = "Legend of the lanes"
KEYS: Final = (
    "Drag across the lanes to zoom; a click opens the picture of that moment. By keys: "
    "arrows move the cross-hair, with Shift the span; + and − zoom, 0 goes back, Enter "
    "opens."
)
FILTER: Final = "Filter the turns"
NEWS: Final = "Show what is new"
NO_MATCH: Final = "No turn matches this filter."
LISTED_MOST: Final = "The newest {shown} of {all} turns; zoom in for the others."

TO: Final = " to "
STILL_OPEN: Final = ", still open"
POSTMORTEM: Final = "Post-mortem"
BEFORE_AND_AFTER: Final = "Before and after"
LOOK_AT: Final = "Look at: {who}"


def for_browser() -> dict[str, Any]:
    """What `assets/timeline.js` says, as JSON."""
    return {
        "unwatched": UNWATCHED,
        "loading": "Loading…",
        "failed": (
            "The timeline could not be loaded: {why}. What is shown is as of {time}."
        ),
        "again": "Try again",
        "unreachable": "the server can't be reached",
        "refused": "the server answered {code}",
        "changes": "{count} changes, the worst",
        "found": "found then; since when is not known",
        "until": "until",
        "since": "since",
    }
