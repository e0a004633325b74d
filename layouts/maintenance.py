"""Maintenance from the page: what the panel offers, and the form that it opens.

`assets/maintenance.js` opens the form, and tells the server what was entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from app.domain.windows import WORDS_MOST
from layouts import figures
from layouts import strings_maintenance as words
from layouts.markup import Markup, tag
from layouts.strings_room import CANCEL, NO_SIGN_IN, YOUR_NAME

USUAL: Final = "1h"
UNTIL: Final = "until"
Attributes = dict[str, Any]


def part(subject: str, snapshot: Mapping[str, Any]) -> list[Component]:
    """The way into the form; for each window that was set here and is over `subject`,
    the way out of it."""
    opens: Attributes = {"data-maintain": subject}
    ways: list[Component] = [html.Button(words.OPEN, type="button", **opens)]
    ways += [_end(one) for one in _over(subject, snapshot)]
    return [html.Div(ways, className="maintain", key="maintain")]


def _over(subject: str, snapshot: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Of a connection also those over the box that answers."""
    ends = {str(c["number"]): c["destination"] for c in snapshot["connections"]}
    about = {subject, ends.get(subject)}
    for window in snapshot["maintenance"]:
        named = [*map(str, window["connections"]), *window["nodes"]]
        if window["origin"] == "page" and (not named or about & {*named}):
            yield window


def _end(window: Mapping[str, Any]) -> Component:
    number = len(window["connections"]) + len(window["nodes"])
    of_several = words.END_OF.format(count=number) if number > 1 else words.END
    ends = of_several if number else words.END_WHOLE
    until = words.UNTIL.format(until=figures.dated(window["to"]), who=window["by"])
    told: Attributes = {
        "data-maintain-end": window["id"],
        "data-told": f"{until}: {window['why']}",
    }
    button = html.Button(ends, type="button", **told)
    local: Attributes = {"data-local": "dated"}
    said = html.Time(until, dateTime=window["to"], className="quiet", **local)
    return html.P([button, said], key=window["id"])


def form() -> Markup:
    """The dialog: to begin one, or to end one; the script says which."""
    return tag(
        "dialog",
        tag(
            "form",
            tag("h2", words.TITLE, id="gws-maintain-title"),
            tag("p", class_="quiet", data_maintain_about=True),
            tag(
                "div",
                _line("why", words.WHY, "off"),
                tag("fieldset", tag("legend", words.HOW_LONG), _spans()),
                data_maintain_new=True,
            ),
            _line("by", YOUR_NAME, "name"),
            tag("p", NO_SIGN_IN, class_="quiet", data_no_sign_in=True),
            tag("p", role="alert", data_maintain_error=True),
            tag(
                "p",
                tag("button", words.BEGIN, data_maintain_go=True),
                tag("button", CANCEL, type="button", data_maintain_cancel=True),
                class_="ways",
            ),
        ),
        class_="maintenance",
        aria_labelledby="gws-maintain-title",
        data_maintain_form=True,
    )


def _line(name: str, label: str, completed: str) -> Markup:
    field = tag(
        "input",
        type="text",
        name=name,
        required=True,
        maxlength=WORDS_MOST,
        autocomplete=completed,
    )
    return tag("label", tag("span", label), field)


def _spans() -> list[Markup]:
    chosen = [_choice(value, label, value == USUAL) for value, label in words.SPANS]
    until = tag(
        "label",
        tag("span", words.THE_END, class_="unseen"),
        tag("input", type="datetime-local", name="until"),
    )
    return [*chosen, _choice(UNTIL, words.UNTIL_TIME, False), until]


def _choice(value: str, label: str, checked: bool) -> Markup:
    field = tag("input", type="radio", name="for", value=value, checked=checked)
    return tag("label", field, tag("span", label))
