"""A thousand people looking at one process: what a change takes to each of them, what
the process takes, and what it asks upstream meanwhile. The baseline is one viewer.

A change is timed from the moment at which its picture was made (`at` of the delta) to
its last byte being read by the viewer. A box is broken and mended all the while, so
that there is something to tell beside the numbers that move by themselves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.crowd import watching
from benchmarks.stage import Json, Stage, open_stage, usual_pace
from benchmarks.upstream import Proxies
from benchmarks.usage import cpu_seconds, memory_mb

VIEWERS: Final = (1, 1000)
SETTLE_S: Final = 10.0
BROKEN_S: Final = 5.0
"""How long a box is broken, and then well."""
TARGET: Final = "interaction"


@dataclass(frozen=True, slots=True)
class Load:
    """`cpu` is a share of one core; `delays_ms`: how many deltas took so long."""

    viewers: int
    seconds: float
    deltas: int
    delays_ms: Mapping[int, int]
    cpu: float
    memory_mb: float
    upstream_per_minute: Mapping[str, float]

    def delay_ms(self, share: float) -> int | None:
        """That which so large a share of the deltas did not exceed."""
        return delay_ms(self.delays_ms, share)


def delay_ms(delays_ms: Mapping[int, int], share: float) -> int | None:
    """That which so large a share of them did not exceed; `None`: there are none."""
    left = share * sum(delays_ms.values())
    for ms in sorted(delays_ms):
        left -= delays_ms[ms]
        if left <= 0:
            return ms
    return None


def measure_load(folder: Path, seconds: float) -> list[Load]:
    proxies = Proxies()
    with ExitStack() as stack:

        def edit(config: Json) -> None:
            usual_pace(config)
            proxies.put_between(config, folder, stack)

        stage = stack.enter_context(open_stage(folder, edit))
        return [_measured(stage, proxies, viewers, seconds) for viewers in VIEWERS]


def _measured(stage: Stage, proxies: Proxies, viewers: int, seconds: float) -> Load:
    pid = stage.server.pid
    with watching(stage, viewers) as crowd, troubled(stage):
        time.sleep(SETTLE_S)
        crowd.again()
        before, asked = cpu_seconds(pid), proxies.requests()
        began = time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - began
        cpu, memory = (cpu_seconds(pid) - before) / took, memory_mb(pid)
        per_minute = {
            name: (count - asked[name]) * 60 / took
            for name, count in proxies.requests().items()
        }
    deltas = crowd.seen["deltas"] // viewers
    return Load(viewers, took, deltas, crowd.delays_ms(), cpu, memory, per_minute)


@contextmanager
def troubled(stage: Stage) -> Iterator[None]:
    """A box that is broken, mended, and broken again."""
    over = threading.Event()

    def trouble() -> None:
        while not over.is_set():
            stage.inject("pod_crash", TARGET)
            over.wait(BROKEN_S)
            stage.end_faults()
            over.wait(BROKEN_S)

    thread = threading.Thread(target=trouble)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
