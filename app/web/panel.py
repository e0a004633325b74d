"""The one callback: the chosen connection or box, explained."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from dash import Dash, Input, Output
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from app.web.site import Site
from layouts import ids
from layouts.pages import locate
from layouts.panel import not_made, panel

log = structlog.get_logger(__name__)


def register(dash: Dash, site: Site) -> None:
    @dash.callback(
        Output(ids.PANEL, "tree"),
        Input(ids.LIVE_MAP, "selected"),
        on_error=say_error,
    )
    async def show_panel(selected: dict[str, Any] | None) -> Component:
        return explained(site, dash.backend.request_adapter().headers, selected)


def explained(site: Site, headers: Any, selected: dict[str, Any] | None) -> Component:
    """The panel for a choice made on the page that the request came from."""
    found = locate(urlsplit(headers.get("referer", "")).path)
    watched = site.watched.get(found[1]) if found else None
    if watched is None:
        raise PreventUpdate
    now = site.clock()
    hour = partial(watched.hour, now=now)
    shown = site.picture(watched)
    return panel(watched.topology, shown, selected, now, hour, watched.outside)


def log_error(exc: Exception) -> None:
    """A callback failed: the page keeps what it shows, the log says why."""
    log.error("bug in a callback", exc_info=exc)


def say_error(exc: Exception) -> Component:
    """Likewise, and the panel says so."""
    log_error(exc)
    return not_made()
