"""A hundred deployments are begun a few at a time; none waits for one that is bad."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from app.cli.beginning import AT_ONCE, Beginning
from app.domain.evaluate import Deployment
from app.domain.knowledge import Knowledge, learn
from app.domain.limits import DEFAULT
from app.domain.reading import Feed, Reading
from app.domain.topology import standard
from tests.domain.scene import NOW

MANY = 10


class Begun:
    """Those that were begun so far."""

    def __init__(self) -> None:
        self.all: list[OfOne] = []
        self._changed = threading.Condition()

    def note(self, one: OfOne) -> None:
        with self._changed:
            self.all.append(one)
            self._changed.notify_all()

    def wait(self, number: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.all) >= number, 30)


@dataclass(eq=False)
class OfOne:
    """A pipeline of which only as much is there as is asked for, and its collectors."""

    begun: Begun
    whole: bool = False
    knowledge: Knowledge = field(default_factory=Knowledge)
    deployment: Deployment = Deployment("demo", standard(), DEFAULT)
    collectors: tuple = ()

    @property
    def pipeline(self) -> OfOne:
        return self

    def unheard(self) -> tuple[str, ...]:
        return () if self.whole else ("kubernetes",)

    def hear(self, number: int) -> None:
        feed = Feed("kubernetes", f"feed {number}", 60)
        self.knowledge = learn(self.knowledge, Reading(feed, NOW))

    def start(self) -> None:
        self.begun.note(self)

    def stop(self) -> None:
        self.whole = True

    def join(self, timeout_s: float) -> None:
        pass

    def running(self) -> bool:
        return not self.whole


@pytest.fixture
def begun() -> Begun:
    return Begun()


def many(begun: Begun, *, whole: bool) -> list[OfOne]:
    return [OfOne(begun, whole) for _ in range(MANY)]


def test_who_is_heard_is_waited_for_no_longer(begun: Begun) -> None:
    beginning = Beginning(many(begun, whole=True))
    beginning.start()
    begun.wait(MANY)
    beginning.stop()


def test_only_a_few_list_at_once(begun: Begun) -> None:
    every = many(begun, whole=False)
    beginning = Beginning(every)
    beginning.start()
    begun.wait(AT_ONCE)
    over = threading.Event()
    talking = threading.Thread(target=_keep_talking, args=(every, over))
    talking.start()
    try:
        over.wait(0.2)
        assert len(begun.all) == AT_ONCE
        every[1].whole = True
        begun.wait(AT_ONCE + 1)
    finally:
        over.set()
        talking.join(30)
        beginning.stop()


def _keep_talking(every: list[OfOne], over: threading.Event) -> None:
    number = 0
    while not over.wait(0.01):
        number += 1
        for one in every:
            one.hear(number)


def test_who_says_nothing_holds_nobody_up(begun: Begun) -> None:
    beginning = Beginning(many(begun, whole=False))
    beginning.start()
    begun.wait(MANY)
    assert beginning.ended() == []
    beginning.stop()


def test_those_that_wait_are_not_begun_any_more_once_it_ends(begun: Begun) -> None:
    beginning = Beginning(many(begun, whole=False))
    beginning.start()
    begun.wait(AT_ONCE)
    beginning.stop()
    assert len(begun.all) < MANY
