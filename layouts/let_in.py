"""Letting a TV in, from any page: the button in the header, and the form that it opens.

`assets/let_in.js` fills in the deployments, and tells the server the code.
"""

from __future__ import annotations

from app.domain.screens import CODE_LENGTH
from layouts import strings_wall as words
from layouts.markup import Markup, tag
from layouts.wall_settings import choice


def button() -> Markup:
    return tag(
        "button",
        words.LET_IN_SHORT,
        type="button",
        class_="let-in-button",
        aria_label=words.LET_IN,
        title=words.LET_IN,
        data_let_in=True,
    )


def form() -> Markup:
    """The dialog; its lists of deployments come when it is opened."""
    code = tag(
        "input",
        type="text",
        name="code",
        required=True,
        maxlength=CODE_LENGTH * 3,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
        inputmode="text",
    )
    chosen = tag(
        "fieldset", tag("legend", words.SHOWS), tag("div", data_let_in_shows=True)
    )
    sound = tag(
        "label",
        tag("input", type="checkbox", name="sound"),
        tag("span", words.SOUND),
        class_="row",
    )
    ways = tag(
        "p",
        tag("button", words.GO, data_let_in_go=True),
        tag("button", words.CANCEL, type="button", data_let_in_cancel=True),
        tag("a", words.WALL_HERE, data_let_in_here=True),
        class_="ways",
    )
    return tag(
        "dialog",
        tag(
            "form",
            tag("h2", words.LET_IN, id="gws-let-in-title"),
            tag("p", class_="quiet", data_let_in_how=words.LET_IN_HOW),
            tag("label", tag("span", words.CODE), code),
            chosen,
            choice("rotate", words.ROTATE, words.TURNS[1:]),
            choice("theme", words.THEME, words.THEMES),
            sound,
            tag("p", role="alert", data_let_in_error=True),
            tag("p", role="status", data_let_in_done=True),
            ways,
        ),
        class_="let-in",
        aria_labelledby="gws-let-in-title",
        data_let_in_form=True,
        data_in=words.LET_IN_DONE,
        data_unreachable=words.UNREACHABLE,
        data_none=words.NONE_CHOSEN,
        data_asking=words.ASKING,
        data_sending=words.SENDING,
    )
