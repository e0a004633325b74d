"""The page as the server sends it: painted with the present state, no script needed.

`first_paint` is the visible part; `document` puts Dash's own parts around it. The
picture therefore stands before any script has run, and Dash adds the panel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.instants import instant
from app.domain.topology import Topology
from layouts import (
    capacity_lens,
    care,
    header,
    incident,
    let_in,
    maintenance,
    notes,
    strings,
    strings_explain,
    strings_figures,
    strings_lens,
    strings_maintenance,
    strings_map,
    strings_moments,
    strings_replay,
    strings_says,
    strings_top,
    table_tools,
    values,
)
from layouts.frozen import bar, frame
from layouts.glyphs import symbols
from layouts.keys import dialog, marks
from layouts.legend import legend
from layouts.markup import Markup, for_scripts, join, tag
from layouts.overview import overview
from layouts.pages import HOLDS, MAP, Page
from layouts.person import MAY_NOT
from layouts.picture import draw
from layouts.replay import strip
from layouts.table import listing
from layouts.tools import tools

OWN_ASSETS: Final = r"^(?!(?:map|explain|charts|plot|copy|panel)\.js$)"
"""For `Dash(assets_ignore=...)`: all but what Dash's own components need, since a page
names its files itself."""


def first_paint(
    topology: Topology,
    snapshot: Mapping[str, Any],
    page: Page,
    now: datetime,
    *,
    name: str,
    value: str = values.DEFAULT,
    frozen: datetime | None = None,
    shown: Markup | None = None,
    fleet: bool = False,
) -> Markup:
    """What is seen: header, the page's main part, legend. `name`: the deployment's;
    `value`: what stands on each line of the map; `frozen`: when the snapshot, a past
    one, was made; ages are told as of then. `shown`: the main part of a page that has
    the whole width to itself. `fleet`: there are others, and a page of them all.

    Before the first evaluation, give the encoding of a `Snapshot` without members.
    """
    on_map = page == MAP
    present, now = now, frozen or now
    form = shown or _form(topology, snapshot, page, now, value)
    return join(
        (
            symbols(),
            header.header(snapshot, page, now, name, frozen, fleet=fleet),
            header.banners(snapshot),
            incident.beside(
                header.look_here_first(topology, snapshot), topology, snapshot, now
            ),
            tools(value) if on_map else None,
            _main(snapshot, present, page, form, frozen),
            bar(frozen, present),
            strip(snapshot["deployment"]) if HOLDS in page.scripts else None,
            _other_form(topology, snapshot, now) if on_map else None,
            None if shown else overview(topology, snapshot, now),
            legend(let_in.button(), lens=capacity_lens.legend() if on_map else None),
            dialog(marks()),
            frame(),
            notes.drawer(topology, snapshot, now),
            care.form(),
            maintenance.form(),
            let_in.form(),
            tag("p", class_="unseen", role="status", data_announce=True),
            words_of(topology),
        )
    )


@dataclass(frozen=True, slots=True)
class DashParts:
    """`entry`: where Dash puts what it makes, and its configuration, as HTML;
    `scripts`: the addresses of its scripts, in order."""

    entry: str
    scripts: tuple[str, ...]


NO_DASH: Final = DashParts("", ())
"""For a page that needs nothing of Dash."""


def document(
    painted: str,
    dash: DashParts,
    *,
    page: Page,
    title: str,
    asset: Callable[[str], str],
) -> str:
    """The whole HTML.

    `asset`: the address of one of our own files, or of all of a page's.
    """
    head = join(
        (
            Markup('<meta charset="utf-8">'),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", title),
            tag("link", rel="icon", href=asset("favicon.svg"), type="image/svg+xml"),
            tag("link", rel="stylesheet", href=asset(page.style)),
            tag("script", src=asset("theme.js")),
            tag("link", rel="preload", as_="script", href=asset(page.script)),
        )
    )
    scripts = for_scripts((asset(page.script), *dash.scripts), "gws-scripts")
    later = tag("script", src=asset("later.js"))
    body = Markup(painted + dash.entry + scripts + later)
    return "<!DOCTYPE html>" + tag(
        "html",
        tag("head", head),
        tag("body", body, class_=f"on-{page.key}"),
        lang="en",
        data_may_not=MAY_NOT,
    )


def _form(
    topology: Topology,
    snapshot: Mapping[str, Any],
    page: Page,
    now: datetime,
    value: str,
) -> Markup:
    if page == MAP:
        return draw(topology, snapshot, now, value)
    return table_tools.searchable(topology, snapshot, now)


def _main(
    snapshot: Mapping[str, Any],
    now: datetime,
    page: Page,
    shown: Markup,
    frozen: datetime | None,
) -> Markup:
    return tag(
        "main",
        tag("div", shown, data_form=True),
        id="gws-main",
        tabindex=-1,
        data_deployment=snapshot["deployment"],
        data_version=snapshot["version"],
        data_at=snapshot["at"],
        data_now=instant(now),
        data_page=page.key,
        data_frozen=instant(frozen),
    )


def _other_form(
    topology: Topology, snapshot: Mapping[str, Any], now: datetime
) -> Markup:
    """The list of the 31, kept aside for narrow screens and for who prefers it."""
    shown = listing(topology, snapshot, now, order="status")
    return tag("template", shown, data_other_form=True)


def words_of(topology: Topology) -> Markup:
    """What `assets/says.js` says, as JSON."""
    labels = {box.id: box.label for box in topology.boxes}
    counted = [box.id for box in topology.boxes if box.workloads]
    data = strings.for_browser() | strings_map.for_browser()
    data |= strings_moments.for_browser() | strings_replay.for_browser()
    data |= {"labels": labels, "counted": counted, "lens": strings_lens.for_browser()}
    data |= {"page": strings_top.for_browser(), "table": table_tools.for_browser()}
    data |= {"figures": strings_figures.for_browser()}
    data |= {"told": strings_says.for_browser()}
    data |= {"explain": strings_explain.for_browser()}
    data |= {"maintenance": strings_maintenance.for_browser()}
    return for_scripts(data, "gws-words")
