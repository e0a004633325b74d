"""History as a store would answer it, made up: columns of steps with buckets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from app.domain.capacity import Review
from app.domain.capacity_review import ask, review
from app.domain.capacity_terms import Choices
from app.domain.limits import DEFAULT
from app.domain.rollups import GROWTH, ZERO, Answer, Buckets, Column, Floats, Ints
from app.domain.rollups import Statuses as Kept
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.topology import standard

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
TOPOLOGY = standard()


def bucket(value: float) -> int:
    return ZERO if value <= 0 else math.floor(math.log(value) / math.log(GROWTH))


def column(at: Ints, values: Floats, *, buckets: bool = True) -> Column:
    """One value in every step."""
    many = len(at)
    index = np.array([bucket(value) for value in values], dtype=np.int64)
    ones = np.ones(many, dtype=np.int64)
    kept = Buckets(np.arange(many + 1), index, ones) if buckets else None
    return Column(at, ones, values, values, values, values, kept)


def moments(days: float, step_s: int = 600) -> Ints:
    first = int(BEGIN.timestamp())
    return np.arange(first, first + int(days * 86_400), step_s)


def daily(levels: Sequence[float], step_s: int = 600) -> tuple[Ints, Floats]:
    """Every day at its level, spread by a tenth."""
    at = moments(len(levels), step_s)
    day = (at - at[0]) // 86_400
    return at, np.asarray(levels)[day] * (0.9 + 0.1 * (np.arange(len(at)) % 11) / 10)


def level(
    days: int, value: float, subject: Subject, metric: str
) -> dict[tuple[Subject, str], Column]:
    at, values = daily([value] * days)
    return {(subject, metric): column(at, values)}


def failing(at: Ints, seconds: Floats) -> Kept:
    table = np.zeros((len(at), len(Status)))
    table[:, list(Status).index(Status.FAILING)] = seconds
    return Kept(at, table)


def answer(
    columns: dict[tuple[Subject, str], Column],
    statuses: dict[Subject, Kept] | None = None,
    step_s: int = 600,
) -> Answer:
    return Answer(step_s, BEGIN, columns, statuses or {})


def choices(days: int, **more: object) -> Choices:
    return Choices(BEGIN, BEGIN + timedelta(days=days), **more)  # type: ignore[arg-type]


def reviewed(
    told: Answer,
    chosen: Choices,
    nodes: Sequence[dict[str, object]] = (),
    zones: dict[str, str] | None = None,
) -> Review:
    assert ask(chosen).step_s == told.step_s
    at = chosen.end.isoformat().replace("+00:00", "Z")
    picture = {"at": at, "nodes": list(nodes)}
    return review("demo", told, picture, TOPOLOGY, DEFAULT, chosen, zones)


def pod(host: str | None, *, ready: bool = True) -> dict[str, object]:
    return {"name": f"on-{host}", "host": host, "ready": ready}
