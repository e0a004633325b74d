"""The pages, and the addresses they stand at: `/<page>/<deployment>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `key` is the first part of its address; `scripts` and `styles` are the
    files of `layouts/assets` that it loads, in order (`theme.js` stands before all)."""

    key: str
    title: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]

    def path(self, deployment: str) -> str:
        """The page's address for one deployment."""
        return f"/{self.key}/{deployment}"

    @property
    def script(self) -> str:
        """Of `/assets`: all its scripts as one."""
        return f"bundle/{self.key}.js"

    @property
    def style(self) -> str:
        """Likewise its styles."""
        return f"bundle/{self.key}.css"

    @property
    def address(self) -> str:
        """Of a page that is about no single deployment."""
        return f"/{self.key}"


LIVE: Final = (
    "whole.js", "figures.js", "times.js", "person.js", "stream.js", "live.js",
    "says.js", "values.js", "paint.js", "keys.js", "page.js", "sources.js",
)  # fmt: skip
"""What a page needs that shows one deployment live."""
TABLE: Final = ("search.js", "order.js", "table.js")
NOTES: Final = ("notes_list.js", "notes.js")
BESIDE: Final = (
    "room.js", "incident.js", "care.js", *NOTES, "maintenance.js", "let_in.js",
)  # fmt: skip
SHARE: Final = ("share_summary.js", "share_picture.js", "share.js", "moment_keys.js")
"""What copies a page, after `frozen.js`, which holds it."""
STYLES: Final = (
    "gws.css", "contrast.css", "tools.css", "keys.css", "table.css", "incident.css",
    "maintenance.css", "notes.css", "let_in.css", "frozen.css", "replay.css",
    "lens.css", "person.css", "charts.css", "explain.css", "panel.css",
)  # fmt: skip

ON_MAP: Final = ("card.js", "zoom.js", "tools.js", "lift.js", "lately.js", "lens.js")
HOLDS: Final = "frozen.js"
"""What a page has that can be frozen."""
REPLAY: Final = ("replay_pictures.js", "replay_track.js", "replay.js")
AT_LAST: Final = (*BESIDE, HOLDS, *SHARE, *REPLAY)

MAP: Final = Page("map", "Map", (*LIVE, *TABLE, *ON_MAP, *AT_LAST), STYLES)
CONNECTIONS: Final = Page(
    "connections", "Connections", (*LIVE, *TABLE, "csv.js", *AT_LAST), STYLES
)
TIMELINE: Final = Page(
    "timeline",
    "Timeline",
    (*LIVE, *BESIDE, "timeline.js", "timeline_brush.js"),
    (*STYLES, "timeline.css"),
)
"""It has a painter of its own: `app.web.timeline_page`."""
CAPACITY: Final = Page(
    "capacity",
    "Capacity",
    (*LIVE, *BESIDE, "capacity.js"),
    (*STYLES, "capacity.css"),
)
"""Likewise: `app.web.capacity_page`."""
PAGES: Final = (MAP, CONNECTIONS, TIMELINE, CAPACITY)
FLEET: Final = Page(
    "fleet",
    "Fleet",
    (
        "figures.js",
        "times.js",
        "person.js",
        "fleet_says.js",
        "stream.js",
        "fleet_live.js",
        "fleet_paint.js",
        "fleet_order.js",
        "keys.js",
        "fleet_keys.js",
        "let_in.js",
    ),
    (
        "gws.css",
        "contrast.css",
        "keys.css",
        "maintenance.css",
        "let_in.css",
        "fleet.css",
        "frozen.css",
        "person.css",
    ),
)
"""Of all deployments; it needs nothing of Dash."""
COMPARE: Final = Page(
    "compare",
    "Compare",
    ("figures.js", "times.js", "compare.js"),
    ("gws.css", "contrast.css", "wall.css", "compare.css"),
)
"""Two moments of one deployment: `app.web.compare`."""

DEBUG: Final = Page(
    "debug",
    "Inside",
    ("figures.js", "times.js"),
    ("gws.css", "contrast.css", "debug.css"),
)
"""How the dashboard itself does: `app.web.debug`."""


def incident_path(deployment: str, incident: str) -> str:
    """Where one incident is told whole."""
    return f"/incident/{quote(deployment)}/{quote(incident)}"


def compared(deployment: str, at: str | None, with_: str | None = None) -> str:
    """Where two moments are compared; without the second one with the present."""
    told = {"at": at, "with": with_}
    asked = urlencode({k: v for k, v in told.items() if v}, safe=":")
    return COMPARE.path(deployment) + (f"?{asked}" if asked else "")


def locate(path: str) -> tuple[Page, str] | None:
    """The page and the deployment that an address names; `None` for another address."""
    parts = path.strip("/").split("/")
    if len(parts) != 2:
        return None
    found = next((page for page in PAGES if page.key == parts[0]), None)
    return None if found is None or not parts[1] else (found, parts[1])
