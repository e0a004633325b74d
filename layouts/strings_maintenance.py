"""The words of maintenance: the form, and the ways into and out of it."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Maintenance"
OPEN: Final = "Maintenance…"
BEGIN: Final = "Begin maintenance"
END: Final = "End maintenance"
END_OF: Final = "End maintenance, of all {count} that it is over"
END_WHOLE: Final = "End maintenance, of the whole deployment"
UNTIL: Final = "until {until} by {who}"
WHY: Final = "Why"
HOW_LONG: Final = "For how long"
SPANS: Final = (("30m", "30 min"), ("1h", "1 hour"), ("4h", "4 hours"))
UNTIL_TIME: Final = "until, in your own time:"
THE_END: Final = "The end, in the time of this browser"


def for_browser() -> dict[str, str]:
    """What `assets/maintenance.js` says."""
    return {
        "begin": BEGIN,
        "end": END,
        "of": "Maintenance: {name}",
        "begun": "Maintenance has begun",
        "ended": "Maintenance has ended",
    }
