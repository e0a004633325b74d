"""The words of the capacity review: of its page, its lens and its report."""

from __future__ import annotations

from typing import Any, Final

from app.domain.capacity import Lost
from app.domain.capacity_terms import Shown, Way

TITLE: Final = "Capacity"
SUBJECT: Final = "Connection or box"
FIRST: Final = "What fills up first"
LOAD: Final = "load"
NO_LIMIT: Final = "no limit known"
NOT_MEASURED: Final = "not measured"
OF_MEANS: Final = "of means; error not known"
YES: Final = "yes"
NO: Final = "no"
CAN_NOT_TELL: Final = "can't be told"
HOLDS: Final = "holds"
BREAKS_NEAR: Final = "beyond the mark"
BREAKS_FULL: Final = "beyond the limit"
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

METRICS: Final[dict[str, str]] = {
    "request_rate": "Requests",
    "error_ratio": "Errors",
    "latency_mean_ms": "Latency, mean",
    "latency_p50_ms": "Latency, p50",
    "latency_p95_ms": "Latency, p95",
    "latency_p99_ms": "Latency, p99",
    "connections_active": "Open connections",
    "connect_failure_ratio": "Failed connects",
    "saturation": "Saturation",
    "clients": "Clients",
    "memory": "Memory",
    "users": "Users",
    "users_most": "Users on the fullest pod",
    "cpu": "CPU",
    "pods_memory": "Memory of the pods",
    "lag_s": "Replication lag",
    "ready": "Ready pods",
    "desired": "Replicas",
    "restarts": "Restarts",
}
LIMITS: Final[dict[str, str]] = {
    "clients": "Clients",
    "memory": "Memory",
    "saturation": "Saturation",
    "users": "Users",
    "cpu": "CPU",
    "pods_memory": "Memory of the pods",
    "replicas": "Replicas",
}
LOST: Final[dict[str, str]] = {
    Lost.POD: "one pod",
    Lost.HOST: "one host",
    Lost.ZONE: "one zone",
}
WAYS: Final[dict[str, str]] = {
    Way.RISING: "rising",
    Way.FALLING: "falling",
    Way.FLAT: "flat",
    Way.UNKNOWN: "not enough history",
}
COUNTS: Final[dict[str, str]] = {Shown.IN: "counted", Shown.OUT: "left out"}

_QUANTILES: Final = ("p50", "p95", "p99", "Peak")
_LEFT: Final = tuple(
    title
    for mark in ("the mark", "the limit")
    for title in (
        *(f"Days to {mark}: {what}" for what in ("earliest", "likely", "latest")),
        f"Until {mark}",
    )
)
SHEETS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "summary": (
        "Summary",
        (
            "Load", *_QUANTILES, "Peak at", "Latency p95", "Errors p95",
            "Saturation p95", "Busiest hour", "Busiest weekday", "Busiest day",
            "Growth in 30 days", "Tightest limit", "Used (p95)", "Limit", "Share used",
            "Headroom", "Until the mark", "Until the limit", "Holds without one pod",
            "Holds without one host", "Holds without one zone", "Measured",
        ),
    ),
    "measures": ("Measures", ("Metric", *_QUANTILES, "Peak at", "Quantiles within")),
    "limits": (
        "Limits",
        (
            "Limit", "Used (p95)", "Peak", "Mark", "Most", "Share used", "Headroom",
            "Growth of the share in 30 days", *_LEFT, "Told by",
        ),
    ),
    "losses": (
        "If one is lost",
        (
            "Lost", "Name", "Pods now", "Pods then", "Limit", "Share used then",
            "Holds", "Why",
        ),
    ),
    "what_if": (
        "What if",
        (
            "Limit", "Share now", "Share then", "Verdict", "Until the mark",
            "Until the limit",
        ),
    ),
    "trends": (
        "Trends",
        (
            "Of", "Way", "Growth in 30 days", "At the least", "At the most", "Since",
            "Days used", "Days missing", "Days left out", "Back-test: error",
            "Back-test: naive error", "Back-test: days within the band", "Method",
        ),
    ),
    "left_out": (
        "Outages and outliers",
        ("Failing", "Steps touched", "Outages", "Days far off", "Outliers"),
    ),
    "hours": ("Hours of the week", ("Weekday", "Hour", "Mean load")),
    "days": ("Days", ("Of", "Day", "Measured p95", "Trend", "Low", "High")),
}  # fmt: skip
"""By its key: a table's title, and a title for each of its columns."""

SPANS: Final[dict[str, str]] = {
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "365d": "1 year",
}
"""By what stands in the address as `?span=`."""
SETTINGS: Final = "What is reviewed"
SPAN: Final = "Span"
OWN_SPAN: Final = "From … to …"
FROM: Final = "From"
UNTIL: Final = "To (that day included)"
HOURS: Final = "Hours"
HOURS_CHOICES: Final[dict[str, str]] = {
    "business": "Business hours",
    "all": "All hours",
}
OUTAGES: Final = "Outages"
OUTLIERS: Final = "Outlying days"
COUNT_CHOICES: Final[dict[str, str]] = {"out": "Left out", "in": "Counted"}
AGENTS: Final = "What if agents grow by"
PERCENT: Final = "%"
SHOW: Final = "Show"
SPAN_TOLD: Final = "{begin} to {end}, {hours}"
DOUBT: Final = "A part of the address could not be read, and was left out."
NOTHING_KEPT: Final = (
    "No history is kept, so there is nothing to review. `storage.history` says where "
    "it would be kept."
)
ONLY_SINCE: Final = (
    "History begins on {since}: what was before is not in these figures."
)
NOT_WHOLE: Final = (
    "A part of the history could not be read: these figures are of what could."
)
MORE: Final = "{more} more, later"
NOTHING_FILLS: Final = "Nothing is known to fill up within the time that can be told."
FULL: Final = ("full", "full:")
FULL_NOW: Final = "its limit is reached"
AT_MARK: Final = ("at its mark of {mark}", "at its mark of {mark}:")
MARK_IS: Final = "its mark is {mark}"
PAST_MARK: Final = "its mark of {mark} is reached"
MOST_LIKELY: Final = "most likely"
NAMED_MOST: Final = 6
AND_MORE: Final = " and {more} more"
USED: Final = "p95: {used} of {most}, {share}; limit: {source}"
OTHERS: Final = (
    ("beyond", "rising, but not full within the time that can be told"),
    ("not_rising", "not rising"),
    ("not_enough", "without enough history"),
    ("no_limit", "without a known limit"),
)
"""What is said of the rest, by why no day is told."""
CHOSEN: Final = "In detail"
CHOOSE: Final = "Choose a connection or box in the table for its trend and its week."
SHARE_CHART: Final = "{limit}: share of the limit used"
LOAD_CHART: Final = "Load: {metric}"
MEASURED_DAY: Final = "p95 of the day"
TREND_LINE: Final = "trend"
BAND: Final = "band"
REVIEWED: Final = "reviewed until"
LIMIT_LINE: Final = "limit"
MARK_LINE: Final = "mark, {mark}"
LAST_DAY: Final = "the last day"
IN_30_DAYS: Final = "in 30 days"
HEAT: Final = "The week by hours (mean): {metric}"
HEAT_QUIET: Final = (
    "The stronger the colour, the more. All hours, on the clocks of {zone}."
)
NOT_MEASURED_THEN: Final = "not measured"
NO_HEAT: Final = "No load was measured, so there is no week to show."
NO_TREND: Final = "No trend can be told."
MEASURES: Final = "What was measured"
LIMITS_OF: Final = "Limits and headroom"
LOSSES_OF: Final = "If one is lost"
NO_LOSSES: Final = "No pods are known, so no loss can be reckoned."
LEFT_OUT: Final = "Left out, or not"
LEFT_OUT_SAID: Final = (
    "Failing for {failing} of these hours, {steps} steps touched: {outages}. "
    "Days far off the others of their weekday: {days}: {outliers}. "
    "Measured in {coverage} of these hours."
)
NONE: Final = "none"
ALL: Final = "Every connection and box"
WHAT_IF: Final = "What if {growth} more agents work"
NO_WHAT_IF: Final = "No limit that grows with agents is known."
FIXED: Final = "Taken not to grow with agents: {fixed}."
METHOD: Final = "How this was reckoned, and what it can't know"
BACK_TEST: Final = (
    "Tried on these data at {origins} earlier days, each time {ahead} days ahead: off "
    "by {error} of the mean ({naive} if each day were as a week before); {covered} of "
    "the days came to lie within the band."
)
NO_BACK_TEST: Final = "Too little history to try the method on itself."
DOWNLOADS: Final = "As a report"
FORMS: Final = (("pdf", "PDF"), ("xlsx", "Excel (XLSX)"), ("csv", "CSV"))
FRONT: Final = (SUBJECT, "Limit", "Full", "At its mark", "p95 of the limit")
TRIED: Final = (
    "Each trend was tried on these data, at earlier days, against what came: the "
    "errors stand beside the trends."
)
HOLDS_OF: Final = "of {count} connections and boxes"
MADE: Final = "Made"
MAP: Final = "The map: width is p95 load, fill is headroom, on the line the days left"
PICTURES: Final = "Trends and weeks"
COMPUTING: Final = "Reckoning {days} days of every connection and box …"
STILL: Final = "{seconds} s"
SLOW: Final = "This takes some seconds; the answer is kept for the next who asks."
FAILED: Final = "The review could not be made: {why}"
AGAIN: Final = "Try again"
UNREACHABLE: Final = "the server gives no answer"
BY_LENS: Final = "On the map"


def for_browser() -> dict[str, Any]:
    """What `assets/capacity.js` says."""
    return {
        "failed": FAILED,
        "again": AGAIN,
        "unreachable": UNREACHABLE,
        "still": STILL,
    }
