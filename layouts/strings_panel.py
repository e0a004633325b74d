"""The panel's own words, and those of its charts."""

from __future__ import annotations

from typing import Final

from app.domain.status import Status

ALOUD: Final[dict[str, str]] = {
    Status.FAILING: "no rule says so any more; it gets better after a while",
    Status.DEGRADED: "no rule says so any more; it gets better after a while",
    Status.STALE: "its facts are too old",
    Status.NO_DATA: "no witness has ever said anything",
    Status.MAINTENANCE: "silenced until a stated time",
    Status.IDLE: "no traffic, and none expected",
    Status.OK: "fresh facts, all within limits",
    Status.ABSENT: "an optional part",
}
"""Why, where no reason says so."""
UNHEARD: Final = "can't be heard"
TIMELESS: Final = (Status.NO_DATA, Status.ABSENT)
"""Since when is no news of these."""

CONCLUDED: Final = "Concluded"
FLAPPING: Final = "flapping: {count} changes in 10 min"
LAST_FACT: Final = "The last fact is from "
SINCE: Final = "since {at}"
POD_READY: Final = "ready"
POD_NOT_READY: Final = "not ready"
TERMINATING: Final = "terminating"
RUNS_ON: Final = "on {host}"
UP: Final = "up {age}"
LAST_EXIT: Final = "Last exit: {how}"

FURTHER: Final = "Further reasons"
NUMBERS: Final = "Live numbers"
ELSEWHERE: Final = "Elsewhere"
NEW_TAB: Final = ", opens in a new tab"
TERMINAL: Final = "In a terminal"
NOTE: Final = "From the vendor's table"
EMPTY_CELL: Final = "empty in the vendor's table"

CLOSE: Final = "Close the details"
ASKING: Final = "Being asked for…"
UNANSWERED: Final = "The server does not answer; what stands here may be old."
NOT_MADE: Final = "The server could not make these details; its log says why."
AGAIN: Final = "Ask again"

CHARTS: Final = "Charts"
OPEN_CHARTS: Final = "Open the charts"
CLOSE_CHARTS: Final = "Close the charts"
HOUR: Final = "The last hour, in your own time; pointing at a line tells UTC."
CHARTS_ASKED: Final = "The charts are being fetched…"
CHARTS_UNANSWERED: Final = "The server does not answer. It is asked again."
CHARTS_REFUSED: Final = "The server could not make the charts."
NO_SCRIPT: Final = "The charts' script could not be loaded."
UNMEASURED: Final = "No measurement"
TELEMETRY: Final = "enable traffic telemetry (see docs/telemetry.md)"
UNMEASURED_OF: Final = f" of {{names}}: {TELEMETRY}."
MARKED: Final = "Marked in the charts"
LASTS: Final = "still lasting"
AS_TABLE: Final = "The numbers as a table"
TIME: Final = "Time"

COPY: Final = "Copy"
COPIED: Final = "Copied"
BY_HAND: Final = "Press Ctrl+C"


def for_charts() -> dict[str, str]:
    """What `assets/charts.js` says."""
    return {
        "charts": CHARTS,
        "close": CLOSE_CHARTS,
        "hour": HOUR,
        "asked": CHARTS_ASKED,
        "unanswered": CHARTS_UNANSWERED,
        "refused": CHARTS_REFUSED,
        "noScript": NO_SCRIPT,
        "again": AGAIN,
        "unmeasured": UNMEASURED,
        "unmeasuredOf": UNMEASURED_OF,
        "marked": MARKED,
        "lasts": LASTS,
        "asTable": AS_TABLE,
        "time": TIME,
    }


def for_panel() -> dict[str, str]:
    """What `assets/map.js` says of the panel as a whole."""
    return {
        "asking": ASKING,
        "unanswered": UNANSWERED,
        "again": AGAIN,
        "close": CLOSE,
    }
