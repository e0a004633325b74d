"""The past of one deployment from two places: each asked for what it knows best."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.filled import filled
from app.domain.moments import Moment
from app.history.recall import Recall
from app.pipeline.moments import Moments
from tests.history.film import Film, at, shot

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def recall(recent: list[int], kept: list[int]) -> Recall:
    """Pictures made so many minutes ago, in memory and in the history."""
    memory, film = Moments("test"), Film()
    for minutes in sorted(recent, reverse=True):
        memory.note(shot(minutes) | {"of": "memory"}, None)
    for minutes in sorted(kept, reverse=True):
        film.note("demo", shot(minutes) | {"of": "history"}, None)
    return Recall("demo", memory, film)


def test_memory_answers_for_what_it_reaches_back_to():
    past = recall([4, 3, 2], [60, 30, 4, 3, 2])
    assert past.at(at(2))["of"] == past.at(at(4))["of"] == "memory"
    assert past.at(at(5)) == filled(shot(30) | {"of": "history"})
    assert past.at(at(61)) is None


def test_the_first_is_the_oldest_of_both():
    assert recall([4], [60, 4]).first() == at(60)
    assert recall([4], []).first() == at(4)
    assert recall([], [9]).first() == at(9)
    assert recall([], []).first() is None


def test_pictures_come_from_both_in_order_and_no_more_than_wanted():
    past, minute = recall([4, 3], [60, 30, 4, 3]), timedelta(minutes=1)

    def made(begin: float, end: float, most: int = 9) -> list[str]:
        return [one["at"] for one in past.pictures(at(begin), at(end), minute, most)]

    assert made(60, 0) == [shot(m)["at"] for m in (60, 30, 4, 3)]
    assert made(60, 0, 3) == [shot(m)["at"] for m in (60, 30, 4)]
    assert made(60, 0, 2) == [shot(m)["at"] for m in (60, 30)]
    assert made(30, 10) == [shot(30)["at"]]
    assert made(4, 4) == [shot(4)["at"]]
    only = recall([], [9]).pictures(at(10), at(0), minute, 9)
    assert [one["of"] for one in only] == ["history"]


def test_moments_are_told_once_and_in_order():
    past = recall([4, 3], [60, 30, 4, 3])
    found = past.between(at(60), at(0))
    assert [one.at for one in found] == [at(60), at(30), at(4), at(3)]
    assert past.between(at(4), at(3)) == (Moment(at(4), True), Moment(at(3), True))
    assert past.between(at(90), at(61)) == ()
    assert recall([], [9]).between(at(10), NOW + timedelta(days=1)) == (
        Moment(at(9), True),
    )
