"""The words of the capacity lens on the map."""

from __future__ import annotations

from typing import Any, Final

from app.domain.capacity import Fill

LENS: Final = "Capacity"
LENS_TITLE: Final = "Load, headroom and days left on every line (c)"
REVIEWED: Final = "{begin} to {end}, {hours}"
NOTHING: Final = "no history is kept"
UNKNOWN: Final = "–"
LEGEND: Final = "What lines and fills mean under the lens"
LESS: Final = "less"
WIDTH: Final = "Width: p95 of requests/s · open connections, from"
LABEL: Final = "On the line: days until the limit"
CAPACITY: Final = "capacity"
LOADING: Final = "Reckoning the last 30 days …"
FAILED: Final = "The lens could not be made: {why}"
UNREACHABLE: Final = "the server gives no answer"
FILLS: Final[dict[str, str]] = {
    Fill.FREE: "headroom left",
    Fill.NEAR: "at its mark",
    Fill.FULL: "at its limit",
    Fill.UNKNOWN: "headroom not known",
}


def for_browser() -> dict[str, Any]:
    """What `assets/lens.js` says."""
    return {
        "capacity": CAPACITY,
        "loading": LOADING,
        "failed": FAILED,
        "unreachable": UNREACHABLE,
    }
