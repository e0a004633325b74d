"""The page of all deployments: small maps, the worst first.

Painted whole by the server; `assets/fleet_*.js` keep it true and arrange it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.instants import instant
from layouts import fleet_map, fleet_says, fleet_top, let_in, strings_figures
from layouts import strings_fleet as words
from layouts.fleet_card import card
from layouts.fleet_view import Section, View, sections, settled, shown
from layouts.frozen import Held, frame, held
from layouts.glyphs import symbols
from layouts.keys import dialog
from layouts.legend import legend
from layouts.markup import Markup, for_scripts, join, tag
from layouts.strings_moments import FROZEN, LIVE

Fleet = Mapping[str, Any]
"""As `app.domain.fleet.whole` makes it."""


def fleet_paint(
    fleet: Fleet, asked: View, now: datetime, then: Held | None = None
) -> Markup:
    """What is seen, as `asked` wants it. `then`: it is a moment of the past, and `now`
    is that moment: ages are told as of then."""
    asked = settled(asked, fleet["deployments"])
    return join(
        (
            symbols(),
            fleet_map.symbol(),
            fleet_top.header(fleet, now, LIVE if then is None else FROZEN),
            fleet_top.lost(fleet),
            fleet_top.choices(fleet, asked, now),
            _main(fleet, asked, now, None if then is None else then.at),
            None if then is None else join((held(then), frame())),
            legend(let_in.button()),
            dialog(tag("p", words.KEYS_NOTE, class_="quiet")),
            let_in.form(),
            tag("p", class_="unseen", role="status", data_announce=True),
            _words(),
        )
    )


def nothing(fleet: Fleet, asked: View) -> str:
    """What stands there when no card is shown."""
    if not asked.trouble:
        return words.NONE_SHOWN
    if asked.query:
        return words.NONE_OF_BOTH
    return words.NONE_TROUBLED.format(of=len(fleet["deployments"]))


def _main(fleet: Fleet, asked: View, now: datetime, frozen: datetime | None) -> Markup:
    cards, at = fleet["deployments"], instant(frozen)
    parts = sections(cards, asked.by, now)
    first = next(
        (one["id"] for part in parts for one in part.cards if shown(one, asked, now)),
        None,
    )
    empty = tag(
        "p",
        tag("span", nothing(fleet, asked), data_nothing=True),
        " ",
        tag("button", words.SHOW_ALL, type="button", data_show_all=True),
        class_="fleet-nothing",
        data_empty=True,
        hidden=first is not None,
    )
    return tag(
        "main",
        empty,
        tag("div", [_section(part, asked, now, first, at) for part in parts],
            class_="fleet", data_cards=True),
        id="gws-main",
        tabindex=-1,
        data_fleet=True,
        data_version=fleet["version"],
        data_at=fleet["at"],
        data_now=instant(now),
        data_by=asked.by,
        data_size=asked.size,
        data_frozen=at,
    )  # fmt: skip


def _section(
    part: Section, asked: View, now: datetime, first: str | None, at: str | None
) -> Markup:
    items = [
        card(
            one, now, hidden=not shown(one, asked, now), stop=one["id"] == first, at=at
        )
        for one in part.cards
    ]
    return tag(
        "section",
        _heading(part, asked.by, now) if asked.by else None,
        tag("ul", items, aria_label=words.LIST if not asked.by else None),
        data_section=part.key,
        hidden=not any(shown(one, asked, now) for one in part.cards),
    )


def _heading(part: Section, by: str, now: datetime) -> Markup:
    unwell = sum(fleet_says.unwell(one, now) for one in part.cards)
    told = words.SECTION.format(count=unwell, of=len(part.cards)) if unwell else ""
    return tag(
        "h2",
        part.key or words.UNPLACED[by],
        " ",
        tag("span", told, data_section_told=True),
    )


def _words() -> Markup:
    data = words.for_browser() | {
        "map": fleet_map.for_browser(),
        "figures": strings_figures.for_browser(),
        "freshS": fleet_says.FRESH_S,
        "oldS": fleet_says.OLD_S,
        "unwellFrom": fleet_says.UNWELL,
    }
    return for_scripts(data, "gws-words")
