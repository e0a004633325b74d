"""The numbers of an hour that is long over, as the panel of a past moment draws them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from app.domain.hour import Point
from app.domain.rollups import MINUTE_S, RAW_S, Answer, Ask, Column
from app.history.hour import Hour
from app.pipeline.lately import Lately
from tests.history.film import NOW, Film

BEGIN = int(NOW.timestamp())


class Kept(Film):
    """The rate of connection 17, in steps of one length."""

    def __init__(self, step_s: int) -> None:
        super().__init__()
        self._step_s = step_s

    def series(self, deployment: str, ask: Ask) -> Answer:
        if ask.step_s != self._step_s:
            return Answer(ask.step_s, None)
        at = np.array([BEGIN, BEGIN + ask.step_s])
        value = np.array([2.0, 3.0])
        column = Column(at, at * 0 + 1, value, value, value, value)
        return Answer(ask.step_s, NOW, {(17, "request_rate"): column})


def rate(hour: Hour) -> list[Point]:
    found = hour.of(17, NOW, NOW + timedelta(hours=1))
    return found.get("request_rate", [])


def test_memory_is_asked_first():
    memory = Lately()
    shown = {"connections": [{"number": 17, "metrics": {"request_rate": 9.0}}]}
    memory.note(shown, NOW)
    assert [one.value for one in rate(Hour("demo", memory, Kept(RAW_S)))] == [9.0]


def test_beyond_memory_every_step_is_told():
    found = rate(Hour("demo", Lately(), Kept(RAW_S)))
    assert found == [
        Point(BEGIN, 2.0),
        Point(BEGIN + 15, 3.0),
    ]


def test_a_minute_stands_for_its_steps():
    found = rate(Hour("demo", Lately(), Kept(MINUTE_S)))
    assert [one.at - BEGIN for one in found] == [0, 15, 30, 45, 60, 75, 90, 105]
    assert [one.value for one in found] == [2.0] * 4 + [3.0] * 4


def test_what_nobody_kept_is_a_gap():
    assert rate(Hour("demo", Lately(), Film())) == []
