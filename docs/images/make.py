"""Takes the documentation's pictures from a running demo: `make pictures`.

A fault is put into the simulated deployment first, so that the picture shows what the
page is for.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.page import CHROMIUM, FLAGS  # noqa: E402  needs the line above
from benchmarks.stage import Stage, open_stage  # noqa: E402

WIDE: Final = {"width": 1600, "height": 1000}
NARROW: Final = {"width": 390, "height": 844}
BROKEN: Final = "[data-connection='17'][data-status='failing']"


def take(
    browser: Browser, stage: Stage, name: str, theme: str, size: dict[str, int]
) -> None:
    """One picture, with connection 17 chosen where there is room for its panel."""
    context = browser.new_context(viewport=size, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{stage.url}/map/{stage.deployment}")
    page.locator(BROKEN).first.wait_for(state="attached")
    if size is WIDE:
        choose(page)
    page.screenshot(path=HERE / f"{name}.png")
    context.close()


def choose(page: Page) -> None:
    page.locator(BROKEN).first.focus()
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_role("heading").first.wait_for()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, open_stage(Path(folder)) as stage:
        stage.inject("pod_not_ready", "voicemail")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*FLAGS]
            )
            take(browser, stage, "map-dark", "dark", WIDE)
            take(browser, stage, "map-light", "light", WIDE)
            take(browser, stage, "list-narrow", "light", NARROW)
            browser.close()


if __name__ == "__main__":
    main()
