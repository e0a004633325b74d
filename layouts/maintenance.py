"""Maintenance from the page: what the panel offers, and the form that it opens.

`assets/maintenance.js` opens the form, and tells the server what was entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from app.domain.windows import WORDS_MOST
from layouts.markup import Markup, tag

SPANS: Final = (("30m", "30 min"), ("1h", "1 hour"), ("4h", "4 hours"))
USUAL: Final = "1h"
UNTIL: Final = "until"
NO_SIGN_IN: Final = (
    "Nobody signs in here: the name that you type is kept on record as it is."
)
Attributes = dict[str, Any]


def part(subject: str, snapshot: Mapping[str, Any]) -> list[Component]:
    """The way into the form; for each window that was set here and is over `subject`,
    the way out of it."""
    opens: Attributes = {"data-maintain": subject}
    ways: list[Component] = [html.Button("Maintenance…", type="button", **opens)]
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
    more = f", of all {number} that it is over" if number > 1 else ""
    about = more if number else ", of the whole deployment"
    until = f"until {window['to'][:10]} {window['to'][11:16]} UTC by {window['by']}"
    told: Attributes = {
        "data-maintain-end": window["id"],
        "data-told": f"{until}: {window['why']}",
    }
    button = html.Button(f"End maintenance{about}", type="button", **told)
    local: Attributes = {"data-local": "dated"}
    said = html.Time(until, dateTime=window["to"], className="quiet", **local)
    return html.P([button, said], key=window["id"])


def form() -> Markup:
    """The dialog: to begin one, or to end one; the script says which."""
    return tag(
        "dialog",
        tag(
            "form",
            tag("h2", "Maintenance", id="gws-maintain-title"),
            tag("p", class_="quiet", data_maintain_about=True),
            tag(
                "div",
                _line("why", "Why", "off"),
                tag("fieldset", tag("legend", "For how long"), _spans()),
                data_maintain_new=True,
            ),
            _line("by", "Your name", "name"),
            tag("p", NO_SIGN_IN, class_="quiet"),
            tag("p", role="alert", data_maintain_error=True),
            tag(
                "p",
                tag("button", "Begin maintenance", data_maintain_go=True),
                tag("button", "Cancel", type="button", data_maintain_cancel=True),
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
    chosen = [_choice(value, words, value == USUAL) for value, words in SPANS]
    until = tag(
        "label",
        tag("span", "The end, in the time of this browser", class_="unseen"),
        tag("input", type="datetime-local", name="until"),
    )
    return [*chosen, _choice(UNTIL, "until, in your own time:", False), until]


def _choice(value: str, words: str, checked: bool) -> Markup:
    field = tag("input", type="radio", name="for", value=value, checked=checked)
    return tag("label", field, tag("span", words))
