"""The pages, and the addresses they stand at: `/<page>/<deployment>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


LIVE: Final = (
    "figures.js",
    "live.js",
    "says.js",
    "paint.js",
    "keys.js",
    "page.js",
    "sources.js",
)
"""What a page needs that shows one deployment live."""
TABLE: Final = ("search.js", "order.js", "table.js")
BESIDE: Final = ("incident.js", "maintenance.js")
STYLES: Final = ("gws.css", "keys.css", "table.css", "incident.css", "maintenance.css")

MAP: Final = Page("map", "Map", (*LIVE, *TABLE, "card.js", "zoom.js", *BESIDE), STYLES)
CONNECTIONS: Final = Page(
    "connections", "Connections", (*LIVE, *TABLE, "csv.js", *BESIDE), STYLES
)
PAGES: Final = (MAP, CONNECTIONS)


def locate(path: str) -> tuple[Page, str] | None:
    """The page and the deployment that an address names; `None` for another address."""
    parts = path.strip("/").split("/")
    if len(parts) != 2:
        return None
    found = next((page for page in PAGES if page.key == parts[0]), None)
    return None if found is None or not parts[1] else (found, parts[1])
