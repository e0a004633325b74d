"""What another process showed is gone on from: no status turns for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import Finding
from app.domain.instants import instant
from app.domain.limits import DEFAULT
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.taken_up import FORGOTTEN, tracks
from app.domain.verdict import LEVELS, step

THEN = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
NOW = THEN + timedelta(minutes=7)


def picture(status: Status) -> dict:
    item = {"status": status.value, "since": instant(THEN)}
    return {
        "connections": [{"number": 17, **item}],
        "nodes": [{"id": "redis", **item}],
    }


def found(status: Status) -> Finding:
    return Finding("errors", Witness.TRAFFIC, status, "many", NOW)


@given(st.sampled_from([one for one in Status if one not in FORGOTTEN]))
def test_everything_stands_as_it_stood_since_it_stood_so(status):
    known = tracks(picture(status))
    assert set(known) == {17, "redis"}
    assert {(one.status, one.since) for one in known.values()} == {(status, THEN)}


@given(st.sampled_from(sorted(FORGOTTEN)))
def test_what_could_not_be_seen_is_looked_at_anew(status):
    assert tracks(picture(status)) == {}


@given(st.sampled_from(LEVELS))
def test_what_was_bad_and_is_stays_so_without_a_hold(status):
    after = step(tracks(picture(status))[17], [found(status)], DEFAULT.of(17), NOW)
    assert (after.track.status, after.track.since) == (status, THEN)


@given(st.sampled_from(LEVELS))
def test_what_was_bad_and_is_not_gets_better_as_slowly_as_ever(status):
    limits = DEFAULT.of(17)
    well = [found(Status.OK)]
    first = step(tracks(picture(status))[17], well, limits, NOW)
    assert first.track.status is status
    later = NOW + timedelta(seconds=limits.leave + 1)
    assert step(first.track, well, limits, later).track.status is Status.OK
