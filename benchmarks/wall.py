"""A wall that stands for a working day, and a server that is restarted under it.

The page's clock and the server's run so many times faster than the real one; nothing
else is made up: real streams, the real page, the real web application. What is held
against each other is what the page holds at the same place of the story, once early and
once late: after a forced collection, what has grown is a leak.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.async_api import CDPSession, Page

from app.bus.memory import MemoryBus
from app.cli.listening import listen
from app.domain import wire
from app.domain.topology import standard
from app.web.factory import create_app
from app.web.metrics import Exposition
from app.web.server import Server
from app.web.site import Watched
from benchmarks.page import ALL_DRAWN, HERE, a_browser, until
from benchmarks.wall_story import EVERY_S, HOUR_S, pictures

RATE: Final = 60
"""Seconds of the wall in a second of ours."""
DAWN: Final = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
DOWN_S: Final = 4.0
"""How long the server is away each time: longer than the page waits with saying so."""
LIVE: Final = "window.gwsLive.connected && window.gwsLive.snapshot?.version >= given"
WARM: Final = 200
"""Pictures that a page is shown before anything is held against anything: what the
browser makes of a script as it runs (75 kB in the first sixty) is made by then.
"""
TURN_S: Final = 45
"""Each of the two deployments is shown so long, of the wall's time."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds; `streams`: how many the server serves to it."""

    heap_mb: float
    nodes: int
    listeners: int
    streams: int


@dataclass(frozen=True, slots=True)
class Stood:
    """One story: what the page held early in it and at its end, and how long it took to
    be back after each restart, in seconds from when the server listened again."""

    what: str
    early: Held
    late: Held
    back_s: tuple[float, ...] = ()


class House:
    """The web application in a thread, over pictures that the story gives it."""

    def __init__(self, rate: float) -> None:
        self.rate, self.port = rate, 0
        self._began = time.monotonic()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self.bus = MemoryBus("0")

    def now(self) -> datetime:
        passed = (time.monotonic() - self._began) * self.rate
        return DAWN + timedelta(seconds=passed)

    def open(self, epoch: str) -> None:
        self.bus = MemoryBus(epoch)
        watched = [Watched(one, one.title(), standard()) for one in ("east", "west")]
        exposition = Exposition("0.0.0")
        web = create_app(watched, self.bus, self.now, exposition, version="0.0.0")
        listening = listen("127.0.0.1", self.port)
        self.port = listening.getsockname()[1]
        self._server = Server(web.server, self.bus)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}
        )
        self._thread.start()

    def close(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.end()
            self._thread.join()

    def streams(self) -> int:
        return self.bus.viewers("east") + self.bus.viewers("west")

    def tell(self, picture: wire.Json, before: wire.Json | None) -> None:
        delta = None if before is None else wire.delta(before, picture)
        self.bus.publish(picture, delta)


@contextmanager
def a_house(rate: float) -> Iterator[House]:
    house = House(rate)
    house.open("first")
    try:
        yield house
    finally:
        house.close()


@asynccontextmanager
async def on_the_wall(
    house: House, rate: float
) -> AsyncIterator[tuple[Page, CDPSession]]:
    async with a_browser() as browser:
        context = await browser.new_context(viewport={"width": 1920, "height": 1080})
        page = await context.new_page()
        hurry = (HERE / "fast_clock.js").read_text().replace("RATE", str(rate))
        await page.add_init_script(hurry)
        asked = f"?with=west&rotate={TURN_S}s"
        await page.goto(f"http://127.0.0.1:{house.port}/wall/east{asked}")
        await page.evaluate(ALL_DRAWN)
        session = await context.new_cdp_session(page)
        await session.send("Performance.enable")
        yield page, session


async def held(house: House, session: CDPSession) -> Held:
    """Collected twice: what the first time sets free may hold more."""
    for _ in range(2):
        await session.send("HeapProfiler.collectGarbage")
    told = await session.send("Performance.getMetrics")
    known = {one["name"]: one["value"] for one in told["metrics"]}
    return Held(
        known["JSHeapUsedSize"] / 2**20,
        int(known["Nodes"]),
        int(known["JSEventListeners"]),
        house.streams(),
    )


def measure_wall(hours: int, restarts: int) -> list[Stood]:
    return [asyncio.run(_day(hours)), asyncio.run(_restarts(restarts))]


async def _day(hours: int) -> Stood:
    """Pictures come every five seconds; each hour has its outage."""
    with a_house(RATE) as house:
        story = pictures(house.now)
        last = _publish(house, next(story), {})
        async with on_the_wall(house, RATE) as (_, session):
            early = None
            for step, picture in enumerate(story, 1):
                last = _publish(house, picture, last)
                await asyncio.sleep(EVERY_S / RATE)
                # Not the first hour: what is made once has been made by then.
                if early is None and step * EVERY_S >= HOUR_S:
                    early = await held(house, session)
                if step * EVERY_S >= hours * HOUR_S:
                    break
            late = await held(house, session)
            return Stood(f"{hours} h of the wall's time", early or late, late)


async def _restarts(count: int) -> Stood:
    with a_house(1) as house:
        story = pictures(house.now)
        last = _publish(house, next(story), {})
        back, early = [], None
        async with on_the_wall(house, 1) as (page, session):
            for _ in range(WARM):
                last = _publish(house, next(story), last)
                await asyncio.sleep(0.05)
            for turn in range(count):
                await asyncio.to_thread(house.close)
                await page.evaluate(until("!window.gwsLive.connected", 30_000))
                await asyncio.sleep(DOWN_S)
                await asyncio.to_thread(house.open, f"epoch {turn}")
                listened = time.monotonic()
                last = _publish(house, next(story), {})
                version = last["east"]["version"]
                await page.evaluate(until(LIVE, 60_000), version)
                back.append(time.monotonic() - listened)
                early = early or (await _settled(house, session) if turn == 1 else None)
            late = await _settled(house, session)
        return Stood(f"{count} restarts", early or late, late, tuple(back))


async def _settled(house: House, session: CDPSession) -> Held:
    """Once every stream is there again, and what was before is gone."""
    await asyncio.sleep(5)
    return await held(house, session)


def _publish(
    house: House, picture: wire.Json, before: dict[str, wire.Json]
) -> dict[str, wire.Json]:
    """Both deployments show the same, the second one under its own name."""
    told = {one: picture | {"deployment": one} for one in ("east", "west")}
    for one, shown in told.items():
        house.tell(shown, before.get(one))
    return told
