"""A real browser on the map, or on a page that polls: when is a status painted?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Playwright, Route, async_playwright

from benchmarks.stage import Stage

HERE: Final = Path(__file__).parent
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LIVE: Final = "live"
POLLING: Final = "polling 1 s"
BAD: Final = ("failing", "degraded")


@dataclass
class Screen:
    """What one page has painted, and who waits for something to be."""

    statuses: dict[int, str] = field(default_factory=dict)
    _waiting: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)

    def seen(self, told: dict[str, Any]) -> None:
        """Called by the page itself, once a change is painted."""
        number, status = told["number"], told["status"]
        self.statuses[number] = status
        waiting = self._waiting.get(number)
        if waiting and not waiting.done() and status in BAD:
            waiting.set_result(told)

    def expect(self, number: int) -> asyncio.Future[dict[str, Any]]:
        """Told when the connection next turns bad. Ask before causing it."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        return future


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            yield browser
        finally:
            await browser.close()


async def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, talking to nobody but us."""
    return await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])


@asynccontextmanager
async def watched(browser: Browser, stage: Stage, kind: str) -> AsyncIterator[Screen]:
    """The page `kind` (`LIVE` or `POLLING`) open, every painted change told."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    screen = Screen()
    await page.expose_function("benchSeen", screen.seen)
    await page.add_init_script(path=HERE / "seen.js")
    await page.route("**/bench-polling", _polling_page(stage))
    path = f"/map/{stage.deployment}" if kind == LIVE else "/bench-polling"
    await page.goto(f"{stage.url}{path}")
    await page.evaluate(ALL_DRAWN)
    try:
        yield screen
    finally:
        await context.close()


def until(condition: str, within_ms: float = 15_000) -> str:
    """JavaScript for `evaluate` that waits until `condition`, which may use `given`.

    Playwright's own `wait_for_function` needs `unsafe-eval`, which our pages forbid.
    """
    return f"""given => new Promise((done, fail) => {{
        const end = performance.now() + {within_ms};
        const look = () => {{
            if ({condition}) done(true);
            else if (performance.now() > end) fail(new Error("not in time"));
            else setTimeout(look, 20);
        }};
        look();
    }})"""


ALL_DRAWN: Final = until(
    "document.querySelectorAll('[data-connection][data-status]').length >= 31"
)
"""Every connection has a status."""


def _polling_page(stage: Stage) -> Any:
    snapshot = f"/api/v1/deployments/{stage.deployment}/snapshot"
    body = (HERE / "polling.html").read_text().replace("SNAPSHOT", snapshot)

    async def fulfil(route: Route) -> None:
        await route.fulfill(body=body, content_type="text/html; charset=utf-8")

    return fulfil
