"""The words of the help on keys."""

from __future__ import annotations

from typing import Final

KEYS: Final = "Keys"
CLOSE: Final = "Close"
SINGLE: Final = "Single keys (letters, digits and signs) work"
SINGLE_HINT: Final = (
    "Switch them off if a voice or a slip sets them off; this browser remembers it. "
    "Arrow keys, Enter and Esc go on working."
)
MARKS_TITLE: Final = "Witnesses under a badge"
MARKS: Final = (
    "Shown while one of them says that it is bad, or is old. Filled: failing; dashed: "
    "degraded; dotted: old; grey: silent."
)

ACTIONS: Final[dict[str, tuple[str, str]]] = {
    "walk": ("Arrow keys", "walk the connections in number order, then the components"),
    "cards": ("Arrow keys", "walk the deployments"),
    "rows": ("Up, Down", "walk the rows in the order shown"),
    "ends": ("Home, End", "first, last"),
    "number": ("1 to 31, then Enter", "go to that connection"),
    "open": ("Enter", "open the details"),
    "map": ("Enter", "open the map of the deployment"),
    "close": ("Esc", "close"),
    "search": ("/", "search"),
    "clear": ("Esc", "clear the search; back to the deployments"),
    "trouble": ("t", "only what is in trouble, or all again"),
    "value": ("v", "the next value on each line"),
    "lens": ("c", "load, headroom and days left on the lines, or their statuses"),
    "zoom-in": ("+", "zoom in"),
    "zoom-out": ("-", "zoom out"),
    "zoom-fit": ("0", "the whole picture"),
    "pan": ("Shift and arrow keys", "move the enlarged picture"),
    "freeze": ("f", "freeze this moment, or go on live"),
    "step": ("[ and ]", "the change before, the change after"),
    "replay": ("r", "the past on a slider"),
    "play": ("p", "play the past, or pause"),
    "share": ("s", "share: a link, a summary, the picture"),
    "notes": ("n", "the notes: read them, or write one"),
    "keys": ("?", "show or hide these keys"),
}
"""By action: the key as it is shown, and what it does."""
