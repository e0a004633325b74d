"""One deployment of the fleet: a link to its map, with what is to be known before.

`assets/fleet_paint.js` changes what differs; `data-part` says what an element shows.
"""

from __future__ import annotations

from datetime import datetime

from layouts import fleet_says, times
from layouts.fleet_map import small_map
from layouts.fleet_says import Card
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.pages import MAP
from layouts.strings import WORDS


def card(
    state: Card,
    now: datetime,
    *,
    hidden: bool = False,
    stop: bool = False,
    at: str | None = None,
) -> Markup:
    """`stop`: the one at which the Tab key stops; arrow keys walk from there. `at`: the
    moment that is shown, a past one: the map leads to the same."""
    status, label = state["status"], fleet_says.label(state, now)
    verdict = tag(
        "span",
        sign(status),
        tag("strong", WORDS[status], data_part="word"),
        times.since(state["since"], now, part="since"),
        class_="fleet-verdict",
    )
    link = tag(
        "a",
        verdict,
        tag("span", state["name"], class_="fleet-name"),
        tag("span", fleet_says.place(state), class_="fleet-place"),
        small_map(state["connections"], state["nodes"]),
        tag("span", counts(state), class_="fleet-counts", data_part="counts"),
        tag("span", fleet_says.told(state), class_="fleet-told", data_part="told"),
        tag("span", fleet_says.why(state, now), class_="fleet-why", data_part="why"),
        tag("span", fleet_says.age(state, now), class_="fleet-age", data_part="age"),
        href=MAP.path(state["id"]) + (f"?at={at}" if at else ""),
        tabindex=0 if stop else -1,
        aria_label=label,
        title=label,
    )
    return tag(
        "li",
        link,
        data_card=state["id"],
        data_status=status,
        data_sight=fleet_says.sight(state, now),
        hidden=hidden,
    )


def counts(state: Card) -> list[Markup]:
    """How many connections are in each status that there is."""
    return [
        tag(
            "span",
            sign(status, part=False),
            tag("b", number),
            tag("span", f" {WORDS[status]}", class_="word"),
            data_status=status,
        )
        for status, number in state["counts"].items()
    ]
