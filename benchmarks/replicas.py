"""A thousand people looking at web replicas over one Redis: what a change takes to each
of them, and what each process takes. The baseline is the same crowd at one replica.

A change is timed from the moment at which the collector made its picture to its last
byte being read by the viewer. A box is broken and mended all the while.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.crowd import streaming
from benchmarks.load import SETTLE_S, delay_ms, troubled
from benchmarks.stage import usual_pace
from benchmarks.usage import cpu_seconds, memory_mb
from tests.replicas.stage import API, Part, Scene, scene

VIEWERS: Final = 1000
REPLICAS: Final = (1, 3)


@dataclass(frozen=True, slots=True)
class Spread:
    """`web` and `collect`: share of one core and MB, of each process; `delays_ms`: how
    many deltas took so long."""

    viewers: int
    seconds: float
    deltas: int
    delays_ms: Mapping[int, int]
    web: Sequence[tuple[float, float]]
    collect: tuple[float, float]

    def delay_ms(self, share: float) -> int | None:
        """That which so large a share of the deltas did not exceed."""
        return delay_ms(self.delays_ms, share)


def measure_replicas(folder: Path, seconds: float) -> list[Spread]:
    found = []
    for replicas in REPLICAS:
        place = folder / str(replicas)
        place.mkdir()
        with scene(place) as one:
            usual_pace(one.config)
            one.begin(collectors=1, webs=replicas)
            found.append(_measured(one, seconds))
    return found


def _measured(one: Scene, seconds: float) -> Spread:
    parts = [*one.of("web"), *one.of("collect")]
    streams = [f"{part.url}{API}/stream" for part in one.of("web")]
    with streaming(streams, VIEWERS) as crowd, troubled(one.simulation):
        time.sleep(SETTLE_S)
        crowd.again()
        before = [_used(part) for part in parts]
        began = time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - began
        *web, collect = [
            ((_used(part) - used) / took, memory_mb(part.process.pid))
            for part, used in zip(parts, before, strict=True)
        ]
    deltas = crowd.seen["deltas"] // VIEWERS
    return Spread(VIEWERS, took, deltas, crowd.delays_ms(), web, collect)


def _used(part: Part) -> float:
    return cpu_seconds(part.process.pid)
