"""What one judgement of the whole picture costs, from knowledge to what is told.

The collectors watch the simulated deployment in this process until traffic was counted;
then they are stopped, and what is known is judged again and again as of that moment, a
millisecond later each time. The baseline takes nothing over from the judgement before.
Between two judgements there is a pause, as there is in life: other work has the caches
by then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from app.cli.wiring import collectors
from app.config.load import Configuration, load
from app.domain import wire
from app.domain.evaluate import Deployment, Made, Memory, evaluate
from app.domain.facts import PodFact
from app.domain.facts_traffic import TrafficFact
from app.domain.knowledge import Knowledge, learn
from app.domain.reading import Reading
from app.domain.snapshot import Snapshot
from benchmarks.judging_many import Round, rounds
from benchmarks.stage import wait_for

PAUSE_S: Final = 0.05
COUNTED: Final = 20
"""Facts about traffic that must be known: most of the simulated pods speak then."""


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


def measure_judging(config: Path, times: int) -> list[Cost]:
    """`config`: what the simulation wrote for whoever watches it."""
    configuration = load(config, {})
    deployment, known = configuration.deployments[0], _known(configuration)
    moments = _moments(_now())
    changed = _with_a_pod_less(known)
    ways = {
        "everything anew (baseline)": _anew(deployment, known, moments),
        "nothing is new": _after(deployment, known, known, moments),
        "a pod became ready or not": _after(deployment, known, changed, moments),
    }
    return [_timed(what, known, times, judge) for what, judge in ways.items()]


def measure_rounds(config: Path, times: int) -> list[Round]:
    """One deployment, and many; each knows what is known of the simulated one."""
    configuration = load(config, {})
    known = _known(configuration)
    turns = (known, _with_a_pod_less(known))
    moments = _moments(_now())
    deployment = configuration.deployments[0]
    return rounds(deployment, turns, moments, times, lambda: time.sleep(PAUSE_S))


def _known(configuration: Configuration) -> Knowledge:
    """All that the collectors tell until traffic is counted."""
    with _listening(configuration) as listener:
        wait_for("traffic is counted", listener.knows_traffic)
    return listener.knowledge


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


def _with_a_pod_less(known: Knowledge) -> Knowledge:
    """The same, with one pod less that is ready."""
    pod, held = known.of(PodFact)[0]
    lost = replace(held, fact=replace(pod, ready=False))
    return replace(known, held={**known.held, pod.key: lost})


def _moments(start: datetime) -> Iterator[datetime]:
    """All facts stay as fresh as they were when the collectors were stopped."""
    return (start + timedelta(milliseconds=passed) for passed in count())


def _anew(
    deployment: Deployment, known: Knowledge, moments: Iterator[datetime]
) -> Callable[[], None]:
    memory = evaluate(deployment, known, Memory(), next(moments)).memory
    plain = replace(memory, made=Made())

    def judge() -> None:
        outcome = evaluate(deployment, known, plain, next(moments))
        wire.encode(outcome.snapshot, deployment.topology)

    return judge


def _after(
    deployment: Deployment,
    first: Knowledge,
    second: Knowledge,
    moments: Iterator[datetime],
) -> Callable[[], None]:
    """Judge both in turn, each after the other."""
    turns = [second, first]
    memory = evaluate(deployment, first, Memory(), next(moments)).memory
    encoded: tuple[Snapshot, wire.Json] | None = None

    def judge() -> None:
        nonlocal memory, encoded
        outcome = evaluate(deployment, turns[0], memory, next(moments))
        told = wire.encode(outcome.snapshot, deployment.topology, encoded)
        memory, encoded = outcome.memory, (outcome.snapshot, told)
        turns.reverse()

    return judge


def _timed(what: str, known: Knowledge, times: int, judge: Callable[[], None]) -> Cost:
    took = []
    for _ in range(times):
        time.sleep(PAUSE_S)
        began = time.perf_counter()
        judge()
        took.append((time.perf_counter() - began) * 1000)
    return Cost(what, len(known.held), tuple(took))


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
