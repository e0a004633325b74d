"""The top of every page: where we are, how it is, how well we can see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain import fleet as reduced
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import Topology
from layouts import figures, notes, says, strings_top, times
from layouts.counts import counts
from layouts.frozen import freeze
from layouts.glyphs import sign
from layouts.markup import Markup, join, tag
from layouts.pages import FLEET, HOLDS, PAGES, Page
from layouts.person import place
from layouts.replay import opens
from layouts.share import share
from layouts.sources import TROUBLE, sources
from layouts.strings import (
    ALL_WELL,
    BLIND,
    BROKEN,
    NO_CAUSE,
    PRODUCT,
    SOURCES,
    UNSEEN,
    WORDS,
)
from layouts.strings_moments import FROZEN, LIVE

Snapshot = Mapping[str, Any]


def header(
    snapshot: Snapshot,
    page: Page,
    now: datetime,
    name: str,
    frozen: datetime | None = None,
    *,
    fleet: bool = False,
) -> Markup:
    """`name`: the deployment's own. `frozen`: the moment that is shown, a past one.
    `fleet`: there are others, and a page of all."""
    brand = tag(
        "div",
        tag("p", PRODUCT, class_="product"),
        tag("h1", name),
        class_="brand",
    )
    return tag(
        "header",
        tag("a", strings_top.SKIP, href="#gws-main", class_="skip"),
        brand,
        _overall(snapshot, now),
        counts([one["status"] for one in snapshot["connections"]], strings_top.COUNTS),
        notes.line(snapshot),
        sources(snapshot, now),
        _tools(snapshot, page, frozen, fleet),
        class_="top",
    )


def overall_since(snapshot: Snapshot) -> str | None:
    """Since when the whole has been as it is, as far as its parts tell."""
    return reduced.since(snapshot)


def look_here_first(topology: Topology, snapshot: Snapshot) -> Markup:
    """The suspects in order; at most three are shown."""
    suspects = snapshot["suspects"][:3]
    slots = [
        _suspect(topology, suspects[i] if i < len(suspects) else None) for i in range(3)
    ]
    quiet = "" if suspects else without_suspects(snapshot)
    return tag(
        "section",
        tag("h2", strings_top.LOOK_FIRST, class_="unseen"),
        tag("ol", slots),
        tag("p", quiet, data_quiet=True),
        class_="suspects",
        aria_label=strings_top.LOOK_FIRST,
    )


def without_suspects(snapshot: Snapshot) -> str:
    """What stands there when nobody is suspected."""
    status = snapshot["status"]
    if status in TROUBLE:
        return NO_CAUSE
    return UNSEEN if status in (Status.STALE, Status.NO_DATA) else ALL_WELL


def banners(snapshot: Snapshot) -> Markup:
    """One line for each source that is blind, and one for ourselves cut off."""
    states = {state["name"]: state for state in snapshot["sources"]}
    lines = [_banner(name, states.get(name)) for name in SOURCES]
    lost = tag(
        "p",
        tag("strong", strings_top.LOST),
        strings_top.SHOWING,
        tag("span", figures.clock(snapshot["at"]), data_shown=True),
        strings_top.RECONNECTING,
        class_="banner lost",
        role="alert",
        hidden=True,
        data_lost=True,
    )
    # Several may need more room than there is: they are read on by keys.
    said = tag("div", lines, class_="banners", role="region", tabindex=0,
               aria_label=strings_top.BLIND)  # fmt: skip
    return join((lost, said))


def _overall(snapshot: Snapshot, now: datetime) -> Markup:
    status = snapshot["status"]
    return tag(
        "p",
        sign(status),
        tag("strong", WORDS[status], data_part="word"),
        " ",
        times.since(overall_since(snapshot), now, part="since"),
        class_="overall",
        data_overall=True,
        data_status=status,
    )


def _banner(name: str, state: says.State | None) -> Markup:
    blind = state is not None and state["status"] == Status.FAILING
    error = state["error"] if state is not None and state["error"] else ""
    return tag(
        "p",
        tag("strong", BROKEN.get(name) or strings_top.unheard(name)),
        ": ",
        tag("span", error, data_part="error"),
        f". {BLIND[name]}",
        class_="banner",
        role="status",
        data_blind=name,
        hidden=not blind,
    )


def _suspect(topology: Topology, suspect: Mapping[str, Any] | None) -> Markup:
    """A cluster node is no place of the picture: nothing leads there."""
    one = suspect or {"node": None, "connection": None, "text": ""}
    node, number = one["node"], one["connection"]
    label = strings_top.connection(number) if number else ""
    if node:
        label = topology.box(NodeId(node)).label
    way = tag(
        "button",
        label,
        type="button",
        data_goto=number,
        data_goto_node=node,
        hidden=not label,
    )
    return tag(
        "li",
        tag("span", one["text"]),
        " ",
        way,
        data_suspect=True,
        hidden=suspect is None,
    )


def _pages(snapshot: Snapshot, current: Page, *, fleet: bool) -> Markup:
    up = tag("a", FLEET.title, href=FLEET.address) if fleet else None
    links = [
        tag("a", page.title, href=page.path(snapshot["deployment"]),
            aria_current="page" if page == current else None)
        for page in PAGES
    ]  # fmt: skip
    return tag("nav", up, links, aria_label=strings_top.PAGES)


def _tools(
    snapshot: Snapshot, page: Page, frozen: datetime | None, fleet: bool
) -> Markup:
    clock = _clock(snapshot, LIVE if frozen is None else FROZEN)
    pages = _pages(snapshot, page, fleet=fleet)
    held = (freeze(frozen), opens(), share()) if HOLDS in page.scripts else ()
    return tag("div", pages, clock, held, place(), class_="tools")


def _clock(snapshot: Snapshot, word: str) -> Markup:
    shown = tag(
        "time", figures.clock(snapshot["at"]), datetime=snapshot["at"], data_clock=True
    )
    return tag("p", tag("span", word, data_live=True), " ", shown, class_="clock")
