"""Every word of the wall, of a TV that waits, and of letting one in."""

from __future__ import annotations

from typing import Any, Final

from app.domain.status import Status
from layouts.strings import PRODUCT, SOURCES, WORDS

HEADLINES: Final[dict[str, str]] = {
    status: word.capitalize() for status, word in WORDS.items()
} | dict.fromkeys((Status.OK, Status.IDLE, Status.ABSENT), "All is well")
"""The word that must be read from anywhere in the room."""
WELL: Final = (Status.OK.value, Status.IDLE.value, Status.ABSENT.value)

TITLE: Final = "Wall"
PICTURE: Final = "The connections by number, between the components"
WORST: Final = "Not well now, worst first"
ALL_CONNECTIONS: Final = "Every connection is well."
NO_CAUSE: Final = "No single cause found."
OPEN: Final = "Open"
ACKNOWLEDGED: Final = "acknowledged by"
NOT_ACKNOWLEDGED: Final = "nobody has acknowledged it yet"
ASSIGNED: Final = "assigned to"
UNSEEN: Final = "Nothing was heard yet"
ALL_HEARD: Final = "All sources heard"
TROUBLED: Final = "Not seen well:"
ALL_DEPLOYMENTS: Final = "All deployments"

SINCE: Final = "since"
MORE: Final = "and {count} more"
ONE: Final = {"connection": "1 connection", "component": "1 component"}
SEVERAL: Final = {
    "connection": "{count} connections", "component": "{count} components",
}  # fmt: skip
FRESH: Final = "Live, under 5 s old"
PAST: Final = "Frozen: a moment of the past"
ZONE: Final = "UTC"
INCIDENT: Final = "Open incident"
PICTURE_OLD: Final = "The picture is old"
SOUND_WAITS: Final = "Sound waits for one click or key: browsers want that"
ENDS: Final = "{source} to {destination}"

_SAID: Final[dict[str, str]] = {
    "since": SINCE,
    "at": "at",
    "fresh": FRESH,
    "old": "Data {age} old",
    "noNews": "No news for {age}",
    "pictureOf": "The picture is of {time}.",
    "lost": "The server can't be reached. Trying again every second.",
    "unwatched": "This deployment is no longer watched here.",
    "silent": "The server is there, and has not told this deployment's picture yet.",
    "more": MORE,
    "next": "next: {name}, in {age}",
    "held": "held longer: it is failing",
    "jumped": "shown at once: it turned failing",
    "waitsForClick": SOUND_WAITS,
    "soundOn": "A soft tone at a new failing; none while it is acknowledged",
    "awake": "This screen is kept awake.",
    "awakeByVideo": "This screen is kept awake by a still film (no HTTPS here).",
    "asleep": "This browser can't keep the screen awake: switch its power saving off.",
}

THEMES: Final = (("dark", "Dark"), ("light", "Light"), ("contrast", "High contrast"))
TURNS: Final = (
    ("", "do not take turns"), ("15s", "15 s each"), ("30s", "30 s each"),
    ("1m", "1 min each"), ("5m", "5 min each"),
)  # fmt: skip

SETTINGS: Final = "Settings of this wall"
THEME: Final = "Theme"
ROTATE: Final = "Take turns"
IN_TURN: Final = "In turn with"
SOUND: Final = "Sound at a new failing"
TRY_SOUND: Final = "Hear it"
FULL_SCREEN: Final = "Full screen"
TO_MAP: Final = "To the map"
KEPT: Final = "All of this is in the address: a bookmark keeps it."

WAITS: Final = "Let this TV in"
HOW: Final = "On any page of GWS Observatory, choose “Let a TV in” and type:"
LASTS: Final = "valid for {age}, once"
NO_CODE: Final = "Asking for a code…"

LET_IN: Final = "Let a TV in"
LET_IN_SHORT: Final = "TV"
LET_IN_HOW: Final = "Open {address} on the TV: it shows a code."
CODE: Final = "Code on the TV"
SHOWS: Final = "It shows"
GO: Final = "Let it in"
CANCEL: Final = "Cancel"
CLOSE: Final = "Close"
WALL_HERE: Final = "Open the wall on this screen"

LET_IN_DONE: Final = "The TV was let in, and goes to its wall now."
UNREACHABLE: Final = "The dashboard can't be reached; nothing was changed."
NONE_CHOSEN: Final = "Choose at least one deployment."
SENDING: Final = "Letting it in…"
ASKING: Final = "Asking which deployments there are…"


def title(name: str) -> str:
    return f"{TITLE} · {name} · {PRODUCT}"


def for_browser() -> dict[str, Any]:
    """What `assets/wall_*.js` say, as JSON."""
    return {
        "headlines": HEADLINES,
        "well": WELL,
        "sources": SOURCES,
        "noCause": NO_CAUSE,
        "open": OPEN,
        "acknowledged": ACKNOWLEDGED,
        "notAcknowledged": NOT_ACKNOWLEDGED,
        "assigned": ASSIGNED,
        "unseen": UNSEEN,
        "allHeard": ALL_HEARD,
        "troubled": TROUBLED,
        "one": ONE,
        "several": SEVERAL,
        **_SAID,
    }


def for_waiting() -> dict[str, str]:
    """What `assets/wall_code.js` says."""
    return {"lasts": LASTS, "noCode": NO_CODE, "lost": _SAID["lost"]}
