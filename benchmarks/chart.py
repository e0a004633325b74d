"""From the click on Charts to the first chart that is painted, and what it loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Page

from benchmarks.page import ALL_DRAWN, a_browser, until
from benchmarks.stage import Stage

NUMBER: Final = 4
"""A connection of which most is measured."""
READY: Final = until("document.querySelector('#panel [data-charts=all]')")
MEASURED: Final = until("document.querySelector('#panel .spark')", 60_000)
FIRST: Final = """() => new Promise((done) => {
    const begun = performance.now();
    const painted = () => done(performance.now() - begun);
    const look = () => {
        const line = document.querySelector("#charts .plot .scatterlayer .js-line");
        if (!line) requestAnimationFrame(look);
        else requestAnimationFrame(() => requestAnimationFrame(painted));
    };
    document.querySelector("#panel [data-charts=all]").click();
    look();
})"""
LOADED: Final = """() => performance.getEntriesByType("resource")
    .filter(({ name }) => name.includes("plotly") || name.includes("/charts/"))
    .map(({ name, transferSize, decodedBodySize }) => [
        name.includes("plotly") ? "script" : "figures",
        transferSize, decodedBodySize])"""


@dataclass(frozen=True, slots=True)
class FirstChart:
    """`warm`: the script was in the browser's cache. Bytes as sent, and whole."""

    warm: bool
    took_ms: float
    sent: dict[str, int]
    whole: dict[str, int]


async def measure_first_charts(stage: Stage, count: int) -> list[FirstChart]:
    """`count` with an empty cache, and as many with what these left there."""
    found: list[FirstChart] = []
    async with a_browser() as browser:
        for _ in range(count + 1):
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            for warm in (False, True):
                page = await context.new_page()
                found.append(await _first(page, stage, warm))
                await page.close()
            await context.close()
    return found[2:]  # the first two warm the browser and the server


async def _first(page: Page, stage: Stage, warm: bool) -> FirstChart:
    await page.goto(f"{stage.url}/map/{stage.deployment}?c={NUMBER}")
    for condition in (ALL_DRAWN, READY, MEASURED):
        await page.evaluate(condition, None)
    took = float(await page.evaluate(FIRST))
    loaded: list[Any] = await page.evaluate(LOADED)
    return FirstChart(
        warm,
        took,
        {name: int(sent) for name, sent, _ in loaded},
        {name: int(whole) for name, _, whole in loaded},
    )
