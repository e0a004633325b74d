"""What a change costs the browser: our picture, and the same as a Plotly figure.

The page's event stream is in the harness's hand, so that the server takes no part.
Times are Chromium's own (`Performance.getMetrics`), of the main thread, with software
painting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import plotly.graph_objects as go
from playwright.async_api import CDPSession, Page, Route
from plotly.offline import get_plotlyjs

from benchmarks.page import ALL_DRAWN, HERE, a_browser
from benchmarks.stage import Stage
from layouts.geometry import HEIGHT, PLACES, ROUTES, WIDTH

COUNTS: Final = (0, 1, 31)
"""Connections that turn at once. None at all is what asking itself costs."""
PLOTLY: Final = "Plotly figure"
STATUSES: Final = ("failing", "ok")
COLOURS: Final = ("#662214", "#3262a6")
Change = Callable[[Page, int, int], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Painted:
    """Medians, in milliseconds. `task_ms`: all that the main thread did until the
    second frame after the change; `script_ms`: of it in scripts."""

    page: str
    turned: int
    task_ms: float
    script_ms: float


async def measure_painting(stage: Stage, rounds: int) -> list[Painted]:
    async with a_browser() as browser:
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        ours = await context.new_page()
        await ours.add_init_script(path=HERE / "painting.js")
        await ours.goto(f"{stage.url}/map/{stage.deployment}")
        await ours.evaluate(ALL_DRAWN)
        path = f"/api/v1/deployments/{stage.deployment}/snapshot"
        await ours.evaluate("path => benchBegin(path)", path)
        told = [await _costs(ours, "map", n, rounds, _turn) for n in COUNTS]
        await ours.close()
        figure = await context.new_page()
        await figure.add_init_script(path=HERE / "painting.js")
        await figure.route("**/bench-plotly", _figure_page)
        await figure.goto(f"{stage.url}/bench-plotly")
        await figure.evaluate("benchRestyle(0)")
        plotly = [
            await _costs(figure, "Plotly figure", n, rounds, _restyle) for n in COUNTS
        ]
        return told + plotly


async def _turn(page: Page, count: int, turn: int) -> None:
    status = STATUSES[turn % 2]
    await page.evaluate("([n, status]) => benchTurn(n, status)", [count, status])


async def _restyle(page: Page, count: int, turn: int) -> None:
    colour = COLOURS[turn % 2]
    await page.evaluate("([n, colour]) => benchRestyle(n, colour)", [count, colour])


async def _costs(
    page: Page, name: str, count: int, rounds: int, change: Change
) -> Painted:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    spent: list[tuple[float, float]] = []
    for turn in range(rounds + 2):
        before = await _spent(session)
        await change(page, count, turn)
        after = await _spent(session)
        spent.append((after[0] - before[0], after[1] - before[1]))
    await session.detach()
    warm = spent[2:]
    return Painted(
        name,
        count,
        median(task for task, _ in warm) * 1000,
        median(script for _, script in warm) * 1000,
    )


async def _spent(session: CDPSession) -> tuple[float, float]:
    """Seconds of the main thread so far: all, and in scripts."""
    answer = await session.send("Performance.getMetrics")
    told = {one["name"]: one["value"] for one in answer["metrics"]}
    return told["TaskDuration"], told["ScriptDuration"]


async def _figure_page(route: Route) -> None:
    body = (
        f"<!DOCTYPE html><meta charset='utf-8'><script>{get_plotlyjs()}</script>"
        "<div id='map' style='width:1100px;height:620px'></div>"
        f"<script>const f = {as_figure().to_json()};"
        "Plotly.newPlot('map', f.data, f.layout);</script>"
    )
    await route.fulfill(body=body, content_type="text/html; charset=utf-8")


def as_figure() -> go.Figure:
    """The same boxes, lines and badges, as Plotly draws them."""
    figure = go.Figure()
    for number, route in sorted(ROUTES.items()):
        xs, ys = zip(*route.points, strict=True)
        line = {"color": COLOURS[1], "width": 2}
        figure.add_scatter(x=xs, y=ys, mode="lines", line=line, name=str(number))
    for number, route in sorted(ROUTES.items()):
        x, y = route.badge
        figure.add_annotation(
            x=x, y=y, text=f"{number} 12 ms", showarrow=False, bgcolor="#ffffff",
            bordercolor=COLOURS[1],
        )  # fmt: skip
    for place in PLACES.values():
        figure.add_shape(
            type="rect", x0=place.x, y0=place.y, x1=place.x + place.w,
            y1=place.y + place.h,
        )  # fmt: skip
        middle = (place.x + place.w / 2, place.y + place.h / 2)
        figure.add_annotation(
            x=middle[0], y=middle[1], text="<br>".join(place.lines), showarrow=False
        )
    figure.update_xaxes(visible=False, range=[0, WIDTH])
    figure.update_yaxes(visible=False, range=[HEIGHT, 0])
    figure.update_layout(showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure
