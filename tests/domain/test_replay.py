"""Marks along a slider, and pictures that come back from what is played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import wire
from app.domain.moments import Moment
from app.domain.replay import MARKS, Mark, marks, picked, played
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


def test_one_a_step_is_played_and_every_turn():
    kept = [Moment(after(s), s == 50) for s in (0, 20, 50, 60, 90, 200)]
    found = [*picked(kept, timedelta(minutes=1))]
    assert found == [*map(after, (0, 50, 60, 200))]


def test_what_is_played_gives_back_every_picture(scene: Scene) -> None:
    calm = wire.encode(scene.look(0.0), scene.topology)
    scene.crash("voicemail")
    bad = wire.encode(scene.look(1.0), scene.topology)
    first, news = played([calm, calm, bad])
    assert first == calm
    assert wire.delta(wire.apply(first, news), bad) is None
    assert [*played([])] == []
