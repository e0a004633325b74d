"""Whether a deployment that hangs, floods, swells or lies delays the others: what a
change of a pod takes to a viewer of a good deployment, with and without a bad one in
the same process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

import requests

from benchmarks.farm import BAD
from benchmarks.farmed import Farmed, farmed
from benchmarks.harvest import Crop, harvest
from benchmarks.hundred import PODS
from benchmarks.usage import cpu_seconds

DEPLOYMENTS: Final = 10
"""The first of them is the bad one."""
SETTLE_S: Final = 10.0
GAP_S: Final = 0.2
WAIT_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Beside:
    """`kind` of the bad one, `None`: all are good. `delays_ms`: from a pod's change
    being sent to its delta being read by a viewer of a good one; `None`: never."""

    kind: str | None
    delays_ms: Sequence[float | None]
    cpu: float


def measure_apart(folder: Path, events: int) -> list[Beside]:
    crop = harvest(folder).grown(PODS)
    return [_beside(folder, crop, kind, events) for kind in (None, *BAD)]


def _beside(folder: Path, crop: Crop, kind: str | None, events: int) -> Beside:
    with farmed(folder, crop, DEPLOYMENTS, kind) as one:
        one.start()
        good = range(1, DEPLOYMENTS)
        with _read(one, [one.ids[number] for number in good]) as heard:
            time.sleep(SETTLE_S)
            pid = one.stage.server.pid
            began, before = time.monotonic(), cpu_seconds(pid)
            delays = [
                _delay(one, heard, good[event % len(good)]) for event in range(events)
            ]
            cpu = (cpu_seconds(pid) - before) / (time.monotonic() - began)
    return Beside(kind, delays, cpu)


Heard = SimpleQueue[tuple[str, float]]


def _delay(one: Farmed, heard: Heard, number: int) -> float | None:
    time.sleep(GAP_S)
    while not heard.empty():
        heard.get()
    sent_at = one.flip(number)
    try:
        while True:
            name, at = heard.get(timeout=WAIT_S)
            if name == one.ids[number] and at >= sent_at:
                return (at - sent_at) * 1000
    except Empty:
        return None


@contextmanager
def _read(one: Farmed, names: Sequence[str]) -> Iterator[Heard]:
    """Every delta of these deployments, with the moment at which it was read."""
    heard: Heard = SimpleQueue()
    with ExitStack() as stack:
        for name in names:
            stream = requests.get(one.stream(name), stream=True, timeout=WAIT_S * 3)
            stack.enter_context(stream)
            Thread(target=_hear, args=(name, stream, heard), daemon=True).start()
        yield heard


def _hear(name: str, stream: requests.Response, heard: Heard) -> None:
    try:
        for line in stream.iter_lines(chunk_size=1):
            if line == b"event: delta":
                heard.put((name, time.time()))
    except (requests.RequestException, AttributeError, ValueError):
        return  # It was closed while we read.
