"""Whom a silence accuses, what is usual, who may close its connections, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.calls import Calls, calls
from app.domain.expected import Calendar, Expected
from app.domain.explain import Explanation, explain
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.habits import HOUR, WEEK, Habits, Hour
from app.domain.limits import DEFAULT
from app.domain.loads import Load
from app.domain.reading import Feed
from app.domain.rules_silence import SILENT, lull, silent
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import standard
from tests.domain.calling import IWD, WHY, counts, falls_silent, for_a_while
from tests.domain.scene import NOW, Scene


def test_it_accuses_nobody(office: Scene) -> None:
    falls_silent(office, 330)
    snapshot = office.look()
    assert snapshot.status is Status.DEGRADED
    assert snapshot.suspects == ()
    assert office.node("iwd").status is Status.IDLE


def test_a_box_that_another_fact_accuses_explains_the_silence(office: Scene) -> None:
    falls_silent(office, 330)
    office.crash("iwd")
    (suspect,) = office.look().suspects
    assert (suspect.node, suspect.explains) == ("iwd", (26,))
    assert "silent" not in suspect.text


# -- what is usual ----------------------------------------------------------------------


def usually(scene: Scene, numbers: Iterable[int] = (26,), mean: float = 12.0) -> None:
    """This hour, and those beside it, were busy in three past weeks."""
    hours = [
        Hour(number, NOW + side * HOUR - week * WEEK, mean, 1.0)
        for number in numbers
        for week in (1, 2, 3)
        for side in range(-2, 3)
    ]
    habits = Habits().learnt(hours, scene.now)
    scene.memory = replace(scene.memory, habits=habits)


def test_silence_at_an_hour_that_was_busy_in_past_weeks_degrades(scene: Scene) -> None:
    usually(scene)
    for_a_while(scene, 330, {IWD: 0.0, NodeId("voice"): 5.0})
    state = scene.connection(26)
    assert state.status is Status.DEGRADED
    assert state.reasons[0].text == (
        "silent since 10:00 UTC; in this hour of the past 3 weeks it had 12 requests/s"
    )
    scene.now = NOW - timedelta(seconds=1)
    assert scene.look(), "a clock that was set back forgets no habit"
    assert scene.memory.habits.hours


def test_a_silence_of_all_at_once_may_be_a_holiday_that_nobody_told(
    scene: Scene,
) -> None:
    usually(scene)
    for_a_while(scene, 600, {IWD: 0.0, NodeId("voice"): 0.0})
    assert scene.connection(26).status is Status.IDLE


# -- callers that close their connections -----------------------------------------------

VOICE, REDIS = NodeId("voice"), NodeId("redis")
ROW = next(
    row.number
    for row in standard().connections
    if (row.source, row.destination) == (VOICE, REDIS)
)


def connected(scene: Scene, *, there: bool, requests: float | None = None) -> None:
    target = "10.0.0.1:6379"
    facts = [StoreFact(REDIS, target, "7.0.15", "master", clients=9, most_clients=100)]
    more = [ClientsFact(REDIS, target, VOICE, 4, 1, 60)] if there else []
    for _ in range(2):
        scene.sight_kept()
        scene.hear(Feed("redis", target, 45), *facts, *more)
        if requests is not None:
            counts(scene, ROW, requests)
        scene.look(after=scene.limits.enter + 1)


def test_a_pool_that_is_closed_for_the_night_is_idle(office: Scene) -> None:
    office.now = datetime(2026, 11, 24, 22, tzinfo=UTC)
    office.staff()
    connected(office, there=True)
    connected(office, there=False)
    state = office.connection(ROW)
    assert state.status is Status.IDLE
    assert state.reasons[0].text.endswith("are ready; no traffic is expected now")
    office.now = datetime(2026, 11, 25, 7, 4, 30, tzinfo=UTC)
    office.staff()
    connected(office, there=False)
    assert office.connection(ROW).status is Status.IDLE
    assert office.wake_at <= datetime(2026, 11, 25, 7, 5, tzinfo=UTC)
    office.now = datetime(2026, 11, 25, 7, 5, tzinfo=UTC)
    connected(office, there=False)
    connected(office, there=False)
    assert office.connection(ROW).status is Status.DEGRADED


def test_who_calls_all_the_same_has_lost_its_connections(office: Scene) -> None:
    office.now = datetime(2026, 11, 24, 22, tzinfo=UTC)
    office.staff()
    connected(office, there=True, requests=9.0)
    connected(office, there=False, requests=9.0)
    assert office.connection(ROW).status is Status.DEGRADED


def test_only_a_calendar_excuses_a_caller() -> None:
    usual = Expected("why", None, learned=True)
    assert not lull(usual, (), DEFAULT, NOW)
    assert not lull(None, (), DEFAULT, NOW)
    assert lull(Expected("why", None), (), DEFAULT, NOW)
    assert lull(Expected("why", NOW - timedelta(seconds=299)), (), DEFAULT, NOW)
    assert not lull(Expected("why", NOW - timedelta(seconds=300)), (), DEFAULT, NOW)


def test_what_is_not_quiet_is_not_silent() -> None:
    assert silent(None, Expected("why", NOW), DEFAULT, NOW) is None
    idle = Load(60.0, 0.0, 0.0, None, None, None, None, NOW)
    loads = {26: (idle,)}
    found = calls(standard(), {}, loads, Calls())
    assert silent(found.quiet[26], None, DEFAULT, NOW) is None
    assert silent(found.quiet[26], Expected("why", None), DEFAULT, NOW) is None


# -- why --------------------------------------------------------------------------------


def explained(scene: Scene, number: int = 26) -> Explanation:
    scene.look()
    found = explain(scene.deployment, scene.knowledge, scene.memory, scene.now, number)
    assert found is not None
    return found


def test_what_is_expected_is_told_and_what_a_silence_would_come_to(
    office: Scene,
) -> None:
    counts(office, IWD, 5.0, "pod-0")
    found = explained(office)
    assert found.expected == WHY
    assert found.would_change[-1] == f"degraded after 300 s without a request: {WHY}"
    falls_silent(office, 60)
    assert explained(office).would_change[-1] == (
        f"degraded from 10:05:00 UTC if it stays silent: {WHY}"
    )
    for_a_while(office, 300, {IWD: 0.0})
    found = explained(office)
    (ruling,) = [one for one in found.rulings if one.rule == SILENT]
    assert (ruling.effect, ruling.text) == ("decides", f"silent since 11:00, {WHY}")
    assert found.would_change == (
        f"better 60 s after this no longer holds (traffic): {ruling.text}",
    )


def test_where_nothing_is_expected_that_is_told(office: Scene) -> None:
    office.now = datetime(2026, 11, 24, 22, tzinfo=UTC)
    office.staff()
    found = explained(office)
    assert found.expected == f"no traffic is expected now; {WHY}"
    assert not any("silent" in text for text in found.would_change)
    office.calendar = Calendar()
    assert explained(office).expected is None


def test_a_silence_that_has_no_say_promises_nothing(scene: Scene) -> None:
    usually(scene)
    for_a_while(scene, 600, {IWD: 0.0})
    found = explained(scene)
    assert found.expected.startswith("in this hour")
    assert not any("degraded from" in text for text in found.would_change)
