"""Dash's part of every page: the component that watches the choice, and the panel.

Everything else is painted by the server (`layouts.document`) before Dash starts and
kept true by `assets/live.js`, so the picture is live whatever Dash is doing.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts import ids
from layouts.components import LiveMap, Panel

NAME: Final = "Details of the chosen connection or component"


def shell() -> Component:
    """The same tree for every page and every deployment."""
    return html.Div(
        [
            LiveMap(id=ids.LIVE_MAP),
            Panel(id=ids.PANEL, name=NAME),
        ],
        className="dash-part",
    )
