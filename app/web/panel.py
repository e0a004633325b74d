"""The one callback: the chosen connection or box, explained."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from dash import Dash, Input, Output
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from app.web.past import NotKept, made_at, recalled
from app.web.site import Site, Watched
from app.web.times import moment_of
from layouts import ids
from layouts.pages import locate
from layouts.panel import not_made, panel
from layouts.panel_past import as_past, no_longer

log = structlog.get_logger(__name__)


def register(dash: Dash, site: Site) -> None:
    @dash.callback(
        Output(ids.PANEL, "tree"),
        Input(ids.LIVE_MAP, "selected"),
        on_error=say_error,
    )
    async def show_panel(selected: dict[str, Any] | None) -> Component:
        headers = dash.backend.request_adapter().headers
        return await asyncio.to_thread(explained, site, headers, selected)


def explained(site: Site, headers: Any, selected: dict[str, Any] | None) -> Component:
    """The panel for a choice made on the page that the request came from; it may name a
    moment of the past. May block: not for the event loop."""
    found = locate(urlsplit(headers.get("referer", "")).path)
    watched = site.watched.get(found[1]) if found else None
    if watched is None:
        raise PreventUpdate
    if selected and selected.get("at") is not None:
        return _then(watched, selected, site.clock())
    now = site.clock()
    hour = partial(watched.hour, now=now)
    shown = site.picture(watched)
    return panel(watched.topology, shown, selected, now, hour, watched.outside)


def _then(watched: Watched, selected: dict[str, Any], now: datetime) -> Component:
    """As it was at the moment that the choice names."""
    try:
        picture = recalled(watched, moment_of(str(selected["at"])), now)
    except ValueError as exc:
        raise PreventUpdate from exc  # No page of ours asks so.
    except NotKept:
        return no_longer()
    then = made_at(picture)
    hour = partial(watched.hour, now=then)
    shown = as_past(picture)
    return panel(watched.topology, shown, selected, then, hour, watched.outside)


def log_error(exc: Exception) -> None:
    """A callback failed: the page keeps what it shows, the log says why."""
    log.error("bug in a callback", exc_info=exc)


def say_error(exc: Exception) -> Component:
    """Likewise, and the panel says so."""
    log_error(exc)
    return not_made()
