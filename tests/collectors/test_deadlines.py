"""Many time limits, one thread, and only while there are any."""

from __future__ import annotations

import threading

import pytest

from collectors.deadlines import Deadlines

NEVER_S = 3600.0


@pytest.fixture
def deadlines() -> Deadlines:
    return Deadlines()


def watching() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "time limits"]


def test_what_lasts_too_long_is_acted_on(deadlines: Deadlines) -> None:
    over = threading.Event()
    with deadlines.acting_after(0.01, over.set):
        assert over.wait(30)


def test_what_ends_in_time_is_left_in_peace(deadlines: Deadlines) -> None:
    acted, later = threading.Event(), threading.Event()
    with deadlines.acting_after(0.05, acted.set):
        pass
    with deadlines.acting_after(0.1, later.set):
        assert later.wait(30)
    assert not acted.is_set()


def test_a_limit_that_is_sooner_does_not_wait_for_a_later_one(
    deadlines: Deadlines,
) -> None:
    never, soon = threading.Event(), threading.Event()
    with (
        deadlines.acting_after(NEVER_S, never.set),
        deadlines.acting_after(0.01, soon.set),
    ):
        assert soon.wait(30)
    assert not never.is_set()


def test_one_that_fails_does_not_harm_the_others(
    deadlines: Deadlines, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise RuntimeError("a bug of ours")

    over = threading.Event()
    with (
        deadlines.acting_after(0.01, fails),
        deadlines.acting_after(0.02, over.set),
    ):
        assert over.wait(30)
    assert "a bug of ours" in caplog.text


def test_a_thousand_take_one_thread_which_ends_after_the_last(
    deadlines: Deadlines,
) -> None:
    others, over = watching(), threading.Event()
    for _ in range(1000):
        with deadlines.acting_after(0.2, over.set):
            pass
    new = [one for one in watching() if one not in others]
    assert len(new) == 1
    new[0].join(30)
    assert not new[0].is_alive()
    assert not over.is_set()
    with deadlines.acting_after(0.01, over.set):
        assert over.wait(30)
