"""What a frame costs while a slider is dragged over a day, in a real browser.

The pictures are those of `benchmarks.past`, fetched before by the page itself; how long
that takes is measured too. A frame is timed from the slider's event until the browser
has painted what follows from it, with software painting.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.fleet import Cost
from benchmarks.page import CHROMIUM, FLAGS, until
from benchmarks.past import NAME, a_day
from benchmarks.stage import Json

SIZES: Final = ((1440, 900), (1920, 1080), (390, 844))
FRAMES: Final = 240
FETCHED: Final = until(
    "window.gwsPictures?.state().all && window.gwsLive.newest", within_ms=120_000
)
SCRUB: Final = """async (frames) => {
    const slider = document.querySelector("[data-replay-slider]"), took = [];
    const [begin, end] = [Number(slider.min), Number(slider.max)];
    const painted = () => new Promise((done) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(null);
    }));
    await painted();
    const shown = new Set();
    for (let n = 0; n < frames; n += 1) {
        // Back and forth over the whole day.
        const place = Math.abs(((2.35 * n) / frames) % 2 - 1);
        await new Promise((done) => setTimeout(done));
        const from = performance.now();
        slider.value = String(begin + (end - begin) * 0.995 * place);
        slider.dispatchEvent(new Event("input"));
        took.push(await painted() - from);
        shown.add(window.gwsLive.snapshot.at);
    }
    return { took, shown: shown.size };
}"""


def measure_scrub(picture: Json, rounds: int) -> list[Cost]:
    """`picture`: an encoded snapshot in which all is well."""
    return [*_browser(picture, rounds)]


def _browser(picture: Json, rounds: int) -> Iterator[Cost]:
    with a_day(picture) as day, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        for width, height in SIZES:
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"{day.url}/map/{NAME}?span=24h")
            page.evaluate(FETCHED)
            yield Cost(
                f"a day is fetched, {width}x{height}",
                "ms",
                ((time.perf_counter() - began) * 1000,),
            )
            frames = tuple(took for _ in range(rounds) for took in _frames(page))
            yield Cost(f"a frame of a day, {width}x{height}", "ms", frames)
            context.close()
        browser.close()


def _frames(page: Page) -> list[float]:
    told = page.evaluate(SCRUB, FRAMES)
    if told["shown"] < FRAMES / 4:
        raise RuntimeError(f"only {told['shown']} pictures were shown")
    return [float(took) for took in told["took"]]
