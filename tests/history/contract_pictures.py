"""What whoever keeps history must answer about pictures, moments and turns."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.measures import NODE_METRICS
from app.domain.moments import turned
from app.domain.status import Status
from app.history.base import History
from tests.history.contract import MINUTE, NINE, NOON, TEN, Can, Claim
from tests.history.story import EAST, GAP, LOOKS, TURNS, Json, Told, at, story

KEPT = (
    *("number", "id", "label", "source", "status", "since", "metrics"),
    *NODE_METRICS,
)
"""What of a picture's items is no words."""


def turns_have_their_moment(history: History, can: Can) -> None:
    found = history.turns(EAST, at(1), NOON)
    told = {(one.subject, one.at, one.status) for one in found}
    due = {(w, at(look), s) for w, turns in TURNS.items() for look, s in turns}
    assert told == due
    assert [one.at for one in found] == sorted(one.at for one in found)


def turns_are_cut_to_what_is_asked_for(history: History, can: Can) -> None:
    found = history.turns(EAST, at(80), at(81))
    assert {(one.subject, one.status) for one in found} == {
        (12, Status.FAILING),
        (25, Status.FAILING),
        ("redis", Status.FAILING),
    }
    assert history.turns(EAST, at(60), at(79)) == ()
    assert history.turns(EAST, at(GAP.start + 1), at(GAP.stop - 1)) == ()


def newest(moment: datetime) -> Told:
    return [one for one in story() if one.at <= moment][-1]


def a_moment_is_shown_as_it_was(history: History, can: Can) -> None:
    for look in (0, 3.2, 50, 50.9, 51, 80.5, 97, 125, 190, 240, 270, LOOKS + 20):
        moment = at(look)
        found, last = history.picture(EAST, moment), newest(moment)
        assert found is not None
        made = datetime.fromisoformat(found["at"])
        assert made <= moment
        assert last.at - made < MINUTE, "numbers are a minute old at the most"
        same(found, told_at(made), can)
        assert outlines(found) == outlines(last.picture), "and statuses are none"


def told_at(made: datetime) -> Json:
    by_made = {one.picture["at"]: one.picture for one in story()}
    return by_made[f"{made.isoformat(timespec='milliseconds')[:23]}Z"]


def outlines(picture: Json) -> list[tuple[object, str, str]]:
    connections = [
        (c["number"], c["status"], c["since"]) for c in picture["connections"]
    ]
    nodes = [(n["id"], n["status"], n["since"]) for n in picture["nodes"]]
    return [*connections, *nodes]


def same(found: Json, told: Json, can: Can) -> None:
    if can.exact:
        assert found == told
        return
    assert set(found) == set(told)
    assert (found["status"], found["deployment"]) == (
        told["status"],
        told["deployment"],
    )
    for part in ("connections", "nodes"):
        for one, due in zip(found[part], told[part], strict=True):
            assert set(due) <= set(one)
            assert {k: one[k] for k in KEPT if k in due} == {
                k: due[k] for k in KEPT if k in due
            }
            assert bool(one["reasons"]) == bool(due["reasons"])
    for one, due in zip(found["sources"], told["sources"], strict=True):
        assert (one["name"], one["status"]) == (due["name"], due["status"])
        assert one["age_s"] == pytest.approx(due["age_s"], abs=0.5)


def before_the_first_there_is_nothing(history: History, can: Can) -> None:
    assert history.picture(EAST, at(-1)) is None
    assert history.picture(EAST, NINE - timedelta(days=9)) is None
    assert history.moments(EAST, NINE, at(-1)) == ()


def within_a_gap_the_last_one_before_it_is_shown(history: History, can: Can) -> None:
    for moment in (at(GAP.start + 20), at(GAP.stop - 1)):
        found = history.picture(EAST, moment)
        assert found is not None
        made = datetime.fromisoformat(found["at"])
        assert at(GAP.start - 1) - MINUTE < made < at(GAP.start)


def moments_are_those_of_pictures(history: History, can: Can) -> None:
    found = history.moments(EAST, TEN, TEN + 20 * MINUTE)
    ats = [one.at for one in found]
    assert ats == sorted(set(ats))
    made = {one.at: one for one in story()}
    assert set(ats) <= set(made)
    assert TEN <= ats[0] < ats[-1] <= TEN + 20 * MINUTE
    assert max(b - a for a, b in zip(ats, ats[1:], strict=False)) <= 1.5 * MINUTE
    due = {t.at for t in story() if TEN <= t.at <= TEN + 20 * MINUTE and turns(t)}
    assert {one.at for one in found if one.turned} >= due
    for one in found[::7]:
        shown = history.picture(EAST, one.at)
        assert shown is not None
        assert datetime.fromisoformat(shown["at"]) == one.at


def turns(told: Told) -> bool:
    """Whether a connection or a box did in this picture."""
    delta = told.delta
    parts = ("connections", "nodes")
    return bool(
        delta
        and turned(delta)
        and any("status" in item for part in parts for item in delta.get(part, ()))
    )


def pictures_are_told_one_after_another(history: History, can: Can) -> None:
    begin, end, step = TEN, TEN + 20 * MINUTE, timedelta(minutes=5)
    found = [*history.pictures(EAST, begin, end, step, 100)]
    ats = [datetime.fromisoformat(one["at"]) for one in found]
    assert ats == sorted(set(ats))
    due = {t.at for t in story() if begin <= t.at <= end and turns(t)}
    assert due <= set(ats)
    assert 4 <= len(set(ats) - due) <= 8
    for made, one in zip(ats, found, strict=True):
        same(one, told_at(made), can)
    few = [*history.pictures(EAST, begin, end, step, 3)]
    assert few == found[:3]
    assert [*history.pictures("north", begin, end, step, 3)] == []


CLAIMS: tuple[Claim, ...] = (
    turns_have_their_moment,
    turns_are_cut_to_what_is_asked_for,
    a_moment_is_shown_as_it_was,
    before_the_first_there_is_nothing,
    within_a_gap_the_last_one_before_it_is_shown,
    moments_are_those_of_pictures,
    pictures_are_told_one_after_another,
)
