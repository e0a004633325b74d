"""The menu of what can be copied of a page: `assets/share.js` does it.

Ways with a picture are offered where there is one to see.
"""

from __future__ import annotations

from typing import Final

from layouts import strings_moments as words
from layouts.markup import Markup, tag

MENU: Final = "gws-share-menu"


def share() -> Markup:
    """Beside the clock."""
    ways = [
        tag("li", tag("button", label, type="button", data_share=way))
        for way, label in words.WAYS
    ]
    return tag(
        "div",
        _button(),
        tag(
            "div",
            tag("ul", ways),
            tag("p", role="status", data_share_said=True),
            tag("textarea", rows=6, readonly=True, hidden=True,
                aria_label=words.BY_HAND, data_share_by_hand=True),
            id=MENU,
            class_="share-menu",
            hidden=True,
        ),
        class_="share",
        data_share_place=True,
    )  # fmt: skip


def _button() -> Markup:
    return tag(
        "button",
        tag("span", "↗", aria_hidden="true"),
        tag("span", words.SHARE, class_="label"),
        type="button",
        title=words.SHARE_TITLE,
        aria_expanded="false",
        aria_controls=MENU,
        data_share_button=True,
    )
