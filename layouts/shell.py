"""Dash's part of every page: the component that watches the choice, the panel, and the
charts.

Everything else is painted by the server (`layouts.document`) before Dash starts and
kept true by `assets/live.js`, so the picture is live whatever Dash is doing.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts import ids
from layouts.components import Charts, LiveMap, Panel
from layouts.strings_panel import for_charts, for_panel

NAME: Final = "Details of the chosen connection or component"


def shell(plotly: str) -> Component:
    """The same tree for every page and every deployment. `plotly`: the address of the
    script that draws charts; nobody who opens none loads it."""
    return html.Div(
        [
            LiveMap(id=ids.LIVE_MAP),
            Panel(id=ids.PANEL, name=NAME, words=for_panel()),
            Charts(id=ids.CHARTS, plotly=plotly, words=for_charts()),
        ],
        className="dash-part",
    )
