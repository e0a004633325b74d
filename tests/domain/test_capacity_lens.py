"""What fills up first, what more agents would break, and what is drawn of it."""

from __future__ import annotations

import pytest

from app.domain.capacity_terms import Left, Unit
from app.domain.subject import NodeId
from tests.domain.capacity_scene import (
    TOPOLOGY,
    answer,
    choices,
    column,
    daily,
    level,
    reviewed,
)

REDIS = NodeId("redis")
RISING = [100 + 2 * day for day in range(40)]


def test_what_if_there_are_more_agents() -> None:
    columns = level(30, 100, REDIS, "clients") | level(30, 100, REDIS, "memory")
    columns |= level(30, 0.9, 9, "saturation")
    redis = {"id": REDIS, "clients_limit": 200, "memory_limit": 200}
    told = reviewed(answer(columns), choices(30, growth=0.2), [redis]).what_if
    assert [(one.subject, one.limit) for one in told.breaks] == [
        (9, "saturation"),
        (REDIS, "clients"),
    ]
    first, second = told.breaks
    assert (first.near, first.full, second.near, second.full) == (True,) * 2 + (
        False,
    ) * 2
    assert first.share_then == pytest.approx(first.share_now * 1.2)
    assert first.until_full.left is Left.REACHED
    assert told.fixed == ((REDIS, "memory"),)
    assert told.assumes[0] == "+20% agents."


def test_the_first_to_fill_comes_first() -> None:
    at, rising = daily(RISING)
    columns = level(40, 0.9, 9, "saturation") | level(40, 1.2, 12, "saturation")
    columns[REDIS, "clients"] = column(at, rising)
    redis = {"id": REDIS, "clients_limit": 300}
    told = reviewed(answer(columns), choices(40), [redis]).first_to_fill()
    assert [one.subject for one in told] == [12, REDIS, 9]


def test_the_lens() -> None:
    at, rising = daily(RISING)
    columns = level(40, 0.85, 9, "saturation") | level(40, 1.2, 23, "saturation")
    columns |= level(40, 0.3, 1, "saturation") | level(40, 50, 9, "request_rate")
    columns |= level(40, 30, 18, "connections_active")
    columns[REDIS, "clients"] = column(at, rising)
    redis = {"id": REDIS, "clients_limit": 300}
    review = reviewed(answer(columns), choices(40), [redis])
    marks = {mark.number: mark for mark in review.lens.marks}
    assert [*marks] == [one.number for one in TOPOLOGY.connections]
    assert [marks[n].fill for n in (1, 9, 23, 2)] == ["free", "near", "full", "unknown"]
    assert (marks[9].width, marks[9].label, marks[9].of) == (3, "steady", 9)
    assert marks[23].label == "full"
    eighteen = marks[18]
    assert (eighteen.width, eighteen.of, eighteen.load_unit) == (
        3,
        REDIS,
        Unit.CONNECTIONS,
    )
    assert eighteen.label == marks[12].label
    assert "of clients of redis free; until full: in " in eighteen.told
    assert (marks[2].width, marks[2].load, marks[2].free) == (0, None, None)
