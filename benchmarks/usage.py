"""What the server costs (CPU, memory), and how long a first look at the map takes."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.crowd import watching
from benchmarks.page import HERE, a_browser, until
from benchmarks.stage import Stage

SETTLE_S: Final = 5.0
TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu` is a share of one core; memory is the resident set."""

    viewers: int
    seconds: float
    cpu: float
    memory_mb: float


def cpu_seconds(pid: int) -> float:
    """User and system time that the process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    """Resident memory of the process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"/proc/{pid}/status has no VmRSS")


def measure_usage(stage: Stage, viewers: int, seconds: float) -> Usage:
    """The server over `seconds`, nothing injected, with `viewers` attached."""
    with watching(stage, viewers):
        time.sleep(SETTLE_S)
        start, before = time.monotonic(), cpu_seconds(stage.server.pid)
        time.sleep(seconds)
        spent = cpu_seconds(stage.server.pid) - before
        took = time.monotonic() - start
        return Usage(viewers, took, spent / took, memory_mb(stage.server.pid))


@dataclass(frozen=True, slots=True)
class ColdLoad:
    """`wire_bytes`: of everything that was loaded whole once Dash had started; the
    event stream, which never ends, is not counted."""

    coloured_ms: float
    wire_bytes: int


async def measure_cold_loads(stage: Stage, count: int) -> list[ColdLoad]:
    """From navigation to the coloured map, each with an empty cache.

    The browser itself is running, as it is on a wall or at a desk.
    """
    loads: list[ColdLoad] = []
    async with a_browser() as browser:
        for _ in range(count + 1):
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            page = await context.new_page()
            sizes: list[int] = []
            session = await context.new_cdp_session(page)
            await session.send("Network.enable")
            session.on(
                "Network.loadingFinished",
                lambda told, sizes=sizes: sizes.append(int(told["encodedDataLength"])),
            )
            await page.add_init_script(path=HERE / "coloured.js")
            await page.goto(f"{stage.url}/map/{stage.deployment}", wait_until="commit")
            await page.evaluate(until("window.benchColoured"))
            coloured = float(await page.evaluate("window.benchColoured"))
            await page.evaluate(until("document.querySelector('#panel')"))
            loads.append(ColdLoad(coloured, sum(sizes)))
            await context.close()
    return loads[1:]  # the first one warms the browser, not the page
