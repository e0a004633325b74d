"""What is reviewed, to be chosen: a plain form, whose fields stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from layouts import strings_capacity as words
from layouts.capacity_view import MOST_AGENTS, View
from layouts.markup import Markup, tag
from layouts.pages import CAPACITY

OWN: Final = "own"


def form(view: View) -> Markup:
    spans = {**words.SPANS, OWN: words.OWN_SPAN}
    span = view.span or OWN
    return tag(
        "form",
        _choice("span", words.SPAN, spans, span),
        tag("span", _day("from", words.FROM, view), _day("to", words.UNTIL, view),
            class_="cap-days", data_cap_days=True, hidden=view.span is not None),
        _choice("hours", words.HOURS, words.HOURS_CHOICES, view.hours),
        _choice("outages", words.OUTAGES, words.COUNT_CHOICES, view.outages),
        _choice("outliers", words.OUTLIERS, words.COUNT_CHOICES, view.outliers),
        _agents(view),
        tag("button", words.SHOW, type="submit"),
        method="get",
        action=CAPACITY.path(view.deployment),
        class_="cap-form",
        aria_label=words.SETTINGS,
        data_cap_form=True,
    )  # fmt: skip


def _choice(name: str, label: str, choices: Mapping[str, str], chosen: str) -> Markup:
    options = [
        tag("option", text, value=key, selected=key == chosen)
        for key, text in choices.items()
    ]
    return tag("label", tag("span", label), tag("select", options, name=name))


def _day(name: str, label: str, view: View) -> Markup:
    day = view.first if name == "from" else view.last
    field = tag(
        "input", type="date", name=name, value=day.isoformat() if day else None,
        disabled=view.span is not None,
    )  # fmt: skip
    return tag("label", tag("span", label), field)


def _agents(view: View) -> Markup:
    field = tag(
        "input", type="number", name="agents", min=0, max=MOST_AGENTS, step=1,
        value=view.agents, inputmode="numeric",
    )  # fmt: skip
    return tag(
        "label", tag("span", words.AGENTS),
        tag("span", field, f" {words.PERCENT}", class_="cap-agents"),
    )  # fmt: skip
