"""What every chart has around its lines: paper, font, and two axes that hold still."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def frame(margin: Json, x: Json, y: Json) -> Json:
    """Plotly's layout. `x` and `y`: what is this chart's own of an axis."""
    return {
        "autosize": True,
        "margin": {"l": 64, "r": 12, **margin},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "--quiet", "size": 12},
        "dragmode": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": "--card",
            "bordercolor": "--edge",
            "font": {"color": "--ink", "size": 12},
        },
        "xaxis": {
            "type": "date",
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showline": True,
            "linecolor": "--edge",
            "ticks": "outside",
            "tickcolor": "--edge",
            "nticks": 7,
            **x,
        },
        "yaxis": {
            "fixedrange": True,
            "gridcolor": "--boundary",
            "zeroline": False,
            "exponentformat": "none",
            "separatethousands": True,
            **y,
        },
    }
