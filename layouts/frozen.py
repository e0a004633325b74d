"""A page that stands still: the button that freezes it, and the bar that says so.

The bar lies over the foot of the main part, and a striped frame around the whole page:
nothing else moves. `assets/frozen.js` keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.instants import instant
from layouts import figures, times
from layouts import strings_moments as words
from layouts.markup import Markup, tag


def freeze(frozen: datetime | None) -> Markup:
    """Beside the clock."""
    return tag(
        "button",
        tag("span", "‖", aria_hidden="true"),
        tag("span", words.FREEZE, class_="label"),
        type="button",
        class_="freeze",
        data_freeze=True,
        title=words.FREEZE_TITLE,
        aria_pressed="false" if frozen is None else "true",
    )


def bar(frozen: datetime | None, now: datetime) -> Markup:
    """What is shown, how far live is ahead, what has turned bad meanwhile, the ways."""
    at = None if frozen is None else instant(frozen)
    span = "" if frozen is None else figures.duration((now - frozen).total_seconds())
    shown = tag(
        "time", figures.clock(at), datetime=at, data_local="clock", data_frozen_at=True
    )
    return tag(
        "section",
        _way("before", "‹", words.EARLIER),
        _way("after", "›", words.LATER),
        tag("p", tag("strong", words.SHOWING, " ", shown), " · ",
            tag("span", words.AHEAD.format(span=span), data_ahead=True)),
        tag("button", words.BACK, type="button", class_="thaw", data_thaw=True),
        tag("p", role="status", class_="turned", data_turned=True),
        class_="frozen-bar",
        aria_label=words.FROZEN,
        data_frozen_bar=True,
        hidden=frozen is None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A moment that a page without a slider shows. `live`: the address of the same page
    of the present."""

    at: datetime
    now: datetime
    live: str


def held(moment: Held) -> Markup:
    """The bar of such a page: nothing in it needs a script."""
    at = instant(moment.at)
    span = figures.duration((moment.now - moment.at).total_seconds())
    shown = times.local(at, "full")
    return tag(
        "section",
        tag("p", tag("strong", words.SHOWING, " ", shown), " · ",
            words.AHEAD.format(span=span)),
        tag("a", words.BACK, href=moment.live, class_="thaw"),
        class_="frozen-bar",
        aria_label=words.FROZEN,
        data_held=True,
    )  # fmt: skip


def frame() -> Markup:
    """Around the whole page while it is frozen."""
    return tag("div", class_="frozen-frame", aria_hidden="true")


def _way(where: str, shown: str, label: str) -> Markup:
    return tag(
        "button", shown, type="button", data_step=where, title=label, aria_label=label
    )
