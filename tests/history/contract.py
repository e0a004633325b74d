"""What whoever keeps history must answer about `tests.history.story`.

Run against SQLite, a real Prometheus and a real VictoriaMetrics. What an engine may do
less well is stated by it as its `Can`; everything else is the same for all. Here:
numbers and seconds; `contract_pictures` has pictures and turns.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pytest

from app.domain.measures import CONNECTION_METRICS, NODE_METRICS
from app.domain.rollups import Answer, Ask
from app.domain.status import Status
from app.domain.subject import Subject
from app.history.base import History
from tests.history.story import (
    EAST,
    GAP,
    LOOK,
    NEVER,
    SILENT,
    TOPOLOGY,
    TURNS,
    WEST,
    WEST_LOOKS,
    Json,
    at,
    looks,
    story,
)

NINE = datetime.fromisoformat("2026-03-10T09:00:00Z")
TEN = NINE + timedelta(hours=1)
NOON = NINE + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
STATUSES = tuple(Status)


@dataclass(frozen=True, slots=True)
class Can:
    """`exact`: a picture comes back as it was shown, with its reasons. `buckets`: of
    the distribution of values. `within_s`: how far seconds in a status may be off for
    each turn; the length of a look where they are counted in looks."""

    exact: bool
    buckets: bool
    within_s: float = 0.0


Claim = Callable[[History, Can], None]


@functools.cache
def measured(deployment: str) -> list[tuple[float, dict[tuple[Subject, str], float]]]:
    """What was measured in each look."""
    return [(told.at.timestamp(), _numbers(told.picture)) for told in story(deployment)]


def _numbers(picture: Json) -> dict[tuple[Subject, str], float]:
    found = {
        (c["number"], m): v
        for c in picture["connections"]
        for m, v in c["metrics"].items()
    }
    found |= {(n["id"], m): n.get(m) for n in picture["nodes"] for m in NODE_METRICS}
    return {key: value for key, value in found.items() if value is not None}


def expected(
    who: Subject, metric: str, ask: Ask, deployment: str = EAST
) -> dict[int, list[float]]:
    """By step: the values of all looks in it, in order."""
    first = -(-ask.begin.timestamp() // ask.step_s) * ask.step_s
    found: dict[int, list[float]] = {}
    for moment, numbers in measured(deployment):
        step = int(moment // ask.step_s * ask.step_s)
        value = numbers.get((who, metric))
        if first <= step < ask.end.timestamp() and value is not None:
            found.setdefault(step, []).append(value)
    return found


def holds(answer: Answer, ask: Ask, deployment: str = EAST, *only: Subject) -> None:
    """Every number that was measured is there, and no other."""
    subjects = only or (*range(1, 32), *(box.id for box in TOPOLOGY.boxes))
    whole = {}
    for who in subjects:
        names = CONNECTION_METRICS if isinstance(who, int) else NODE_METRICS
        for metric in names:
            if not ask.metrics or metric in ask.metrics:
                values = expected(who, metric, ask, deployment)
                whole |= {(who, metric): values} if values else {}
    assert set(answer.columns) == set(whole)
    for key, steps in whole.items():
        column = answer.columns[key]
        assert column.at.tolist() == list(steps), key
        for name, told in {
            "count": [len(one) for one in steps.values()],
            "sum": [sum(one) for one in steps.values()],
            "min": [min(one) for one in steps.values()],
            "max": [max(one) for one in steps.values()],
            "last": [one[-1] for one in steps.values()],
        }.items():
            same = pytest.approx(told, rel=1e-6, abs=1e-6)
            assert getattr(column, name).tolist() == same, (key, name)


def every_number_of_every_minute_is_told(history: History, can: Can) -> None:
    ask = Ask(TEN, TEN + 20 * MINUTE, 60)
    holds(history.series(EAST, ask), ask)


def every_look_is_a_raw_step(history: History, can: Can) -> None:
    ask = Ask(TEN, TEN + 2 * MINUTE, 15, (12, "redis"))
    holds(history.series(EAST, ask), ask, EAST, 12, "redis")


def long_steps_are_the_sum_of_short_ones(history: History, can: Can) -> None:
    ten = Ask(TEN, TEN + 60 * MINUTE, 600, (12, 7, "postgresql"))
    holds(history.series(EAST, ten), ten, EAST, 12, 7, "postgresql")
    hour = Ask(TEN, TEN + 60 * MINUTE, 3600, (4, 12), ("request_rate", "saturation"))
    holds(history.series(EAST, hour), hour, EAST, 4, 12)


def what_nobody_measured_is_missing_and_not_zero(history: History, can: Can) -> None:
    some = ("request_rate", "latency_p95_ms", "ready", "clients")
    answer = history.series(EAST, Ask(NINE, NOON, 60, (), some))
    there = {who for who, _ in answer.columns}
    assert not NEVER & there
    assert ("clients", "ready") not in answer.columns
    steps = answer.columns[7, "request_rate"].at
    silent = [at(SILENT[4]).timestamp(), at(SILENT[-4]).timestamp()]
    assert not ((steps > silent[0]) & (steps < silent[1])).any()
    gap = [at(GAP.start).timestamp(), at(GAP.stop).timestamp() - 60]
    for column in answer.columns.values():
        assert not ((column.at > gap[0]) & (column.at < gap[1])).any()


def a_step_belongs_to_who_asks_for_its_beginning(history: History, can: Can) -> None:
    ask = Ask(TEN + MINUTE / 2, TEN + 4 * MINUTE + MINUTE / 2, 60, (12,))
    answer = history.series(EAST, ask)
    steps = answer.columns[12, "request_rate"].at - int(TEN.timestamp())
    assert steps.tolist() == [60, 120, 180, 240]
    holds(
        history.series(EAST, ask_until := Ask(TEN, TEN + MINUTE, 60, (12,))),
        ask_until,
        EAST,
        12,
    )


def only_what_is_asked_for_is_told(history: History, can: Can) -> None:
    ask = Ask(TEN, TEN + 5 * MINUTE, 60, (12, "redis"), ("request_rate", "ready"))
    answer = history.series(EAST, ask)
    assert set(answer.columns) == {(12, "request_rate"), ("redis", "ready")}
    assert set(answer.statuses) == {12, "redis"}
    nodes = history.series(EAST, Ask(TEN, TEN + 5 * MINUTE, 60, ("redis",)))
    assert {who for who, _ in nodes.columns} == {"redis"}


def buckets_count_every_value(history: History, can: Can) -> None:
    answer = history.series(EAST, Ask(TEN, TEN + 10 * MINUTE, 60, (12,)))
    column = answer.columns[12, "latency_p95_ms"]
    if not can.buckets:
        assert column.buckets is None
        return
    assert column.buckets is not None
    starts, counts = column.buckets.start, column.buckets.count
    whole = [int(counts[a:b].sum()) for a, b in zip(starts, starts[1:], strict=False)]
    assert whole == column.count.tolist()


def seconds(told: Answer, who: Subject) -> dict[Status, float]:
    """In each status that it was in, over all steps."""
    if who not in told.statuses:
        return {}
    sums = told.statuses[who].seconds.sum(axis=0)
    return {s: float(v) for s, v in zip(STATUSES, sums, strict=True) if v}


def spent(who: Subject, begin: datetime, end: datetime) -> dict[Status, float]:
    """What the story says: each look holds until the next one, or that long."""
    found: dict[Status, float] = {}
    turns = [(looks(EAST)[0], Status.OK), *TURNS.get(who, ())]
    for look in looks(EAST):
        since, until = max(begin, at(look)), min(end, at(look + 1))
        status = [held for turn, held in turns if turn <= look][-1]
        if until > since:
            found[status] = found.get(status, 0) + (until - since).total_seconds()
    return found


def seconds_in_each_status_are_counted(history: History, can: Can) -> None:
    for step_s in (60, 600, 3600):
        ask = Ask(TEN, TEN + 60 * MINUTE, step_s, (), ("saturation",))
        answer = history.series(EAST, ask)
        for who in (12, 17, 25, 3, 31, "redis", "iwd", 9, 20):
            told, due = seconds(answer, who), spent(who, TEN, TEN + 60 * MINUTE)
            assert set(told) == set(due), (who, step_s)
            for status, value in due.items():
                # The last look before a gap may hold for as long, or not at all.
                late = LOOK.total_seconds() + 0.01
                off = pytest.approx(value, abs=3 * can.within_s + late)
                assert told[status] == off, (who, status, step_s)


def a_short_outage_is_found_in_an_hour(history: History, can: Can) -> None:
    answer = history.series(EAST, Ask(TEN, TEN + 60 * MINUTE, 3600, (17,)))
    (row,) = answer.statuses[17].seconds
    assert row[STATUSES.index(Status.FAILING)] == pytest.approx(15, abs=0.01)


def no_step_is_longer_than_it_is(history: History, can: Can) -> None:
    for step_s in (15, 60):
        ask = Ask(TEN, TEN + 10 * MINUTE, step_s, (12, "redis"))
        answer = history.series(EAST, ask)
        for one in answer.statuses.values():
            assert (one.seconds.sum(axis=1) <= step_s + 1e-6).all()
            assert len(one.at) == 600 // step_s
            assert (np.diff(one.at) == step_s).all()


def what_nobody_looked_at_is_no_status(history: History, can: Can) -> None:
    begin, end = at(GAP.start + 5), at(GAP.stop - 5)
    answer = history.series(EAST, Ask(begin, end, 60))
    assert not seconds(answer, 12)
    assert not answer.columns


def what_is_kept_has_a_beginning(history: History, can: Can) -> None:
    assert history.first(EAST) == story()[0].at
    assert history.first(WEST) == story(WEST)[0].at
    answer = history.series(EAST, Ask(NINE, NOON, 60, (12,)))
    assert answer.since is not None
    assert timedelta(0) <= story()[0].at - answer.since < MINUTE
    assert answer.whole


def of_what_was_never_seen_nothing_is_told(history: History, can: Can) -> None:
    answer = history.series("north", Ask(TEN, TEN + 5 * MINUTE, 60))
    assert answer.since is None
    assert not answer.columns
    assert not answer.statuses
    assert history.first("north") is None
    assert history.picture("north", NOON) is None
    assert history.moments("north", NINE, NOON) == ()
    assert history.turns("north", NINE, NOON) == ()


def deployments_are_kept_apart(history: History, can: Can) -> None:
    ask = Ask(TEN, TEN + 60 * MINUTE, 600, (12, "redis"))
    holds(history.series(WEST, ask), ask, WEST, 12, "redis")
    last = at(WEST_LOOKS.stop)
    found = history.turns(WEST, at(WEST_LOOKS.start + 1), last)
    assert found == ()


CLAIMS: tuple[Claim, ...] = (
    every_number_of_every_minute_is_told,
    every_look_is_a_raw_step,
    long_steps_are_the_sum_of_short_ones,
    what_nobody_measured_is_missing_and_not_zero,
    a_step_belongs_to_who_asks_for_its_beginning,
    only_what_is_asked_for_is_told,
    buckets_count_every_value,
    seconds_in_each_status_are_counted,
    a_short_outage_is_found_in_an_hour,
    no_step_is_longer_than_it_is,
    what_nobody_looked_at_is_no_status,
    what_is_kept_has_a_beginning,
    of_what_was_never_seen_nothing_is_told,
    deployments_are_kept_apart,
)
