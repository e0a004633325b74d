"""Nothing flickers: how long bad must last, how long good must last, and flapping."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.finding import Finding
from app.domain.limits import DEFAULT
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.verdict import Step, Track, step
from tests.domain.scene import NOW, Scene

BAD = (Status.DEGRADED, Status.FAILING)


def finding(
    status: Status = Status.FAILING, *, hard: bool = False, sampled: bool = False,
    seen: float = 0, rule: str = "r", by: Witness | None = Witness.KUBERNETES,
    enter: float | None = None,
) -> Finding:  # fmt: skip
    at = NOW + timedelta(seconds=seen)
    return Finding(
        rule, by, status, "text", at, hard=hard, sampled=sampled, enter=enter
    )


WELL = finding(Status.OK, rule="well")


def play(*moments: tuple[float, list[Finding]], start: Track | None = None) -> Step:
    """Step through (second, findings) pairs."""
    track, done = start, None
    for second, findings in moments:
        done = step(track, findings, DEFAULT, NOW + timedelta(seconds=second))
        track = done.track
    assert done is not None
    return done


def status(*moments: tuple[float, list[Finding]]) -> Status:
    return play(*moments).track.status


def test_a_hard_fact_colours_at_once() -> None:
    assert status((0, [WELL]), (1, [finding(hard=True)])) is Status.FAILING


def test_soft_evidence_colours_after_ten_seconds_and_not_before() -> None:
    bad = [finding()]
    assert status((0, [WELL]), (1, bad), (10.9, bad)) is Status.OK
    assert status((0, [WELL]), (1, bad), (11, bad)) is Status.FAILING


def test_the_pipeline_is_told_when_soft_evidence_matures() -> None:
    done = play((0, [WELL]), (1, [finding()]))
    assert done.wake_at == (NOW + timedelta(seconds=11),) * 2


def test_evidence_that_goes_away_starts_again() -> None:
    bad = [finding()]
    assert status((0, bad), (9, [WELL]), (10, bad), (19, bad)) is Status.OK


def test_one_sample_alone_never_colours() -> None:
    once = [finding(sampled=True)]
    assert status((0, once), (60, once)) is Status.OK
    again = [finding(sampled=True, seen=15)]
    assert status((0, once), (15, again)) is Status.FAILING


def test_getting_worse_has_its_own_clock() -> None:
    degraded, failing = [finding(Status.DEGRADED)], [finding(Status.FAILING)]
    moments = [(0.0, degraded), (10.0, degraded), (12.0, failing)]
    assert status(*moments) is Status.DEGRADED
    assert status(*moments, (21.9, failing)) is Status.DEGRADED
    assert status(*moments, (22.0, failing)) is Status.FAILING


def test_soft_evidence_is_left_after_a_minute() -> None:
    bad = [finding()]
    begin = [(0.0, bad), (10.0, bad), (11.0, [WELL])]
    assert status(*begin, (70.9, [WELL])) is Status.FAILING
    assert status(*begin, (71.0, [WELL])) is Status.OK


def test_a_hard_fact_is_left_after_five_seconds_when_its_witness_says_well() -> None:
    begin = [(0.0, [finding(hard=True)]), (10.0, [WELL])]
    assert status(*begin, (14.9, [WELL])) is Status.FAILING
    assert status(*begin, (15.0, [WELL])) is Status.OK


def test_a_hard_fact_that_only_vanishes_waits_the_full_minute() -> None:
    other = [finding(Status.OK, by=Witness.PROBE, rule="reach")]
    begin = [(0.0, [finding(hard=True)]), (10.0, other)]
    assert status(*begin, (15.0, other), (69.0, other)) is Status.FAILING
    assert status(*begin, (70.0, other)) is Status.OK


def test_bad_again_while_leaving_begins_the_wait_anew() -> None:
    hard = [finding(hard=True)]
    moments = [(0.0, hard), (1.0, [WELL]), (4.0, hard), (5.0, [WELL])]
    assert status(*moments, (9.9, [WELL])) is Status.FAILING
    assert status(*moments, (10.0, [WELL])) is Status.OK


def test_leaving_failing_for_degraded_keeps_degraded() -> None:
    hard = [finding(hard=True)]
    lesser = [finding(Status.DEGRADED, hard=True, rule="part")]
    assert status((0, hard), (10, [*lesser, WELL]), (15, lesser)) is Status.DEGRADED


def test_silence_is_idle_only_after_its_time() -> None:
    silent = [finding(Status.IDLE, enter=300)]
    assert status((0, silent), (299, silent)) is Status.OK
    assert status((0, silent), (300, silent)) is Status.IDLE
    assert status((0, silent), (300, silent), (301, [WELL])) is Status.OK


def test_five_changes_in_ten_minutes_hold_the_worse_and_count() -> None:
    hard = [finding(hard=True)]
    moments: list[tuple[float, list[Finding]]] = [(0, [WELL])]
    for turn in range(3):
        moments += [
            (20 * turn + 1, hard),
            (20 * turn + 2, [WELL]),
            (20 * turn + 7, [WELL]),
        ]
    held = play(*moments)
    assert (held.track.status, held.track.flapping) == (Status.FAILING, 5)
    later = play((500, [WELL]), start=held.track)
    assert later.track.status is Status.FAILING
    ended = play((601.1, [WELL]), start=later.track)
    assert ended.track.status is Status.OK


def test_losing_sight_is_no_flapping() -> None:
    track: Track | None = None
    for turn in range(12):
        seen = None if turn % 2 else Status.STALE
        track = step(track, [WELL], DEFAULT, NOW + timedelta(seconds=turn), seen).track
    assert track is not None
    assert track.flapping is None


def test_an_override_is_shown_at_once_and_forgets_the_holds() -> None:
    bad = play((0, [finding(hard=True)])).track
    blind = step(bad, [], DEFAULT, NOW + timedelta(seconds=1), Status.STALE).track
    assert blind.status is Status.STALE
    back = step(blind, [WELL], DEFAULT, NOW + timedelta(seconds=2)).track
    assert back.status is Status.OK


def test_since_is_when_the_status_changed(scene: Scene) -> None:
    began = scene.now
    scene.look(after=5)
    scene.crash("redis")
    state = scene.connection(18)
    assert state.since == began + timedelta(seconds=5)
    assert scene.connection(18, after=3).since == state.since
    assert scene.connection(6).since == began


def test_a_colour_that_outlasts_its_cause_says_so(scene: Scene) -> None:
    scene.crash("redis")
    scene.look()
    scene.heal("redis")
    state = scene.connection(18, after=1)
    assert state.status is Status.FAILING
    assert state.reasons[0].text.startswith("better again; shown until it has lasted")
    assert scene.connection(18, after=5).status is Status.OK


def test_a_clock_that_was_set_back_an_hour_holds_nothing_for_an_hour(
    scene: Scene,
) -> None:
    scene.crash("redis")
    scene.look()
    scene.look(after=-3600)
    scene.heal("redis")
    scene.look()
    state = scene.connection(18, after=DEFAULT.leave_hard)
    assert (state.status, state.since) == (Status.OK, scene.now)


def test_flapping_is_given_as_the_reason_for_holding(scene: Scene) -> None:
    for _ in range(3):
        scene.crash("redis")
        scene.look(after=1)
        scene.heal("redis")
        scene.look(after=1)
        scene.look(after=5)
    state = scene.connection(18)
    assert state.flapping == 5
    assert "flapping" in state.reasons[0].text


@pytest.mark.parametrize("level", BAD, ids=str)
def test_maturing_is_never_asked_for_in_the_past(level: Status) -> None:
    sampled = [finding(level, sampled=True)]
    done = play((0, sampled), (60, sampled))
    assert done.wake_at == ()
