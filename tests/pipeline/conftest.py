"""A pipeline at work: a fake bus that remembers, rules that are whatever a test wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from app.domain.evaluate import Deployment, evaluate
from app.domain.facts import CheckFact
from app.domain.limits import DEFAULT
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from app.domain.topology import standard
from app.pipeline.pipeline import Pipeline


class Talk:
    """Readings of one Consul feed."""

    feed = Feed("consul", "checks", max_age_s=30, continuous=True, expects_some=True)

    def check(self, name: str = "c1", status: str = "passing") -> CheckFact:
        return CheckFact(NodeId("redis"), "redis", "redis-1", "n1", name, status)

    def said(self, *facts: CheckFact, complete: bool = True) -> Reading:
        return Reading(self.feed, _now(), facts, complete)

    def troubled(self, text: str = "refused") -> Reading:
        return Reading(self.feed, _now(), trouble=Trouble("unreachable", text))


class RememberingBus:
    """Only what a pipeline asks of a bus."""

    def __init__(self) -> None:
        self.published: list[tuple[dict, dict | None, float]] = []
        self._changed = threading.Condition()

    def publish(self, snapshot: dict, delta: dict | None) -> None:
        with self._changed:
            self.published.append((snapshot, delta, time.perf_counter()))
            self._changed.notify_all()

    def wait(self, wanted: Callable[[dict], bool], seconds: float = 30) -> dict:
        """The first snapshot that is as wanted."""

        def found() -> dict | None:
            return next((s for s, _d, _t in self.published if wanted(s)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, seconds)
            return found()


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def bus() -> RememberingBus:
    return RememberingBus()


@pytest.fixture
def running(bus: RememberingBus) -> Callable:
    deployment = Deployment("demo", standard(), DEFAULT, ("consul",))

    @contextmanager
    def _running(rules: Callable = evaluate, **options) -> Iterator[Pipeline]:
        pipeline = Pipeline(deployment, rules, bus, _now, **options)
        pipeline.start()
        try:
            yield pipeline
        finally:
            pipeline.stop()
            pipeline.join(30)
        assert not pipeline.running()

    return _running
