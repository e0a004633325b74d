"""Months of measurements that never were: a load that grows, with days and weeks in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from app.domain.measures import CONNECTION_METRICS, NODE_METRICS
from app.domain.rollups import (
    GROWTH,
    Answer,
    Ask,
    Buckets,
    Column,
    Statuses,
)
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.topology import standard

PER_STEP = 4
"""Measurements in each step."""
FIXED = {
    "ready": 3.0, "desired": 3.0, "restarts": 0.0, "replicas_max": 6.0,
    "memory_limit": 8 * 2.0**30, "clients_limit": 10_000.0, "lag_s": 0.0, "cpu_limit": 6.0,
    "pods_memory_limit": 12 * 2.0**30,
}  # fmt: skip
BUSIEST = {
    "request_rate": 120.0, "error_ratio": 0.004, "latency_mean_ms": 12.0,
    "latency_p50_ms": 9.0, "latency_p95_ms": 40.0, "latency_p99_ms": 90.0,
    "connections_active": 35.0, "connect_failure_ratio": 0.0, "saturation": 0.38,
    "memory": 2.6 * 2.0**30, "clients": 4_400.0, "users": 1_050.0, "users_most": 360.0,
    "cpu": 2.2, "pods_memory": 5 * 2.0**30,
}  # fmt: skip
STORES = ("redis", "postgresql", "elasticsearch", "consul")
OF_STORES = ("memory", "memory_limit", "clients", "clients_limit", "lag_s")
OF_WORKSPACE = ("users", "users_most")


@dataclass(frozen=True)
class Grown:
    """`growth`: of the load in 30 days, as a share of what it was at `since`."""

    since: datetime
    growth: float = 0.1
    whole: bool = True

    def of(self, ask: Ask) -> Answer:
        topology = standard()
        subjects = ask.subjects or (
            *(one.number for one in topology.connections),
            *(box.id for box in topology.boxes),
        )
        at = self._steps(ask)
        columns, statuses = {}, {}
        for subject in subjects:
            for metric in measured(subject):
                if len(at) and (not ask.metrics or metric in ask.metrics):
                    columns[subject, metric] = self._column(subject, metric, at)
            seconds = np.zeros((len(at), len(Status)))
            seconds[:, list(Status).index(Status.OK)] = ask.step_s
            statuses[subject] = Statuses(at, seconds)
        return Answer(ask.step_s, self.since, columns, statuses, self.whole)

    def _steps(self, ask: Ask) -> np.ndarray:
        first = max(ask.begin, self.since).timestamp()
        step = ask.step_s
        return np.arange(-(-first // step) * step, ask.end.timestamp(), step).astype(
            np.int64
        )

    def _column(self, subject: Subject, metric: str, at: np.ndarray) -> Column:
        value = self._values(subject, metric, at)
        spread = 0.0 if metric in FIXED else 0.04
        low, high = value * (1 - spread), value * (1 + spread)
        count = np.full(len(at), PER_STEP)
        return Column(
            at, count, value * PER_STEP, low, high, value, _buckets(low, value, high)
        )

    def _values(self, subject: Subject, metric: str, at: np.ndarray) -> np.ndarray:
        if metric in FIXED:
            return np.full(len(at), FIXED[metric])
        own = 0.6 + 0.4 * (hash_of(subject) % 97) / 97
        days = (at - self.since.timestamp()) / timedelta(days=1).total_seconds()
        hours = (at // 3600) % 24
        weekday = (at // 86400 + 3) % 7
        day = np.exp(-(((hours - 13) / 5.0) ** 2)) * np.where(weekday < 5, 1, 0.25)
        rng = np.random.default_rng(hash_of((subject, metric)))
        noise = 1 + 0.02 * rng.standard_normal(len(at))
        grown = 1 + self.growth * days / 30
        level = 0.5 + 0.5 * day if metric.endswith("_ms") else 0.1 + 0.9 * day
        return np.maximum(0.0, BUSIEST[metric] * own * level * grown * noise)


def measured(subject: Subject) -> tuple[str, ...]:
    """Connections without telemetry, and boxes that are no stores, have less."""
    if isinstance(subject, int):
        return () if subject % 10 == 0 else CONNECTION_METRICS
    out = () if subject in STORES else OF_STORES
    out += () if subject == "workspace" else OF_WORKSPACE
    return tuple(name for name in NODE_METRICS if name not in out)


def hash_of(what: object) -> int:
    """The same in every process."""
    return sum(ord(one) * (at + 7) for at, one in enumerate(repr(what)))


def _buckets(low: np.ndarray, value: np.ndarray, high: np.ndarray) -> Buckets:
    """One measurement at the lower end, two in the middle, one at the upper end."""
    values = np.stack([low, value, high], axis=1)
    index = np.where(
        values > 0,
        np.floor(np.log(np.maximum(values, 1e-12)) / np.log(GROWTH)),
        -32768,
    ).astype(np.int64)
    count = np.tile(np.array([1, 2, 1]), (len(low), 1))
    start = np.arange(0, 3 * len(low) + 1, 3)
    return Buckets(start, index.reshape(-1), count.reshape(-1))
