"""What a hundred deployments on one page cost the server, and a browser to show them.

The web application runs in this process over pictures that are published by hand, all
of them the simulated deployment's; a connection of one of them turns at a time. What is
folded and written is timed apart from the browser, which follows the real stream.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from playwright.sync_api import CDPSession, Page, sync_playwright

from app.bus.fleet import Fleet
from app.bus.memory import MemoryBus
from app.domain import fleet as small
from app.domain.fleet import Member
from app.domain.topology import standard
from app.web.site import Watched
from benchmarks.page import CHROMIUM, FLAGS, until
from benchmarks.served import now, serving
from benchmarks.stage import Json

DEPLOYMENTS: Final = 100
TURNED: Final = 17
WIDE: Final = (1920, 1080)
FORMS: Final = (
    ("compact, 1920x1080", WIDE, "compact"),
    ("large, 1920x1080", WIDE, "large"),
    ("a list, 390x844", (390, 844), "large"),
)
"""What is looked at, on a screen of that size, and how large the cards are to be."""
SCROLLS: Final = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that was measured, so many times, and its unit."""

    what: str
    unit: str
    values: tuple[float, ...]


def measure_fleet(picture: Json, times: int) -> list[Cost]:
    """`picture`: an encoded snapshot in which all is well."""
    return [*_server(picture, times), *_browser(picture, times)]


class Hundred:
    """So many deployments, and the means to turn one of them."""

    def __init__(self, picture: Json) -> None:
        self.names = [f"deployment-{n:03}" for n in range(DEPLOYMENTS)]
        self.bus = MemoryBus("bench")
        self._picture, self._versions = picture, dict.fromkeys(self.names, 0)
        for name in self.names:
            self.publish(name, "ok")

    def publish(self, name: str, status: str) -> None:
        """One connection of a deployment, and with it the whole, is as told."""
        self._versions[name] += 1
        version, at = self._versions[name], now().isoformat()[:23] + "Z"
        rows = [
            row | {"status": status, "since": at} if row["number"] == TURNED else row
            for row in self._picture["connections"]
        ]
        whole = self._picture | {
            "deployment": name,
            "version": version,
            "at": at,
            "status": status,
            "connections": rows,
        }
        self.bus.publish(whole, None if version == 1 else {"version": version})


def _server(picture: Json, times: int) -> Iterator[Cost]:
    """Folding and writing, without a socket."""
    hundred = Hundred(picture)
    members = [(Member(n, n), str) for n in hundred.names]
    fleet = Fleet(members, hundred.bus, now)
    shown = fleet.latest().snapshot
    folds, sizes = [], []
    for count in range(times):
        name = hundred.names[count % DEPLOYMENTS]
        hundred.publish(name, "failing" if count // DEPLOYMENTS % 2 == 0 else "ok")
        began = time.process_time()
        fleet.latest()
        folds.append((time.process_time() - began) * 1000)
        new = fleet.latest().snapshot
        before = {card["id"]: card for card in shown["deployments"]}
        told = [small.news(before[c["id"]], c) for c in new["deployments"]]
        sizes.append(float(_size(small.delta(new, [one for one in told if one]))))
        shown = new
    yield Cost("a change in one: fold and write, server", "ms CPU", tuple(folds))
    yield Cost("a change in one: told to each viewer", "bytes", tuple(sizes))
    yield Cost("the whole fleet", "bytes", (float(_size(shown)),))


def _size(value: Any) -> int:
    return len(orjson.dumps(value))


def _browser(picture: Json, times: int) -> Iterator[Cost]:
    hundred = Hundred(picture)
    watched = [Watched(name, name, standard()) for name in hundred.names]
    with serving(watched, hundred.bus) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        for what, (width, height), size in FORMS:
            context = browser.new_context(viewport={"width": width, "height": height})
            page, asked = context.new_page(), f"{url}fleet?size={size}"
            paints = tuple(_first_paint(page, asked) for _ in range(times + 1))[1:]
            yield Cost(f"first paint: {what}", "ms", paints)
            work = context.new_cdp_session(page)
            work.send("Performance.enable")
            changes = tuple(_change(hundred, page, work, n) for n in range(times))
            yield Cost(f"a change in one, the page's thread: {what}", "ms", changes)
            frames = tuple(page.evaluate(SCROLL, SCROLLS))
            yield Cost(f"a frame while it is scrolled: {what}", "ms", frames)
            context.close()
        browser.close()


def _first_paint(page: Page, address: str) -> float:
    page.goto(address, wait_until="load")
    page.evaluate(
        until("performance.getEntriesByName('first-contentful-paint').length")
    )
    return float(page.evaluate(PAINTED))


def _change(hundred: Hundred, page: Page, work: CDPSession, count: int) -> float:
    """Milliseconds of the page's thread, until a change is painted and has settled."""
    name = hundred.names[-1 - count % DEPLOYMENTS]
    before = _busy_s(work)
    status = "failing" if count // DEPLOYMENTS % 2 == 0 else "degraded"
    hundred.publish(name, status)
    there = f"document.querySelector('[data-card={name}]')?.dataset.status === given"
    page.evaluate(until(there), status)
    page.evaluate(TWO_FRAMES)
    return (_busy_s(work) - before) * 1000


def _busy_s(work: CDPSession) -> float:
    metrics = work.send("Performance.getMetrics")["metrics"]
    found = {one["name"]: one["value"] for one in metrics}
    return float(found["TaskDuration"])


PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
TWO_FRAMES: Final = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)))"""
SCROLL: Final = """async (count) => {
    const main = document.querySelector("main"), took = [];
    const whole = document.scrollingElement;
    const box = main.scrollHeight > main.clientHeight ? main : whole;
    for (let step = 0, at = performance.now(); step < count; step += 1) {
        box.scrollTop = (step + 1) * box.scrollHeight / count;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        took.push(now - at);
        at = now;
    }
    return took;
}"""
