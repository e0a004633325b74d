"""The wall's settings: shown by a move of the mouse or a key, and gone by themselves.

`assets/wall_settings.js` puts what is chosen into the address.
"""

from __future__ import annotations

from collections.abc import Iterable

from layouts import strings_wall as words
from layouts.markup import Markup, tag
from layouts.pages import MAP


def settings(deployment: str) -> Markup:
    return tag(
        "section",
        tag("h2", words.SETTINGS),
        choice("theme", words.THEME, words.THEMES),
        choice("rotate", words.ROTATE, words.TURNS),
        tag(
            "fieldset",
            tag("legend", words.IN_TURN),
            tag("div", data_in_turn=True),
            data_in_turn_field=True,
            hidden=True,
        ),
        tag(
            "p",
            tag(
                "label",
                tag("input", type="checkbox", name="sound"),
                tag("span", words.SOUND),
            ),
            tag("button", words.TRY_SOUND, type="button", data_hear=True),
            class_="row",
        ),
        tag("p", class_="quiet", data_sound_state=True),
        tag("p", class_="quiet", data_awake_state=True),
        tag(
            "p",
            tag("button", words.FULL_SCREEN, type="button", data_full_screen=True),
            tag("a", words.TO_MAP, href=MAP.path(deployment), data_to_map=True),
            class_="row",
        ),
        tag("p", words.KEPT, class_="quiet"),
        class_="wall-settings",
        aria_label=words.SETTINGS,
        data_settings=True,
        hidden=True,
    )


def choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> Markup:
    """A labelled list to choose one from."""
    made = [tag("option", shown, value=value) for value, shown in options]
    return tag(
        "label", tag("span", label), tag("select", made, name=name), class_="row"
    )
