"""The words of a post-mortem, in every form that it is exported in."""

from __future__ import annotations

from typing import Final

from app.domain.incidents import Kind

TITLE: Final = "Post-mortem"
UTC_NOTE: Final = "All times are UTC."
STILL_OPEN: Final = "still open"
NOBODY: Final = "nobody was suspected"
UNKNOWN_END: Final = "found at this moment; it ended while nobody looked"

KINDS: Final[dict[str, str]] = {
    Kind.BLIP: "a blip",
    Kind.DEGRADATION: "a degradation",
    Kind.OUTAGE: "an outage",
}

SUMMARY: Final = "Summary"
FIGURES: Final = "Figures"
MAPS: Final = "Before, at its worst, after"
CASCADE: Final = "In the order in which they turned"
SUSPECTS: Final = "Which box was to be looked at first"
TIMELINE: Final = "Timeline"
NOTES: Final = "Notes"
NO_NOTES: Final = "Nobody wrote a note."
CAUSE: Final = "Cause"
ACTIONS: Final = "Actions"
TO_WRITE: Final = "To be written by those who worked on it."

BEFORE: Final = "Before"
WORST: Final = "At its worst"
AFTER: Final = "After"
NOW: Final = "Now"
RECALLED: Final = "by the incident's own record; what was no part of it is drawn thin"
NONE_BAD: Final = "no connection was bad"

CASCADE_HEAD: Final = (
    "Turned at", "After", "What", "First", "Worst", "Failing", "Degraded", "Well again",
)  # fmt: skip
CASCADE_WIDTHS: Final = (0.1, 0.08, 0.36, 0.1, 0.1, 0.08, 0.08, 0.1)
SUSPECTS_HEAD: Final = ("Suspected", "From", "To", "What was said last")
SUSPECTS_WIDTHS: Final = (0.2, 0.1, 0.1, 0.6)
TIMELINE_HEAD: Final = ("Time", "What happened")
TIMELINE_WIDTHS: Final = (0.2, 0.8)
FIGURES_HEAD: Final = ("What", "How much")
FIGURES_WIDTHS: Final = (0.4, 0.6)

LASTED: Final = "Lasted"
STARTED: Final = "Started"
ENDED: Final = "Ended"
AT_WORST: Final = "Worst from"
TOUCHED: Final = "Touched"
SUSPECTED: Final = "First suspect after"
ACKNOWLEDGED: Final = "Acknowledged"
ASSIGNED: Final = "Assigned to"

OTHER_FORMS: Final = "Other forms of this report"
AS_MARKDOWN: Final = "Markdown"
AS_PDF: Final = "PDF"
BACK_TO_MAP: Final = "Back to the map"
NOT_SHOWN: Final = "This post-mortem can't be shown"
