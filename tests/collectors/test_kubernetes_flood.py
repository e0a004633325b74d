"""A watch that floods us is read, and gives way to others all the while."""

from __future__ import annotations

import time
from itertools import islice

import pytest

from collectors.kubernetes_resources import RESOURCES, Question
from collectors.kubernetes_talk import BURST_S, Talk, Timing
from collectors.switchboard import Idle

PODS = Question("watch", RESOURCES[0], "gws")


class Flood:
    """An access, and a stream on it that has always more to tell."""

    def drained(self, answer: object) -> bool:
        return False

    def read1(self, size: int, *, decode_content: bool) -> bytes:
        return b'{"type": "MODIFIED"}\n' * 10


def work(seconds: float) -> None:
    """Of the processor's time."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@pytest.fixture
def talk() -> Talk:
    """At one moment, in which no share grows."""
    return Talk(Flood(), Timing(), lambda: 0.0)


def test_who_has_news_all_the_time_rests_now_and_then(talk: Talk) -> None:
    lines, idle = 0, None
    for told in talk.lines(Flood(), PODS):
        if isinstance(told, Idle):
            idle = told
            break
        lines += 1
        work(BURST_S / 25)
    assert idle is not None
    assert idle.fd is None, "it is waited for a moment, not for more of it"
    assert lines <= 30


def test_a_burst_is_read_without_a_rest(talk: Talk) -> None:
    told = islice(talk.lines(Flood(), PODS), 100)
    assert not any(isinstance(one, Idle) for one in told)
