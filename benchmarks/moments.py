"""What it costs to keep past pictures: the pipeline's part, the packing, the bytes.

Pictures of the simulated deployment, as the API tells them one after another; the
pipeline notes them, and the packing that a thread does otherwise is done between.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain import wire
from app.pipeline.moments import Moments
from benchmarks.stage import Json, Stage, wait_for


@dataclass(frozen=True, slots=True)
class Keeping:
    """For each picture: milliseconds of noting and of packing, bytes of it then."""

    noted_ms: tuple[float, ...]
    packed_ms: tuple[float, ...]
    sizes: tuple[int, ...]


def measure_keeping(stage: Stage, times: int) -> Keeping:
    moments = Moments("benchmark")
    noted, packed, sizes = [], [], []
    before: Json | None = None
    for picture in _pictures(stage, times):
        delta = None if before is None else wire.delta(before, picture)
        began = time.perf_counter()
        moments.note(picture, delta)
        middle = time.perf_counter()
        size = moments.size()
        packing = time.perf_counter()
        moments.pack()
        packed.append((time.perf_counter() - packing) * 1000)
        noted.append((middle - began) * 1000)
        sizes.append(moments.size() - size)
        before = picture
    return Keeping(tuple(noted), tuple(packed), tuple(sizes))


def _pictures(stage: Stage, times: int) -> Iterator[Json]:
    seen = [stage.snapshot()]
    yield seen[0]
    for _ in range(times - 1):
        wait_for("another picture", lambda: _is_newer(stage, seen))
        yield seen[-1]


def _is_newer(stage: Stage, seen: list[Json]) -> bool:
    found = stage.snapshot()
    newer = bool(found["version"] > seen[-1]["version"])
    if newer:
        seen.append(found)
    return newer
