"""The panel of a past picture: nothing that is about the present is offered there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from layouts.panel_parts import close_button
from layouts.strings_moments import NO_LONGER

PAST: Final = "past"


def as_past(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The same, marked as one that is over."""
    return {**snapshot, PAST: True}


def is_past(snapshot: Mapping[str, Any]) -> bool:
    return bool(snapshot.get(PAST))


def no_longer() -> Component:
    """Instead of the panel of a moment whose picture is gone."""
    return html.Div([close_button(), html.P(NO_LONGER)], key=NO_LONGER)
