"""Many that wait, on few threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest

from collectors.switchboard import FEW, MOST, Idle, Steps, Switchboard

LONG_S = 60.0


class Seen:
    """What those on the switchboard did, and on which threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.told: list[str] = []
        self.threads: set[threading.Thread] = set()

    def note(self, text: str) -> None:
        with self._changed:
            self.told.append(text)
            self.threads.add(threading.current_thread())
            self._changed.notify_all()

    def wait(self, text: str, times: int = 1) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.told.count(text) >= times, 30), (
                self.told
            )


@pytest.fixture
def seen() -> Seen:
    return Seen()


@contextmanager
def running(*each: Steps, most: int = MOST) -> Iterator[Switchboard]:
    board = Switchboard("board", each, most)
    board.start()
    try:
        yield board
    finally:
        board.stop()
        board.join(30)
    assert not [t for t in threading.enumerate() if t.name.startswith("board")]


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_who_waits_goes_on_once_there_is_something_to_read(seen, pipe):
    ear, mouth = pipe

    def listen() -> Steps:
        seen.note("waits")
        for _ in range(2):
            idle = Idle(monotonic() + LONG_S, ear)
            yield idle
            seen.note(f"{idle.readable} {os.read(ear, 1).decode()}")

    with running(listen()):
        seen.wait("waits")
        os.write(mouth, b"a")
        seen.wait("True a")
        os.write(mouth, b"b")
        seen.wait("True b")


def test_who_waits_in_vain_goes_on_when_the_moment_has_come(seen, pipe):
    def listen() -> Steps:
        idle = Idle(monotonic() + 0.01, pipe[0])
        yield idle
        seen.note(f"{idle.readable}")
        yield Idle(monotonic() + 0.01)
        seen.note("later")

    with running(listen()):
        seen.wait("False")
        seen.wait("later")


def test_a_hundred_that_wait_take_no_thread_but_one(seen, pipe):
    def listen() -> Steps:
        yield Idle(monotonic() + LONG_S, None)

    def last() -> Steps:
        seen.note("begun")
        yield Idle(monotonic() + LONG_S)

    with running(*(listen() for _ in range(100)), last(), most=5):
        seen.wait("begun")
        names = [t.name for t in threading.enumerate() if t.name.startswith("board")]
        assert 1 <= len(names) <= 1 + 5


def test_one_that_blocks_or_fails_delays_no_other(seen, caplog):
    free = threading.Event()

    def blocks() -> Steps:
        free.wait(30)
        seen.note("free")
        yield Idle(0.0)

    def fails() -> Steps:
        yield Idle(0.0)
        raise RuntimeError("a bug of ours")

    def well() -> Steps:
        for _ in range(3):
            yield Idle(0.0)
        seen.note("well")

    with running(blocks(), fails(), well()):
        seen.wait("well")
        free.set()
        seen.wait("free")
    assert "a bug of ours" in caplog.text


def test_when_all_threads_are_busy_the_others_wait_for_one(seen):
    free = threading.Event()

    def blocks() -> Steps:
        seen.note("blocks")
        free.wait(30)
        yield Idle(0.0)

    def well() -> Steps:
        seen.note("well")
        yield Idle(0.0)

    with running(*(blocks() for _ in range(3)), well(), most=3):
        seen.wait("blocks", 3)
        assert "well" not in seen.told
        free.set()
        seen.wait("well")
    assert len(seen.threads) <= 3


def test_stopping_lets_all_go_on_at_once(seen, pipe):
    over = threading.Event()

    def listen() -> Steps:
        own = os.dup(pipe[0])
        while not over.is_set():
            seen.note("waits")
            yield Idle(monotonic() + LONG_S, own)
        os.close(own)
        seen.note("ended")

    with running(*(listen() for _ in range(4))) as board:
        seen.wait("waits", 4)
        over.set()
        board.stop()
        seen.wait("ended", 4)


def test_stopping_before_the_start_is_allowed(seen):
    def never() -> Steps:
        seen.note("ran")
        yield Idle(monotonic() + LONG_S)

    board = Switchboard("board", [never()])
    board.stop()
    board.join(1)
    board.start()
    board.join(30)
    assert seen.told == ["ran"]


def test_nobody_on_it_is_the_end_of_it():
    with running():
        pass


def test_more_join_where_those_that_work_come_to_no_end(seen):
    free = threading.Event()

    def blocks() -> Steps:
        seen.note("blocks")
        free.wait(30)
        yield Idle(0.0)

    with running(*(blocks() for _ in range(FEW + 2))):
        seen.wait("blocks", FEW + 2)
        assert len(seen.threads) == FEW + 2
        free.set()
