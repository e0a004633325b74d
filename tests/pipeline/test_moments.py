"""Past pictures in memory: exact where something turned, bounded, and never in the way."""

from __future__ import annotations

import threading
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.instants import instant
from app.pipeline.moments import (
    ALL_BYTES,
    BOUNDS,
    THIN_EVERY,
    TOGETHER,
    Moments,
    bounds_among,
)

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def picture(seconds: float, status: str = "ok", version: int = 1) -> dict:
    return {"at": instant(at(seconds)), "status": status, "version": version}


def quiet(seconds: float) -> dict:
    """A delta in which nothing turned."""
    return {"at": instant(at(seconds)), "connections": [{"number": 1, "metrics": {}}]}


def test_a_moment_is_told_by_the_newest_picture_made_by_then():
    moments = Moments("demo")
    for second in range(3):
        moments.note(picture(second), None)
    assert moments.at(at(1)) == picture(1)
    assert moments.at(at(1.999)) == picture(1)
    assert moments.at(at(2)) == picture(2)
    assert moments.at(at(99)) == picture(2)


def test_before_the_first_there_is_none():
    moments = Moments("demo")
    assert moments.at(at(0)) is None
    assert moments.first() is None
    moments.note(picture(5), None)
    assert moments.at(at(4.999)) is None
    assert moments.first() == at(5)


def test_a_packed_picture_takes_the_memory_that_is_counted_for_it():
    moments = Moments("demo")
    for second in range(20):
        moments.note(picture(second) | {"reasons": ["not ready"] * 5000}, None)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        moments.pack()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken - before < 2 * moments.size() + 20 * 200


def test_packed_or_not_it_is_the_same_picture():
    moments = Moments("demo")
    moments.note(picture(0) | {"label": "Größe – “17”"}, None)
    before = moments.at(at(0))
    moments.pack()
    assert moments.size() > 0
    assert moments.at(at(0)) == before


def test_several_verdicts_within_a_second_are_told_apart():
    moments = Moments("demo")
    seen = [picture(i / 10, s) for i, s in enumerate(["ok", "failing", "ok"] * 3)]
    for one in seen:
        moments.note(one, {"status": one["status"]})
    moments.pack()
    assert [moments.at(at(i / 10)) for i in range(9)] == seen


def test_a_clock_that_was_set_back_makes_no_future():
    moments = Moments("demo")
    for second in (0, 50, 100):
        moments.note(picture(second), None)
    moments.note(picture(60), None)
    assert moments.at(at(200)) == picture(60)
    assert [one.at for one in moments.between(START, at(999))] == [
        at(0),
        at(50),
        at(60),
    ]


def test_what_was_set_back_while_it_was_packed_stays_forgotten():
    moments = Moments("demo")
    moments.note(picture(100), None)
    moments.note(picture(50), None)
    moments.pack()
    assert moments.at(at(100)) == picture(50)


def test_what_is_kept_is_listed_with_what_turned():
    moments = Moments("demo")
    moments.note(picture(0), None)
    moments.note(picture(1), quiet(1))
    moments.note(picture(2, "failing"), {"status": "failing"})
    assert [tuple(one) for one in moments.between(at(0), at(1))] == [
        (at(0), True),
        (at(1), False),
    ]
    assert [tuple(one) for one in moments.between(at(1.5), at(9))] == [(at(2), True)]


def test_one_that_was_asked_for_by_its_moment_outlives_its_neighbours():
    moments = Moments("demo")
    for second in range(40):
        moments.note(picture(second), quiet(second))
    assert moments.at(at(7)) == picture(7)
    assert moments.at(at(8.5)) == picture(8)  # by no moment of its own
    for second in range(600, 600 + THIN_EVERY):
        moments.note(picture(second), quiet(second))
    moments.pack()
    old = [one.at for one in moments.between(at(0), at(40))]
    assert old == [at(0), at(7)]


@given(
    st.lists(
        st.tuples(st.floats(0.01, 400), st.sampled_from(["ok", "failing", "stale"])),
        min_size=1,
        max_size=120,
    ),
    st.integers(0, 40),
)
def test_whenever_it_is_packed_a_moment_has_the_statuses_that_were_shown(told, every):
    moments, shown, now, last = Moments("demo"), [], 0.0, None
    for version, (gap, status) in enumerate(told):
        now = round(now + gap, 3)
        one = picture(now, status, version)
        delta = {"status": status} if status != last else quiet(now)
        moments.note(one, delta if shown else None)
        shown.append((now, one))
        last = status
        if every and version % every == 0:
            moments.pack()
    for second, one in shown:
        assert moments.at(at(second))["status"] == one["status"]
        assert moments.at(at(second))["version"] <= one["version"]


def test_it_stays_within_its_bytes():
    noise = [hex(hash((7, i)) & 0xFFFFFFFF) for i in range(500)]
    bounds = replace(BOUNDS, most_bytes=40_000)
    moments = Moments("demo", bounds)
    for second in range(THIN_EVERY * 8):
        moments.note(picture(second) | {"noise": noise[second:]}, None)
        moments.pack()
    assert moments.size() <= 40_000
    assert moments.at(at(9999)) == picture(second) | {"noise": noise[second:]}
    assert moments.at(at(0)) is None


def test_its_thread_packs_what_is_noted_and_ends_when_it_is_told():
    moments = Moments("demo")
    moments.start()
    for second in range(TOGETHER):
        moments.note(picture(second), None)
    deadline = time.monotonic() + 20
    while not moments.size():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    moments.stop()
    moments.join(20)
    assert moments.at(at(0)) == picture(0)


def test_a_pipeline_keeps_what_it_published(running, bus, talk):
    with running() as pipeline:
        bus.wait(lambda s: s["version"] == 1)
        pipeline.report(talk.said(talk.check()))
        pipeline.report(talk.troubled())
        bus.wait(lambda s: any(x["status"] == "failing" for x in s["sources"]))
    for snapshot, _delta, _t in bus.published:
        moment = datetime.fromisoformat(snapshot["at"])
        assert pipeline.moments.at(moment) == snapshot


def test_many_deployments_share_the_room():
    assert bounds_among(1) == BOUNDS
    assert bounds_among(100).most_bytes * 100 <= ALL_BYTES
