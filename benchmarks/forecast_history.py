"""Made-up history of a whole deployment, as a store would answer: 31 connections and 23
boxes whose load has a day, a week, growth and noise. The same seed gives the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.rollups import GROWTH, Answer, Ask, Buckets, Column, Floats, Ints
from app.domain.rollups import Statuses as Kept
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.topology import Topology

DAY_S: Final = 86_400
WEEKEND: Final = 0.35
OF_CONNECTION: Final = {
    "request_rate": 80.0, "error_ratio": 0.002, "latency_p95_ms": 120.0,
    "connections_active": 40.0, "saturation": 0.4,
}  # fmt: skip
OF_BOX: Final = {
    "clients": 300.0, "memory": 2.0e9, "cpu": 3.0, "pods_memory": 4.0e9, "users": 900.0,
    "users_most": 450.0, "desired": 3.0,
}  # fmt: skip
CONSTANT: Final = {
    "clients_limit": 1000.0, "memory_limit": 4.0e9, "cpu_limit": 8.0,
    "pods_memory_limit": 8.0e9, "replicas_max": 6.0, "ready": 3.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """`growth`: a day, as a share of the level at the beginning. `noise`: standard
    deviation of a day, as a share. `step`: (day, by how many times)."""

    growth: float = 0.003
    noise: float = 0.02
    step: tuple[int, float] | None = None
    weekly: bool = True


def answer(ask: Ask, topology: Topology, course: Course, seed: int = 1) -> Answer:
    """Every subject with every metric that is asked of its kind."""
    draw = np.random.default_rng(seed)
    at = np.arange(int(ask.begin.timestamp()), int(ask.end.timestamp()), ask.step_s)
    columns: dict[tuple[Subject, str], Column] = {}
    statuses: dict[Subject, Kept] = {}
    subjects: list[Subject] = [one.number for one in topology.connections]
    subjects += [box.id for box in topology.boxes]
    for subject in subjects:
        levels = OF_CONNECTION if isinstance(subject, int) else OF_BOX
        shape = _shape(at, course, draw)
        for name, level in levels.items():
            columns[subject, name] = column(at, level * shape, ask.step_s)
        for name, level in CONSTANT.items() if isinstance(subject, str) else ():
            columns[subject, name] = column(at, np.full(len(at), level), ask.step_s)
        statuses[subject] = _well(at, ask.step_s)
    return Answer(ask.step_s, ask.begin, columns, statuses)


def _shape(at: Ints, course: Course, draw: np.random.Generator) -> Floats:
    """By step, around one."""
    day = (at - at[0]) // DAY_S
    hour = at % DAY_S / 3600
    shape = 0.15 + np.exp(-(((hour - 13) / 4) ** 2))
    if course.weekly:
        shape *= np.where((at // DAY_S + 3) % 7 >= 5, WEEKEND, 1.0)
    days = int(day[-1]) + 1
    noise = 1 + course.noise * draw.standard_normal(days)
    levels = (1 + course.growth * np.arange(days)) * noise
    if course.step is not None:
        levels[course.step[0] :] *= course.step[1]
    within = 1 + 0.05 * draw.standard_normal(len(at))
    return np.asarray(shape * levels[day] * within)


def column(at: Ints, means: Floats, step_s: int) -> Column:
    """Steps of values within a tenth of their mean, in three buckets each."""
    many = step_s // 15
    parts = np.array([0.25, 0.5, 0.25]) * many
    middles = np.maximum(means, 1e-9)[:, None] * np.array([0.95, 1.0, 1.05])
    index = np.floor(np.log(middles) / math.log(GROWTH)).astype(np.int64)
    start = np.arange(len(at) + 1) * 3
    weight = np.tile(parts.astype(np.int64), len(at))
    return Column(
        at=at,
        count=np.full(len(at), many),
        sum=means * many,
        min=means * 0.9,
        max=means * 1.1,
        last=means,
        buckets=Buckets(start, index.ravel(), weight),
    )


def _well(at: Ints, step_s: int) -> Kept:
    seconds = np.zeros((len(at), len(Status)))
    seconds[:, list(Status).index(Status.OK)] = step_s
    return Kept(at, seconds)
