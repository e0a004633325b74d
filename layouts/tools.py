"""The map's own controls, on the free ground at its upper left: the value on a line,
only trouble, motion, zoom. On a telephone they stand under the thumb.

`assets/tools.js` and `zoom.js` do what they say.
"""

from __future__ import annotations

from layouts import strings_lens
from layouts import strings_map as words
from layouts.geometry import HEIGHT, WIDTH
from layouts.markup import Markup, tag
from layouts.strings_top import AS_LIST


def tools(choice: str) -> Markup:
    """`choice`: the value that stands on each line now."""
    return tag(
        "section",
        _values(choice),
        _zoom(),
        tag("button", AS_LIST, type="button", class_="switch", data_switch=True),
        _toggle(words.ONLY_TROUBLE, words.ONLY_TROUBLE_TITLE, "data_only_choice"),
        _toggle(words.MOTION, words.MOTION_TITLE, "data_motion_choice"),
        _toggle(strings_lens.LENS, strings_lens.LENS_TITLE, "data_lens_choice"),
        tag("p", role="status", class_="faded", data_faded=True),
        tag("p", role="status", class_="lens-said", data_lens_said=True),
        class_="map-tools",
        aria_label=words.TOOLS,
        data_tools=True,
    )


def _values(choice: str) -> Markup:
    options = [
        tag("option", label, value=key, selected=key == choice)
        for key, label in words.VALUE_CHOICES.items()
    ]
    return tag(
        "label",
        tag("span", words.VALUES, class_="unseen"),
        tag("select", options, title=words.VALUES_TITLE, data_value_choice=True),
        class_="values",
    )


def _toggle(label: str, title: str, name: str) -> Markup:
    return tag(
        "button", label, type="button", title=title, aria_pressed="false",
        **{name: True},
    )  # fmt: skip


def _zoom() -> Markup:
    buttons = [
        tag("button", shown, type="button", data_zoom=action, aria_label=label)
        for action, shown, label in words.ZOOM
    ]
    return tag("div", buttons, class_="zoom", data_zoom_controls=f"{WIDTH} {HEIGHT}")
