"""What is said about notes, and about who has an incident in hand.

`{who}` and the like are filled in by `layouts` and by `assets/room.js` alike: both say
the same.
"""

from __future__ import annotations

from typing import Final

ACKNOWLEDGE: Final = "Acknowledge"
SEEN: Final = "acknowledged by {who}"
HAS: Final = "{who} has it"
WITHDRAW: Final = "Undo acknowledgement"
ASSIGN: Final = "Assign…"
HAND_OVER: Final = "Hand over…"
WHO_TAKES: Final = "Name of who takes it"
YOUR_NAME: Final = "Your name"
NOBODY: Final = "Nobody"
CANCEL: Final = "Cancel"
POSTMORTEM: Final = "Post-mortem"
BEGUN: Final = "As it began"
ALSO_OPEN: Final = "Also open"
CASCADE: Final = "In the order in which they turned"
OPEN: Final = "Open incident"
MORE: Final = "and {count} more"
WELL_AGAIN: Final = "{word}, well again at {at}"
NO_SIGN_IN: Final = (
    "Nobody signs in here: the name that you type is kept on record as it is."
)

NOTES: Final = "Notes"
CLOSE_NOTES: Final = "Close the notes"
ABOUT: Final = "About"
NOTE: Final = "Note"
SEND: Final = "Send"
PIN_IT: Final = "pin as the summary"
WRITE: Final = "Write a note"
SUMMARY: Final = "Summary"
NO_NOTES: Final = "No notes yet. Write what you see, what you tried, and what is next."
NONE_ABOUT: Final = "No notes about this yet."
NO_SUMMARY: Final = "Pin a note, and it stands here and in the header for everybody."
MARKDOWN: Final = "Markdown. Ctrl+Enter sends, Esc closes; what is typed is kept."
THIS_MOMENT: Final = "this moment"
THE_INCIDENT: Final = "the open incident"
ONLY: Final = "Only about {who}"

FOR_BROWSER: Final[dict[str, str]] = {
    "acknowledge": ACKNOWLEDGE,
    "seen": SEEN,
    "has": HAS,
    "assign": ASSIGN,
    "handOver": HAND_OVER,
    "more": MORE,
    "wellAgain": WELL_AGAIN,
    "writeNote": WRITE,
    "notes": NOTES,
    "allNotes": "All {count} notes about this",
    "noNotes": NO_NOTES,
    "noneAbout": NONE_ABOUT,
    "only": ONLY,
    "thisMoment": THIS_MOMENT,
    "thatMoment": "the moment shown",
    "theIncident": THE_INCIDENT,
    "incident": "incident {which}",
    "fresh": "{count} new",
    "draft": "draft",
    "pin": "Pin as summary",
    "unpin": "Unpin",
    "delete": "Delete",
    "deleteSurely": "Delete for everybody?",
    "sending": "Sending…",
    "sent": "Your note is sent",
    "wrote": "{who} wrote a note",
    "title-acknowledge": "Acknowledge this incident",
    "title-withdraw": "Undo the acknowledgement",
    "title-assign": "Who takes this incident?",
    "go-acknowledge": ACKNOWLEDGE,
    "go-withdraw": "Undo",
    "go-assign": "Assign",
    "unreachable": (
        "The dashboard can't be reached, and nothing was changed. What you typed stays "
        "here: try again in a moment."
    ),
}
