"""What takes long is done in another process, which gives way and never outlives us."""

from __future__ import annotations

import operator
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import Pipe

import pytest

from app.aside import NICE, Aside, Ended, attend


@pytest.fixture
def aside() -> Iterator[Aside]:
    made = Aside()
    yield made
    made.close()


def test_it_is_another_process_that_gives_way_to_this_one(aside: Aside) -> None:
    assert aside.do(operator.add, 2, 3) == 5
    first = aside.do(os.getpid)
    assert first not in (os.getpid(), 0)
    assert aside.do(os.getpid) == first
    assert aside.do(os.nice, 0) == min(19, os.nice(0) + NICE)


def test_what_goes_wrong_there_is_raised_here_with_its_place(aside: Aside) -> None:
    with pytest.raises(ValueError, match="invalid literal") as told:
        aside.do(int, "x")
    assert "Traceback" in told.value.__notes__[0]
    assert aside.do(operator.add, 1, 1) == 2


def test_one_that_dies_is_told_and_another_is_begun(aside: Aside) -> None:
    with pytest.raises(Ended, match=r"exit code 3.*too little memory"):
        aside.do(os._exit, 3)
    assert aside.do(operator.add, 1, 1) == 2


def test_it_ends_when_there_is_nothing_to_do_and_is_begun_anew() -> None:
    aside = Aside(idle_s=0.01)
    first = aside.do(os.getpid)
    deadline = time.monotonic() + 30
    with suppress(ChildProcessError):
        while not os.waitid(os.P_PID, first, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert aside.do(os.getpid) != first
    aside.close()


def test_closing_it_waits_for_nothing() -> None:
    aside, told = Aside(), []

    def work() -> None:
        try:
            aside.do(time.sleep, 600)
        except Ended as exc:
            told.append(exc)

    aside.do(os.getpid)
    thread = threading.Thread(target=work)
    thread.start()
    aside.close()
    thread.join(30)
    assert told and not thread.is_alive()
    with pytest.raises(Ended):
        aside.do(os.getpid)


def test_whoever_attends_leaves_when_nobody_is_there_any_more() -> None:
    ours, theirs = Pipe()
    ours.send((operator.add, (1, 2)))
    ours.send((int, ("x",)))
    thread = threading.Thread(target=attend, args=(theirs, 30))
    thread.start()
    assert ours.recv() == (3, None)
    assert isinstance(ours.recv()[1], ValueError)
    ours.close()
    thread.join(30)
    assert not thread.is_alive()
    theirs.close()
