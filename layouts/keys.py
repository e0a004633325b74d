"""The keys: which there are, and the dialog in which `?` tells of them.

The dialog's rows are the registry: `assets/keys.js` takes no key that is not in a row
here, and shows a row once a script has put something behind it. So the help of a page
can't tell of what the page does not do, nor keep silent about what it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from layouts import strings_keys as words
from layouts.markup import Markup, join, tag
from layouts.strings import WITNESSES

CODES: Final[dict[str, tuple[str, ...]]] = {
    "walk": ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"),
    "cards": ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"),
    "rows": ("ArrowDown", "ArrowUp"),
    "ends": ("Home", "End"),
    "number": tuple("0123456789"),
    "open": ("Enter", " "),
    "map": ("Enter",),
    "close": ("Escape",),
    "search": ("/",),
    "clear": ("Escape",),
    "trouble": ("t",),
    "value": ("v",),
    "lens": ("c",),
    "zoom-in": ("+", "="),
    "zoom-out": ("-",),
    "zoom-fit": ("0",),
    "pan": ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"),
    "freeze": ("f",),
    "step": ("[", "]"),
    "replay": ("r",),
    "play": ("p",),
    "share": ("s",),
    "notes": ("n",),
    "keys": ("?",),
}
"""By action: what `KeyboardEvent.key` is."""


def dialog(*more: Markup) -> Markup:
    """What `?` opens. `more`: what else this page explains there."""
    return tag(
        "dialog",
        tag("h2", words.KEYS, id="gws-keys-title"),
        tag("dl", [_row(action) for action in words.ACTIONS]),
        _single(),
        more,
        tag("form", tag("button", words.CLOSE), method="dialog"),
        class_="keys",
        aria_labelledby="gws-keys-title",
        data_keys=True,
    )


def marks() -> Markup:
    """The letters of the witnesses."""
    return join(
        (
            tag("h3", words.MARKS_TITLE),
            tag("dl", _initials(), class_="initials"),
            tag("p", words.MARKS, class_="quiet"),
        )
    )


def _row(action: str) -> Markup:
    shown, does = words.ACTIONS[action]
    return tag(
        "div",
        tag("dt", shown),
        tag("dd", does),
        data_action=action,
        data_codes=json.dumps(CODES[action]),
        hidden=True,
    )


def _single() -> Markup:
    box = tag(
        "input",
        type="checkbox",
        checked=True,
        autocomplete="off",
        aria_describedby="gws-single-keys",
        data_single_keys=True,
    )
    hint = tag("p", words.SINGLE_HINT, id="gws-single-keys", class_="quiet")
    return tag(
        "div", tag("label", box, tag("span", words.SINGLE)), hint, class_="single"
    )


def _initials() -> Iterable[Markup]:
    for name in WITNESSES.values():
        yield tag("dt", name[0])
        yield tag("dd", name)
