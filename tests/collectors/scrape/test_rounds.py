"""Schedules: spread, bounded, and nobody waiting for another."""

import threading
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reading import Feed, Reading
from collectors.rounds import Asked, Rounds, next_turn, place


@dataclass(frozen=True)
class Target:
    name: str
    address: int = 0


class Bench:
    """Rounds over targets whose asks do as `ask` says."""

    def __init__(self, heard, clock, ask=None, interval_s=0.2, at_once=4):
        self.targets = []
        self.retired = []
        self.running = 0
        self.most_running = 0
        self.heard = heard
        self.clock = clock
        self._lock = threading.Lock()
        self._looked = threading.Condition()
        self._looks = 0
        self._ask = ask or (lambda target: None)
        self.rounds = Rounds(
            targets=self._look,
            feed=lambda target: Feed("test", target.name, 1),
            ask=self.ask,
            retired=self.retired.append,
            report=heard,
            clock=clock,
            interval_s=interval_s,
            at_once=at_once,
        )

    def _look(self):
        with self._looked:
            self._looks += 1
            self._looked.notify_all()
        return list(self.targets)

    def until_looked(self):
        """Until a list of targets that was made after now has been taken in."""
        with self._looked:
            seen = self._looks
            assert self._looked.wait_for(lambda: self._looks >= seen + 2, 5)

    def ask(self, target):
        with self._lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            again = self._ask(target)
        finally:
            with self._lock:
                self.running -= 1
        return Asked(Reading(Feed("test", target.name, 1), self.clock()), again)


@pytest.fixture
def bench(heard, clock):
    made = []

    def make(targets, **more):
        one = Bench(heard, clock, **more)
        one.targets = [Target(name) for name in targets]
        made.append(one)
        one.rounds.start()
        return one

    yield make
    for one in made:
        one.rounds.stop()
        one.rounds.join(30)


def times(readings, name):
    return sum(r.feed.name == name and not r.retired for r in readings)


def test_a_new_target_is_asked_at_once_and_then_in_its_turns(bench, heard):
    bench(["a"], interval_s=0.5)
    heard.until(lambda got: times(got, "a") >= 4)
    gaps = [b - a for a, b in zip(heard.at[1:], heard.at[2:], strict=False)]
    assert all(0.3 < gap < 1.5 for gap in gaps)


def test_however_many_targets_hang_the_others_keep_their_turns(bench, heard):
    released = threading.Event()

    def hang(target):
        if target.name.startswith("slow"):
            released.wait(1.2)

    names = [*(f"slow-{i}" for i in range(12)), "good"]
    bench(names, ask=hang, interval_s=0.3, at_once=4)
    # Each must have shown once that it is slow; from then on they share two threads.
    seen = heard.until(lambda got: len({r.feed.name for r in got}) == 13, 20) and len(
        heard.readings
    )
    heard.until(lambda got: times(got[seen:], "good") >= 6)
    at = [
        t
        for r, t in zip(heard.readings, heard.at, strict=False)
        if r.feed.name == "good"
    ]
    released.set()
    late = [b - a for a, b in zip(at[-6:], at[-5:], strict=False)]
    assert max(late) < 1.1  # a hanging one takes 1.2 s


def test_no_more_are_asked_at_once_than_allowed_and_none_is_forgotten(bench, heard):
    pause = threading.Event()
    one = bench(
        [f"t{i}" for i in range(20)], ask=lambda _: pause.wait(0.02) or None, at_once=3
    )
    heard.until(lambda got: len({r.feed.name for r in got}) == 20)
    assert one.most_running <= 3


def test_a_target_is_never_asked_twice_at_the_same_time(bench, heard):
    busy, overlaps, pause = Counter(), [], threading.Event()

    def ask(target):
        busy[target.name] += 1
        overlaps.append(busy[target.name])
        pause.wait(0.3)
        busy[target.name] -= 1

    bench(["a"], ask=ask, interval_s=0.05)
    heard.until(lambda got: times(got, "a") >= 3)
    assert set(overlaps) == {1}


def test_a_target_that_is_gone_is_retired_last(bench, heard):
    one = bench(["a", "b"], interval_s=0.1)
    heard.until(lambda got: times(got, "a") and times(got, "b"))
    one.targets = [Target("b")]
    heard.until(lambda got: any(r.retired for r in got))
    before = len(heard.readings)
    heard.until(lambda got: times(got[before:], "b") >= 3)
    of_a = [r for r in heard.readings if r.feed.name == "a"]
    assert [r.retired for r in of_a].count(True) == 1
    assert of_a[-1].retired
    assert one.retired == [Target("a")]


def test_what_comes_after_the_target_is_gone_is_dropped(bench, heard):
    asked, release = threading.Event(), threading.Event()

    def ask(target):
        asked.set()
        release.wait(30)

    one = bench(["a"], ask=ask)
    assert asked.wait(30)
    one.targets = []
    one.until_looked()
    assert not heard.readings
    release.set()
    heard.until(lambda got: bool(got))
    assert [r.retired for r in heard.readings] == [True]


def test_a_pod_that_took_the_name_of_another_is_asked_instead(bench, heard):
    addresses = []
    one = bench(["a"], ask=lambda t: addresses.append(t.address), interval_s=0.1)
    heard.until(lambda got: got)
    one.targets = [Target("a", 2)]
    heard.until(lambda got: 2 in addresses)
    assert not any(r.retired for r in heard.readings)


def test_an_ask_may_want_to_be_repeated_sooner(bench, heard):
    bench(["a"], ask=lambda _: 0.05, interval_s=60)
    heard.until(lambda got: times(got, "a") >= 4, 3)


def test_a_bug_in_one_ask_is_told_and_stops_nobody(bench, heard):
    def ask(target):
        if target.name == "bad":
            raise KeyError("oops")

    bench(["bad", "good"], ask=ask)
    heard.until(lambda got: times(got, "bad") >= 2 and times(got, "good") >= 2)
    troubles = {r.trouble.kind for r in heard.of("bad")}
    assert troubles == {"bug"}
    assert all(r.trouble is None for r in heard.of("good"))


def test_when_the_list_cannot_be_made_the_last_one_stays(bench, heard):
    one = bench(["a"])
    heard.until(lambda got: got)
    one.targets = None
    seen = len(heard.readings)
    heard.until(lambda got: times(got[seen:], "a") >= 8)
    assert not any(r.retired for r in heard.readings)


def test_after_stop_nothing_is_reported(bench, heard):
    asked, release = threading.Event(), threading.Event()

    def ask(target):
        asked.set()
        release.wait(30)

    one = bench(["a"], ask=ask)
    assert asked.wait(30)
    one.rounds.stop()
    release.set()
    one.rounds.join(30)
    assert heard.readings == []
    assert not {"a", "rounds"} & {t.name for t in threading.enumerate()}


NAMES = st.text(min_size=1, max_size=12)


@given(NAMES, st.floats(0, 1e6), st.floats(0.1, 3600))
def test_a_turn_is_a_third_of_an_interval_to_a_whole_third_away(name, now, interval):
    wait = next_turn(name, now, interval) - now
    assert interval / 3 - 1e-6 <= wait <= interval * 4 / 3 + 1e-6


@given(NAMES, st.integers(0, 1000))
def test_a_target_keeps_its_place_in_the_interval(name, turn):
    interval = 15.0
    at = turn * interval + place(name) * interval
    again = next_turn(name, at, interval)
    assert again == pytest.approx(at + interval)


def test_a_hundred_targets_are_spread_over_the_interval():
    tenths = Counter(int(place(f"pod-{i}:48031") * 10) for i in range(100))
    assert len(tenths) == 10
    assert max(tenths.values()) <= 25
