"""Marks along a slider, and pictures that come back from what is played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import wire
from app.domain.moments import Moment
from app.domain.replay import MARKS, Mark, marks, played, steps
from tests.domain.scene import Scene

BEGIN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def test_what_turned_is_marked_and_what_did_not_is_not():
    kept = (Moment(after(1), True), Moment(after(2), False), Moment(after(50), True))
    assert marks(kept, BEGIN, after(100)) == (Mark(after(1), 1), Mark(after(50), 1))
    assert marks((Moment(BEGIN, True),), BEGIN, BEGIN) == (Mark(BEGIN, 1),)


@given(st.lists(st.integers(0, 86_400), max_size=200))
def test_marks_count_every_turn_and_are_few(seconds):
    kept = [Moment(after(s), True) for s in sorted(seconds)]
    found = marks(kept, BEGIN, after(86_400))
    assert sum(one.count for one in found) == len(kept)
    assert len(found) <= MARKS + 1
    assert {one.at for one in found} <= {one.at for one in kept}


def test_steps_end_with_the_end():
    step = timedelta(seconds=40)
    assert [*steps(BEGIN, after(100), step)] == [*map(after, (0, 40, 80, 100))]
    assert [*steps(BEGIN, BEGIN, step)] == [BEGIN]


def test_what_is_played_gives_back_every_picture(scene: Scene) -> None:
    calm = wire.encode(scene.look(0.0), scene.topology)
    scene.crash("voicemail")
    bad = wire.encode(scene.look(1.0), scene.topology)
    first, news = played([calm, calm, bad])
    assert first == calm
    assert wire.delta(wire.apply(first, news), bad) is None
    assert [*played([])] == []
