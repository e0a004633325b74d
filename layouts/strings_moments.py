"""Every word about moments: frozen pages, and what can be copied of a page.

`{...}` is filled in by who says it. `for_browser` hands over what
`assets/frozen.js` and `assets/share*.js` say.
"""

from __future__ import annotations

from typing import Any, Final

from layouts.strings import PRODUCT

FREEZE: Final = "Freeze"
FREEZE_TITLE: Final = "Hold the picture where it stands (f)"
LIVE: Final = "Live"
FROZEN: Final = "Frozen"
SHOWING: Final = "Showing"
AHEAD: Final = "live is {span} ahead"
BACK: Final = "Back to live"
EARLIER: Final = "The change before ([)"
LATER: Final = "The change after (])"
NO_LONGER: Final = "The picture of that moment is no longer kept."

NO_MOMENT: Final = "No such moment"
NO_PICTURE: Final = "No picture"
NOT_A_TIME: Final = "{asked} is {problem}."
NONE_OF_IT: Final = "There is no picture of {asked}: {problem}."
SHOW_PRESENT: Final = "Show the present"

SHARE: Final = "Share"
SHARE_TITLE: Final = "Copy a link, a picture or a summary (s)"
WAYS: Final = (
    ("link", "Copy a link to exactly this"),
    ("summary", "Copy a summary for chat"),
    ("picture", "Copy the picture (PNG)"),
    ("png", "Download the picture (PNG)"),
    ("svg", "Download the picture (SVG)"),
)
BY_HAND: Final = "What to copy"

_FROZEN: Final = {
    "live": LIVE,
    "notLive": "Not live",
    "frozen": FROZEN,
    "ahead": AHEAD,
    "asking": "the picture is being fetched",
    "turnedOne": "1 connection has turned bad since: {numbers}",
    "turned": "{count} connections have turned bad since: {numbers}",
    "more": "{count} more",
    "said": "Frozen at {at}",
    "saidLive": "Live again",
    "noEarlier": "No earlier change is kept.",
    "silent": "The server does not answer. Try again.",
    "gone": NO_LONGER,
}
_SHARE: Final = {
    "product": PRODUCT,
    "linked": "The link is copied. It shows the page as it was at {at}.",
    "summed": "The summary is copied.",
    "pictured": "The picture is copied.",
    "kept": "The picture is downloaded.",
    "drawing": "The picture is being drawn.",
    "byHand": "This browser does not allow copying. Copy the marked text with Ctrl+C.",
    "keptInstead": "This browser does not allow copying a picture. It is downloaded.",
    "failed": "The picture could not be drawn. Download the SVG instead.",
    "nothing": "There is no picture of the deployment yet.",
    "title": "{deployment}: {status}",
    "since": "since {at}",
    "at": "{local} ({utc})",
    "counts": "Connections",
    "ages": "Last heard",
    "never": "never",
    "bad": "**{number}** {ends}: {status}",
    "notWell": "Not well: {count} of {all} connections",
    "allWell": "All {all} connections are well.",
}


def for_browser() -> dict[str, Any]:
    """What the browser says about moments, as JSON."""
    return {"frozen": _FROZEN, "share": _SHARE}
