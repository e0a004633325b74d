"""Silence where calls must be seen: when it colours, and when it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.expected import Calendar, Span
from app.domain.facts_alerts import Silence, SilenceFact
from app.domain.limits import DEFAULT
from app.domain.reading import Feed
from app.domain.rules_silence import SILENT
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from tests.domain.calling import (
    IWD,
    OFFICE,
    PACE,
    WHY,
    counts,
    falls_silent,
    for_a_while,
)
from tests.domain.scene import NOW, Scene
from tests.examples import dear

pytestmark = pytest.mark.untraced


def test_silence_in_office_hours_degrades_once_it_has_lasted(office: Scene) -> None:
    falls_silent(office, 285)
    assert office.connection(26).status is Status.OK
    counts(office, IWD, 0.0, "pod-0")
    assert office.connection(26, after=14).status is Status.OK
    state = office.connection(26, after=1)
    assert state.status is Status.DEGRADED
    assert state.reasons[0].text == f"silent since 11:00, {WHY}"
    assert state.reasons[0].witness == "traffic"


def test_it_is_woken_at_the_moment_at_which_a_silence_counts(office: Scene) -> None:
    falls_silent(office, 285)
    office.look(after=1)
    assert office.wake_at <= NOW + timedelta(seconds=300)
    waits = [office.wake_at]
    while waits[-1] < NOW + timedelta(seconds=300):
        office.look(after=(waits[-1] - office.now).total_seconds())
        waits.append(office.wake_at)
    assert NOW + timedelta(seconds=300) in waits


def test_it_is_woken_when_the_calendar_turns(office: Scene) -> None:
    office.sources = ()
    office.knowledge = Scene().knowledge
    office.look()
    assert office.wake_at == datetime(2026, 11, 24, 19, tzinfo=UTC)


def test_at_night_it_is_idle(office: Scene) -> None:
    office.now = datetime(2026, 11, 24, 22, tzinfo=UTC)
    office.staff()
    falls_silent(office, 600)
    assert office.connection(26).status is Status.IDLE


def test_on_a_holiday_it_is_idle(office: Scene) -> None:
    office.calendar = replace(OFFICE, holidays=frozenset({date(2026, 11, 24)}))
    falls_silent(office, 600)
    assert office.connection(26).status is Status.IDLE


def test_in_the_morning_there_is_time_for_the_first_call(office: Scene) -> None:
    office.now = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)
    office.staff()
    falls_silent(office, 600 + 285)
    assert office.connection(26).status is Status.IDLE
    for_a_while(office, 15, {IWD: 0.0})
    state = office.connection(26)
    assert state.status is Status.DEGRADED
    assert state.reasons[0].text == f"silent since 07:50, {WHY}"


def test_the_first_call_ends_it(office: Scene) -> None:
    falls_silent(office, 330)
    counts(office, IWD, 1.0, "pod-0")
    state = office.connection(26)
    assert state.status is Status.DEGRADED
    assert "better again" in state.reasons[0].text
    for_a_while(office, int(DEFAULT.leave) + PACE, {IWD: 1.0})
    assert office.connection(26).status is Status.OK


def test_one_sample_alone_is_not_believed(office: Scene) -> None:
    office.limits = replace(DEFAULT, idle_after=10.0)
    counts(office, IWD, 0.0)
    assert office.connection(26, after=5).status is not Status.DEGRADED
    counts(office, IWD, 0.0)
    assert office.connection(26).status is Status.DEGRADED


def test_what_its_own_caller_counts_goes_before_all_that_is_served(
    office: Scene,
) -> None:
    for_a_while(office, 330, {29: 0.0, NodeId("voice"): 9.0})
    assert office.connection(29).status is Status.DEGRADED
    for_a_while(office, 330, {29: 3.0, NodeId("voice"): 0.0})
    assert office.connection(29).status is Status.OK


def test_while_anybody_counts_a_request_it_is_not_silent(office: Scene) -> None:
    for _ in range(24):
        office.sight_kept()
        counts(office, 26, 0.0)
        counts(office, 26, 2.0, by="istio")
        office.look(after=PACE)
    assert office.connection(26).status is not Status.DEGRADED


def test_blindness_is_not_silence(office: Scene) -> None:
    """One of two pods can't be read any more: it may be the one that is called."""
    counts(office, IWD, 5.0, "lost")
    for_a_while(office, 600, {IWD: 0.0})
    assert office.connection(26).status is Status.IDLE


def test_of_a_group_not_every_part_may_be_counted(office: Scene) -> None:
    for_a_while(office, 600, {NodeId("platform-services"): 0.0})
    assert office.connection(2).status is Status.IDLE
    for_a_while(office, 330, {2: 0.0})
    assert office.connection(2).status is Status.DEGRADED


def test_who_counts_no_requests_says_nothing(office: Scene) -> None:
    for _ in range(24):
        office.sight_kept()
        counts(office, IWD, None)
        office.look(after=PACE)
    assert office.connection(26).status is Status.OK


def test_a_source_that_is_down_and_a_silence_of_an_operator_are_stronger(
    office: Scene,
) -> None:
    falls_silent(office, 330)
    caller = office.topology.connection(26).source
    office.crash(caller)
    assert office.connection(26).status is Status.IDLE
    office.heal(caller)
    fact = SilenceFact(26, "s1", Silence("anna", "upgrade", NOW + timedelta(hours=9)))
    office.hear(Feed("alertmanager", "silences", 600), fact)
    assert office.connection(26).status is Status.MAINTENANCE


def test_without_a_calendar_and_without_habits_it_is_idle(scene: Scene) -> None:
    falls_silent(scene, 600)
    assert scene.connection(26).status is Status.IDLE


def test_a_clock_that_was_set_back_makes_no_silence_in_the_future(
    office: Scene,
) -> None:
    falls_silent(office, 60)
    office.now -= timedelta(hours=1)
    for_a_while(office, 330, {IWD: 0.0})
    state = office.connection(26)
    assert state.status is Status.DEGRADED
    assert state.reasons[0].text == f"silent since 10:01, {WHY}"


# -- whatever is heard ------------------------------------------------------------------

said = st.lists(
    st.tuples(
        st.sampled_from([26, 17, IWD, NodeId("voicemail")]),
        st.sampled_from([0.0, 0.0, 0.0, 5.0]),
        st.sampled_from([5, 15, 40, 300]),
    ),
    max_size=16,
)
spans = st.builds(
    Span,
    st.just(frozenset(range(7))),
    st.integers(600, 630),
    st.integers(631, 660),
    st.sampled_from([frozenset(), frozenset({26})]),
)


@dear()
@given(said, spans)
def test_never_silent_outside_of_what_is_expected(
    said: list[tuple[Subject, float, int]], span: Span
) -> None:
    scene = Scene(calendar=Calendar(UTC, (span,)))
    scene.limits = replace(DEFAULT, idle_after=60.0)
    for subject, requests, pause in said:
        counts(scene, subject, requests)
        scene.look(after=pause)
        minute = scene.now.hour * 60 + scene.now.minute
        for number, kept in scene.memory.made.connections.found.items():
            if any(finding.rule == SILENT for finding in kept.made):
                assert span.about(number)
                assert span.begin <= minute < span.end


@dear()
@given(st.permutations([(IWD, 0.0), (26, 0.0), (17, 5.0), (NodeId("voicemail"), 0.0)]))
def test_the_order_in_which_counts_arrive_does_not_matter(
    order: list[tuple[Subject, float]],
) -> None:
    def told(said: list[tuple[Subject, float]]) -> dict[int, str]:
        scene = Scene(calendar=OFFICE, limits=replace(DEFAULT, idle_after=60.0))
        for _ in range(5):
            for subject, requests in said:
                counts(scene, subject, requests, str(subject))
            scene.look(after=PACE)
        return scene.statuses()

    found = told(order)
    assert found == told(order[::-1])
    assert found[26] == "degraded"
