"""The panel: everything known about one connection or one box."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from app.domain.topology import Topology


def panel(
    topology: Topology,
    snapshot: Mapping[str, Any],
    selection: Mapping[str, Any] | None,
    now: datetime,
) -> Component:
    """`selection` is `LiveMap.selected`."""
    return html.Div()
