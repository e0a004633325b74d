"""The words of the slider over the past, and of its keys.

`{...}` is filled in by who says it. `for_browser` hands over what `assets/replay*.js`
say.
"""

from __future__ import annotations

from typing import Any, Final

from layouts.strings_plain import MADE_UP

REPLAY: Final = "Replay"
REPLAY_TITLE: Final = "The past on a slider (r)"
STRIP: Final = "Replay of the past"
CLOSE: Final = "Close the replay"
PLAY: Final = "Play"
PLAY_TITLE: Final = "Play from here, or pause (p)"
PAUSE: Final = "Pause"
SPEED: Final = "Speed"
SPEED_TITLE: Final = "How fast it is played"
MOMENT: Final = "Moment"
SPAN: Final = "How much of the past is on the slider"
SPANS: Final[dict[str, tuple[str, str]]] = {
    "1h": ("1 h", "One hour"),
    "6h": ("6 h", "Six hours"),
    "24h": ("24 h", "One day"),
    "7d": ("7 d", "Seven days"),
    "30d": ("30 d", "Thirty days"),
    "all": ("All", "All that is kept"),
}
INCIDENTS: Final = "Incidents of this span"
GO_TO: Final = "Go to an incident"
POSTMORTEM: Final = "Post-mortem"
COMPARE: Final = "Compare"
COMPARE_TITLE: Final = "This moment beside the present, with their differences"

_SAID: Final = {
    "play": PLAY,
    "pause": PAUSE,
    "goTo": GO_TO,
    "noIncident": "No incident in this span",
    "more": "{count} incidents, the newest",
    "incident": "{worst}, {from}: {id}",
    "live": "now",
    "gap": "Nothing was kept from {from} to {to}.",
    "gapTitle": "Nothing was kept from {from} to {to}",
    "madeUp": MADE_UP,
    "nothing": "No picture is kept yet.",
    "loading": "Pictures are being fetched.",
    "failed": "Pictures can't be fetched: {why}. It is tried again.",
    "unreachable": "the server does not answer",
    "value": "{at}",
    "valueIn": "{at}, in incident {id}, {worst}",
    "valueGap": "{at}; nothing was kept then",
}


def for_browser() -> dict[str, Any]:
    """What the browser says about the slider, as JSON."""
    return {"replay": _SAID}
