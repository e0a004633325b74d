"""What stands above the cards of the fleet: totals, search, and how to show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.status import worst
from layouts import figures
from layouts import strings_fleet as words
from layouts.counts import counts
from layouts.fleet_says import standing, unwell
from layouts.fleet_view import View, shown
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.pages import FLEET
from layouts.person import place
from layouts.strings import PRODUCT

Fleet = Mapping[str, Any]


def header(fleet: Fleet, now: datetime, word: str = words.LIVE) -> Markup:
    """Where we are, and how all of them are. `word`: beside the clock."""
    brand = tag(
        "div",
        tag("p", PRODUCT, class_="product"),
        tag("h1", FLEET.title),
        class_="brand",
    )
    clock = tag(
        "p",
        tag("span", word, data_live=True),
        " ",
        tag(
            "time",
            figures.clock(fleet["at"]),
            datetime=fleet["at"],
            data_local="clock",
            data_clock=True,
        ),
        class_="clock",
    )
    return tag(
        "header",
        tag("a", words.SKIP, href="#gws-main", class_="skip"),
        brand,
        _overall(fleet, now),
        counts([card["status"] for card in fleet["deployments"]], words.TOTALS),
        tag("div", clock, place(), class_="tools"),
        class_="top",
    )


def summary(fleet: Fleet, now: datetime) -> tuple[str, str]:
    """The worst status of all, and how many are not well."""
    cards = fleet["deployments"]
    count = sum(unwell(card, now) for card in cards)
    status = worst(standing(card, now) for card in cards).value
    if count:
        return status, words.SUMMARY_TROUBLE.format(count=count, of=len(cards))
    if len(cards) == 1:
        return status, words.SUMMARY_ONE
    return status, words.SUMMARY_WELL.format(of=len(cards))


def lost(fleet: Fleet) -> Markup:
    """Shown while we are cut off from the server."""
    line = tag(
        "p",
        tag("strong", words.LOST),
        words.LOST_SHOWN,
        tag("span", figures.clock(fleet["at"]), data_last_heard=True),
        words.LOST_REST,
        class_="banner lost",
        role="alert",
        hidden=True,
        data_lost=True,
    )
    return tag("div", line, class_="banners")


def choices(fleet: Fleet, asked: View, now: datetime) -> Markup:
    """A form, so that without scripts the address changes by sending it."""
    cards = fleet["deployments"]
    by = {
        value: text
        for value, text in words.BY.items()
        if not value or any(card[value] for card in cards)
    }
    there = sum(shown(card, asked, now) for card in cards)
    told = words.SHOWN.format(count=there, of=len(cards)) if there < len(cards) else ""
    return tag(
        "form",
        _search(asked),
        tag(
            "label",
            tag("input", type="checkbox", name="trouble", value="1",
                checked=asked.trouble),
            tag("span", words.ONLY_TROUBLE),
            class_="fleet-only",
        ),
        _select("by", words.SORTED, by, asked.by) if len(by) > 1 else None,
        _select("size", words.SIZE, words.SIZES, asked.size),
        tag("noscript", tag("button", words.SHOW)),
        tag("p", told, class_="fleet-shown", role="status", data_told_shown=True),
        tag("p", words.HELD, class_="fleet-held", data_held=True, hidden=True),
        class_="fleet-choices",
        role="search",
        action=FLEET.address,
        data_choices=True,
    )  # fmt: skip


def _overall(fleet: Fleet, now: datetime) -> Markup:
    status, text = summary(fleet, now)
    return tag(
        "p",
        sign(status),
        tag("strong", text, data_part="summary"),
        class_="overall",
        data_overall=True,
        data_status=status,
    )


def _search(asked: View) -> Markup:
    return tag(
        "label",
        tag("span", words.SEARCH, class_="unseen"),
        tag(
            "input",
            type="search",
            name="q",
            value=asked.query,
            placeholder=words.PLACEHOLDER,
            autocomplete="off",
            spellcheck="false",
        ),
        class_="fleet-search",
    )


def _select(name: str, title: str, options: Mapping[str, str], chosen: str) -> Markup:
    items = [
        tag("option", text, value=value, selected=value == chosen)
        for value, text in options.items()
    ]
    return tag(
        "label", tag("span", title, class_="unseen"), tag("select", items, name=name)
    )
