"""What one judgement of the whole picture costs, from knowledge to what is told.

The collectors watch the simulated deployment in this process until every source has
spoken twice; then they are stopped, and the same knowledge is judged again and again.
The baseline takes nothing over from the judgement before. Between two judgements there
is a pause, as there is in life: other work has the caches by then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.cli.wiring import collectors
from app.config.load import Configuration, load
from app.domain import wire
from app.domain.evaluate import Deployment, Made, Memory, evaluate
from app.domain.facts import PodFact, TrafficFact
from app.domain.knowledge import Knowledge, learn
from app.domain.reading import Reading
from app.domain.snapshot import Snapshot
from benchmarks.stage import wait_for

PAUSE_S: Final = 0.05
COUNTED: Final = 20
"""Targets whose traffic must be known: most of the simulated pods."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of each judgement of one kind."""

    what: str
    facts: int
    times_ms: tuple[float, ...]


class Listener:
    """Learns what the collectors report."""

    def __init__(self) -> None:
        self.knowledge = Knowledge()
        self._lock = threading.Lock()

    def report(self, reading: Reading) -> None:
        with self._lock:
            self.knowledge = learn(self.knowledge, reading)

    def knows_traffic(self) -> bool:
        return len(self.knowledge.of(TrafficFact)) >= COUNTED


def measure_judging(config: Path, count: int) -> list[Cost]:
    """`config`: what the simulation wrote for whoever watches it."""
    configuration = load(config, {})
    with _listening(configuration) as listener:
        wait_for("traffic is counted", listener.knows_traffic)
    deployment, known = configuration.deployments[0], listener.knowledge
    changed = _without_a_pod(known)
    return [
        _timed("everything anew (baseline)", known, count, _anew(deployment, known)),
        _timed("nothing is new", known, count, _after(deployment, known, known)),
        _timed(
            "a pod became ready or not",
            known,
            count,
            _after(deployment, known, changed),
        ),
    ]


@contextmanager
def _listening(configuration: Configuration) -> Iterator[Listener]:
    listener = Listener()
    asked = collectors(
        configuration.settings.deployments[0],
        configuration.deployments[0],
        lambda: listener.knowledge,
        listener.report,
        _now,
    )
    try:
        for collector in asked:
            collector.start()
        yield listener
    finally:
        for collector in asked:
            collector.stop()
        for collector in asked:
            collector.join(1.0)


def _without_a_pod(known: Knowledge) -> Knowledge:
    """The same, with one pod that is no longer ready."""
    pod, held = known.of(PodFact)[0]
    lost = replace(held, fact=replace(pod, ready=False))
    return replace(known, held={**known.held, pod.key: lost})


def _anew(deployment: Deployment, known: Knowledge) -> Callable[[], None]:
    memory = evaluate(deployment, known, Memory(), _now()).memory
    plain = replace(memory, made=Made())

    def judge() -> None:
        outcome = evaluate(deployment, known, plain, _now())
        wire.encode(outcome.snapshot, deployment.topology)

    return judge


def _after(
    deployment: Deployment, first: Knowledge, second: Knowledge
) -> Callable[[], None]:
    """Judge both in turn, each after the other."""
    turns = [second, first]
    memory = evaluate(deployment, first, Memory(), _now()).memory
    encoded: tuple[Snapshot, wire.Json] | None = None

    def judge() -> None:
        nonlocal memory, encoded
        outcome = evaluate(deployment, turns[0], memory, _now())
        told = wire.encode(outcome.snapshot, deployment.topology, encoded)
        memory, encoded = outcome.memory, (outcome.snapshot, told)
        turns.reverse()

    return judge


def _timed(what: str, known: Knowledge, count: int, judge: Callable[[], None]) -> Cost:
    times = []
    for _ in range(count):
        time.sleep(PAUSE_S)
        began = time.perf_counter()
        judge()
        times.append((time.perf_counter() - began) * 1000)
    return Cost(what, len(known.held), tuple(times))


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
