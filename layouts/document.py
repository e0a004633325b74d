"""The page as the server sends it: painted with the present state, no script needed.

`first_paint` is the visible part; `document` puts Dash's own parts around it. The
picture therefore stands before any script has run, and Dash adds the panel.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.instants import instant
from app.domain.topology import Topology
from layouts import header, incident, maintenance, strings, strings_top, table_tools
from layouts.geometry import HEIGHT, WIDTH
from layouts.glyphs import symbols
from layouts.keys import dialog
from layouts.legend import legend
from layouts.markup import Markup, join, tag
from layouts.overview import overview
from layouts.pages import MAP, Page
from layouts.picture import draw
from layouts.table import listing

OWN_ASSETS: Final = r"^(?!(?:map|explain)\.js$|explain\.css$)"
"""For `Dash(assets_ignore=...)`: all but what Dash's own components need, since a page
names its files itself."""


def first_paint(
    topology: Topology,
    snapshot: Mapping[str, Any],
    page: Page,
    now: datetime,
    *,
    name: str,
) -> Markup:
    """What is seen: header, the page's main part, legend. `name`: the deployment's.

    Before the first evaluation, give the encoding of a `Snapshot` without members.
    """
    shown = draw if page == MAP else table_tools.searchable
    return join(
        (
            symbols(),
            header.header(snapshot, page, now, name),
            header.banners(snapshot),
            incident.beside(
                header.look_here_first(topology, snapshot), topology, snapshot
            ),
            _main(snapshot, now, page, shown(topology, snapshot, now)),
            _other_form(topology, snapshot, now) if page == MAP else None,
            overview(topology, snapshot, now),
            legend(),
            dialog(),
            maintenance.form(),
            tag("p", class_="unseen", role="status", data_announce=True),
            _words(topology),
        )
    )


def document(
    painted: str,
    dash: Mapping[str, str],
    *,
    page: Page,
    title: str,
    asset: Callable[[str], str],
) -> str:
    """The whole HTML.

    `dash`: the keyword arguments of `Dash.interpolate_index` (`config`, `scripts`,
    `renderer`, `app_entry`, `css`, `metas`); `asset`: `Dash.get_asset_url`.
    """
    own = join(tag("script", src=asset(name)) for name in page.scripts)
    head = join(
        (
            Markup('<meta charset="utf-8">'),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", title),
            tag("link", rel="icon", href=asset("favicon.svg"), type="image/svg+xml"),
            *(tag("link", rel="stylesheet", href=asset(name)) for name in page.styles),
            tag("script", src=asset("theme.js")),
            Markup(dash["metas"] + dash["css"]),
        )
    )
    rest = (dash[part] for part in ("app_entry", "config", "scripts", "renderer"))
    body = Markup(painted + own + "".join(rest))
    return "<!DOCTYPE html>" + tag(
        "html", tag("head", head), tag("body", body), lang="en"
    )


def _main(
    snapshot: Mapping[str, Any], now: datetime, page: Page, shown: Markup
) -> Markup:
    return tag(
        "main",
        tag("div", shown, data_form=True),
        _zoom() if page == MAP else None,
        id="gws-main",
        tabindex=-1,
        data_deployment=snapshot["deployment"],
        data_version=snapshot["version"],
        data_at=snapshot["at"],
        data_now=instant(now),
        data_page=page.key,
    )


def _zoom() -> Markup:
    buttons = [
        tag("button", shown, type="button", data_zoom=action, aria_label=words)
        for action, shown, words in strings_top.ZOOM
    ]
    return tag("div", buttons, class_="zoom", data_zoom_controls=f"{WIDTH} {HEIGHT}")


def _other_form(
    topology: Topology, snapshot: Mapping[str, Any], now: datetime
) -> Markup:
    """The list of the 31, kept aside for narrow screens and for who prefers it."""
    switch = tag("button", strings_top.AS_LIST, type="button", data_switch=True)
    shown = listing(topology, snapshot, now, order="status")
    aside = tag("template", shown, data_other_form=True)
    return join((aside, tag("p", switch, class_="switch")))


def _words(topology: Topology) -> Markup:
    labels = {box.id: box.label for box in topology.boxes}
    counted = [box.id for box in topology.boxes if box.workloads]
    data = strings.for_browser() | {"labels": labels, "counted": counted}
    data |= {"page": strings_top.for_browser(), "table": table_tools.for_browser()}
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    safe = Markup(text.replace("<", "\\u003c"))
    return tag("script", safe, type="application/json", id="gws-words")
