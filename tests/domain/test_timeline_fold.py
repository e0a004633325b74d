"""What turned is told once; a start and a restart invent nothing."""

from __future__ import annotations

from app.domain.incidents import SETTLE
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import AGAIN, TEXT_MOST, What
from tests.domain.film import CONSUL, LANES, NINE, REDIS, TWELVE, Film, reason
from tests.domain.story import DEGRADED, FAILING, OK, STALE, after

NO_DATA = Status.NO_DATA
SETTLED = SETTLE.total_seconds()


def said(film: Film) -> list[tuple[object, ...]]:
    return [(t.lane, t.was, t.status, t.exact) for t in film.news]


def test_the_first_look_finds_every_lane_and_none_of_it_is_news() -> None:
    film = Film().at(0, {NINE: FAILING})
    assert {turn.lane for turn in film.last} == set(LANES)
    assert not any(turn.exact for turn in film.last)
    assert [turn.place for turn in film.last] == [0, 1, 2, 3]
    assert film.news == []


def test_a_turn_says_what_it_was_who_says_so_and_why() -> None:
    film = Film().at(0).at(5).at(9, {NINE: FAILING}, (reason("x" * 400),)).at(12)
    (turn,) = film.news
    assert (turn.at, turn.lane, turn.what) == (after(9), NINE, What.STATUS)
    assert (turn.was, turn.status, turn.exact) == (OK, FAILING, True)
    assert (turn.witness, turn.text) == (Witness.PROBE, "x" * TEXT_MOST)


def test_boxes_and_sources_turn_as_well() -> None:
    film = Film().at(0).at(9, {REDIS: DEGRADED, CONSUL: FAILING}, error="refused")
    assert [(t.lane, t.status, t.witness, t.text) for t in film.news] == [
        (REDIS, DEGRADED, None, ""),
        (CONSUL, FAILING, None, "refused"),
    ]


def test_what_is_not_heard_yet_is_not_told_until_the_picture_is_complete() -> None:
    film = Film().at(0, {NINE: NO_DATA, TWELVE: NO_DATA}).at(5, {NINE: OK})
    assert {t.lane: t.status for t in film.turns}.get(TWELVE) is None
    film.at(SETTLED, {})
    assert [(t.lane, t.status) for t in film.last] == [(TWELVE, NO_DATA)]
    assert film.news == []
    film.at(200, {TWELVE: OK})
    assert said(film) == [(TWELVE, NO_DATA, OK, True)]


def test_after_a_restart_what_is_as_it_was_is_no_news() -> None:
    before = Film().at(0, {NINE: FAILING})
    film = Film(before.left, began=500).at(500, {NINE: FAILING}).at(600)
    assert film.news == []
    assert {turn.was for turn in film.turns} == {OK, FAILING}


def test_what_turned_bad_while_nobody_looked_is_found_then() -> None:
    before = Film().at(0)
    film = Film(before.left, began=500).at(500, {NINE: FAILING})
    assert said(film) == [(NINE, OK, FAILING, False)]


def test_what_was_bad_and_looks_well_is_not_believed_until_the_picture_is_complete() -> (
    None
):
    before = Film().at(0, {NINE: FAILING, TWELVE: DEGRADED})
    film = Film(before.left, began=500).at(500).at(512, {NINE: FAILING})
    assert film.news == []
    film.at(500 + SETTLED)
    assert said(film) == [(TWELVE, DEGRADED, OK, False)]


def test_a_source_that_comes_up_later_has_turned_then() -> None:
    film = Film().at(0)
    states = dict(film.reel.states)
    del states[CONSUL]
    film.reel = film.reel.__class__(
        film.reel.began,
        {lane: OK for lane in LANES if lane != CONSUL},
        film.reel.seen - {CONSUL},
        states,
        film.reel.again_at,
    )
    film.at(20, {CONSUL: FAILING})
    assert said(film) == [(CONSUL, None, FAILING, True)]


def test_losing_sight_is_a_turn_and_so_is_its_return() -> None:
    film = Film().at(0).at(9, {NINE: STALE}).at(30, {NINE: OK})
    assert said(film) == [(NINE, OK, STALE, True), (NINE, STALE, OK, True)]


def test_every_lane_is_told_again_after_a_while_which_is_no_news() -> None:
    often = AGAIN.total_seconds()
    film = Film().at(0).at(often - 1)
    assert film.last == ()
    film.at(often + 5)
    assert {turn.lane for turn in film.last} == set(LANES)
    assert film.news == []
    assert film.at(often + 9).last == ()
    assert film.at(2 * often + 5).last != ()


def test_alerts_are_told_when_they_begin_and_when_they_are_over() -> None:
    alert = reason("alert X (critical)", Witness.ALERTS)
    film = Film().at(0).at(9, {}, (reason(), alert)).at(12, {}, (alert,)).at(20)
    told = [(t.lane, t.what, t.text, t.witness) for t in film.news if t.lane == NINE]
    assert told == [
        (NINE, What.ALERT, "alert X (critical)", Witness.ALERTS),
        (NINE, What.ALERT_OVER, "alert X (critical)", Witness.ALERTS),
    ]


def test_what_is_first_heard_of_a_box_has_not_happened() -> None:
    film = Film().at(0, desired=2).at(4, desired=3)
    assert film.news == []
    film.at(20, desired=4)
    assert [(t.lane, t.what) for t in film.news] == [(REDIS, What.SCALED)]
