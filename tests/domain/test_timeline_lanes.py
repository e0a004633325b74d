"""Segments of a lane cover what was asked for, never overlap, and end with the watch."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.status import Status
from app.domain.timeline import Kind, Lane, Told, Turn, Watch, What
from app.domain.timeline_lanes import Span, lanes, order, segments, spans, within
from app.domain.timeline_told import told
from app.domain.timeline_wire import encode
from tests.domain.film import CONSUL, LANES, NINE, REDIS, TWELVE, Film, reason
from tests.domain.story import FAILING, OK, after

OTHERS = [status for status in Status if status is not Status.ABSENT]


def cut(found: object) -> list[tuple[float, float, Status | None]]:
    return [
        (
            (s.begin - after(0)).total_seconds(),
            (s.end - after(0)).total_seconds(),
            s.status,
        )
        for s in found  # type: ignore[attr-defined]
    ]


def test_a_lane_is_what_it_was_from_turn_to_turn() -> None:
    film = (
        Film().at(0).at(10, {NINE: FAILING}, (reason("why"),)).at(30, {NINE: OK}).at(60)
    )
    found = lanes(film.told, after(0), after(60))
    assert cut(found[NINE]) == [(0, 10, OK), (10, 30, FAILING), (30, 60, OK)]
    assert cut(found[TWELVE]) == [(0, 60, OK)]
    assert [s.text for s in found[NINE]] == ["", "why", ""]
    assert [*found] == [NINE, TWELVE, REDIS, CONSUL]


def test_a_part_of_it_begins_with_what_was_before() -> None:
    film = Film().at(0).at(10, {NINE: FAILING}).at(60)
    assert cut(lanes(film.told, after(20), after(40))[NINE]) == [(20, 40, FAILING)]


def test_where_nobody_looked_nothing_is_known() -> None:
    first = Film().at(0).at(10, {NINE: FAILING}).at(20)
    second = Film(first.left, began=50).at(50, {NINE: FAILING}).at(70)
    both = Told((*first.turns, *second.turns), (first.watch, second.watch))
    assert cut(lanes(both, after(-5), after(80))[NINE]) == [
        (-5, 0, None), (0, 10, OK), (10, 20, FAILING), (20, 50, None),
        (50, 70, FAILING), (70, 80, None),
    ]  # fmt: skip


def test_a_turn_outside_of_every_watch_tells_nothing() -> None:
    turns = [Turn(after(5), 0, NINE, status=OK), Turn(after(90), 0, NINE, status=OK)]
    watched = [Span(after(10), after(20))]
    assert cut(segments(turns, watched, after(0), after(99))) == [(0, 99, None)]


def test_only_turns_of_a_status_make_a_lane() -> None:
    turn = Turn(after(5), 0, REDIS, What.RESTART)
    assert lanes(Told((turn,), (Watch(after(0), after(9)),)), after(0), after(9)) == {}


def test_watches_that_overlap_or_touch_are_one_and_a_backward_one_is_none() -> None:
    given_ = [
        Watch(after(a), after(b)) for a, b in ((50, 60), (0, 10), (5, 20), (20, 30))
    ]
    found = spans([*given_, Watch(after(99), after(80))])
    assert found == [Span(after(0), after(30)), Span(after(50), after(60))]
    assert within(found, after(25), after(50)) == [Span(after(25), after(30))]


def test_lanes_stand_in_the_order_of_their_numbers() -> None:
    ten = Lane(Kind.CONNECTION, "10")
    assert sorted([CONSUL, REDIS, ten, NINE], key=order) == [NINE, ten, REDIS, CONSUL]
    assert (ten.number, ten.node, ten.source) == (10, None, None)
    assert (REDIS.number, REDIS.node, REDIS.source) == (None, "redis", None)
    assert (CONSUL.number, CONSUL.node, CONSUL.source) == (None, None, "consul")


steps = st.lists(
    st.tuples(
        st.sampled_from([0.5, 7, 95, 4000, 30_000]),
        st.dictionaries(st.sampled_from(LANES), st.sampled_from(OTHERS), max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=16,
)


@given(steps, st.integers(0, 20), st.integers(1, 200_000))
def test_segments_cover_the_span_and_never_overlap(
    shown: list, begin: int, length: int
) -> None:
    """Whatever turns, however often the dashboard is restarted."""
    film, at, turns, watches, seen = Film(), 0.0, [], [], {}
    for pause, turned, restarted in shown:
        at += pause
        if restarted:
            turns, watches = turns + film.turns, [*watches, film.watch]
            states, film = film.states, Film(film.left, began=at)
            film.states = states
        film.at(at, turned)
        seen[after(at)] = dict(film.states)
    whole = Told((*turns, *film.turns), (*watches, film.watch))
    first, last = after(begin), after(begin + length)
    watched = spans(whole.watches)
    for lane, found in lanes(whole, first, last).items():
        assert (found[0].begin, found[-1].end) == (first, last)
        assert all(a.end == b.begin for a, b in zip(found, found[1:], strict=False))
        assert all(a.status != b.status for a, b in zip(found, found[1:], strict=False))
        assert all(one.begin < one.end for one in found)
        for one in found:
            if one.status is not None:
                assert any(w.begin <= one.begin and one.end <= w.end for w in watched)
                moments = [m for m in seen if one.begin < m < one.end]
                assert all(seen[m][lane] is one.status for m in moments)


@given(steps)
def test_once_the_picture_is_complete_all_that_was_watched_is_known(
    shown: list,
) -> None:
    film, at = Film(), 0.0
    for pause, turned, _ in [*shown, (100, {}, False), (100, {}, False)]:
        at += pause
        film.at(at, turned)
    found = lanes(film.told, after(at - 100), film.now)
    assert set(found) == set(LANES)
    assert all(one.status for lane in found.values() for one in lane)


def test_what_waits_is_told_with_what_is_stored() -> None:
    film = Film().at(0).at(10, {NINE: FAILING}).at(30, {NINE: OK}).at(60)
    every = tuple(film.turns)
    stored = Told(every[:-1], (Watch(after(0), after(15)),))
    found = told(stored, every[-2:], [film.watch], (after(20), after(60)), 50)
    assert found.turns[-1] == every[-1]
    assert [t for t in found.turns if t.lane == NINE][0].status is FAILING
    assert len(found.turns) == len(LANES) + 1
    assert found.watches == (film.watch,)
    assert found.whole_from is None


def test_watches_elsewhere_and_turns_to_come_are_left_out() -> None:
    film = Film().at(0).at(90, {NINE: FAILING})
    other = Watch(after(-90), after(-50))
    found = told(Told(), film.turns, [other], (after(0), after(60)), 50)
    assert found.watches == ()
    assert all(turn.at <= after(60) for turn in found.turns)


def test_of_too_many_the_newest_are_told_and_what_was_before_them() -> None:
    film = Film().at(0)
    for second in range(10, 20):
        film.at(second, {NINE: OK if second % 2 else FAILING})
    found = told(Told(), film.turns, [film.watch], (after(0), after(60)), 3)
    assert found.whole_from == after(17)
    within_ = [turn for turn in found.turns if turn.at >= after(17)]
    assert len(within_) == 3
    assert {turn.lane for turn in found.turns} == set(LANES)


def test_the_api_tells_lanes_turns_and_when_it_was_watched() -> None:
    film = Film().at(0).at(10, {NINE: FAILING}, (reason("why"),)).at(60)
    found = encode(film.told, after(0), after(60))
    assert found["watched"] == [
        {"from": "2026-11-25T12:00:00.000Z", "to": "2026-11-25T12:01:00.000Z"}
    ]
    assert found["lanes"][0]["connection"] == 9
    assert found["lanes"][0]["segments"][1] == {
        "from": "2026-11-25T12:00:10.000Z", "to": "2026-11-25T12:01:00.000Z",
        "status": "failing", "witness": "probe", "text": "why", "exact": True,
    }  # fmt: skip
    (turn,) = found["turns"]
    assert (turn["connection"], turn["was"], turn["what"]) == (9, "ok", "status")
    late = Told(film.told.turns, film.told.watches, whole_from=after(20))
    assert encode(late, after(0), after(60))["turns"] == []
    assert encode(late, after(0), after(60))["lanes"][0]["segments"][0]["from"] == (
        "2026-11-25T12:00:20.000Z"
    )


def test_a_watch_may_go_on_for_long() -> None:
    film = Film().at(0).at(timedelta(days=3).total_seconds())
    assert cut(lanes(film.told, after(3600), after(7200))[NINE]) == [(3600, 7200, OK)]


def test_what_happened_before_is_not_what_a_lane_was() -> None:
    restart = Turn(after(5), 0, REDIS, What.RESTART)
    found = told(Told(), [restart], [], (after(10), after(60)), 50)
    assert found.turns == ()
