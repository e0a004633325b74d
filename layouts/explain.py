"""Why a connection has its colour: the panel's fold.

What stands in it is asked for when it is opened, and drawn by `assets/explain.js`.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts.components import Explain
from layouts.strings_explain import TITLE


def why(subject: str) -> list[Component]:
    """Closed until somebody wants to know. Boxes have no explanation."""
    if not subject.isdecimal():
        return []
    return [html.Div(Explain(number=int(subject), title=TITLE), key=TITLE)]
