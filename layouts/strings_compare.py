"""The words of two moments side by side."""

from __future__ import annotations

from typing import Final

from app.domain.compare import ERROR, PODS, RESTARTS, STATUS, VERSION, How
from layouts.strings import METRICS

TITLE: Final = "Compare"
HEADING: Final = "{name}: two moments"
NOW: Final = "now"
BEFORE: Final = "Before"
AFTER: Final = "After"
DIFFERENCES: Final = "Differences"
NONE: Final = (
    "Nothing differs: all statuses, numbers, pods, versions and sources agree."
)
COUNTED: Final = {
    How.WORSE: ("1 is worse", "{count} are worse"),
    How.BETTER: ("1 is better", "{count} are better"),
    How.CHANGED: ("1 is changed", "{count} are changed"),
}
HEADS: Final = {
    How.WORSE: "Worse",
    How.BETTER: "Better",
    How.CHANGED: "Changed",
}
SIGNS: Final = {How.WORSE: "↓", How.BETTER: "↑", How.CHANGED: "~"}
THRESHOLD: Final = (
    "A number is told where it moved by a quarter of the larger value and by more than "
    "its least step: 5 ms, 1 request a second, 1 % of errors, 5 % of saturation, "
    "5 connections, 64 MiB."
)
ALL: Final = "Fade what does not differ"
OPEN: Final = "Open on the map"
HOLD: Final = "Link to exactly these two"
HOLD_TITLE: Final = "An address that shows these two pictures, also later"
CHOICES: Final = "Other moments"
NOW_AGAINST: Final = "Now against"
QUICK: Final = (
    ("an hour ago", "Now against an hour ago", 3600),
    ("yesterday", "Now against yesterday, same time", 24 * 3600),
    ("last week", "Now against last week, same time", 7 * 24 * 3600),
)
"""In short, in full, and how many seconds ago."""
FIRST: Final = "One moment"
SECOND: Final = "The other; empty: now"
SHOW: Final = "Show"
MAP_OF: Final = "The picture of {when}"
INCIDENT: Final = "Open incident"
GONE: Final = "not there"
SOURCE: Final = "Source {name}"

CALLED: Final = {label: text for label, (text, _) in METRICS.items()} | {
    STATUS: "",
    ERROR: "says",
    PODS: "pods ready",
    VERSION: "version",
    RESTARTS: "restarts",
    "memory": "memory",
    "clients": "clients",
    "lag_s": "replicas behind",
}
"""What stands before the two values of a change; a status speaks for itself."""
