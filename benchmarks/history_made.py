"""A past that was never lived through: days of loads, weekends and outages, as arrays.

It grows from one picture of the simulated deployment, so that it has what a real one
has: the same numbers are measured, and a picture is as large as one is.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from app.domain.instants import instant
from app.domain.measures import CONNECTION_METRICS, NODE_METRICS, RAW_S
from app.domain.rollups import Floats, Ints
from benchmarks.stage import Json

DAY_S: Final = 86_400
STEADY: Final = ("ready", "desired", "restarts", "replicas_max")
"""What does not follow the load; nor does a limit."""
OUTAGES_A_DAY: Final = 3
USUAL: Final = {
    "request_rate": 3.2,
    "error_ratio": 0.0004,
    "latency_mean_ms": 0.61,
    "latency_p50_ms": 0.5,
    "latency_p95_ms": 1.3,
    "latency_p99_ms": 2.2,
    "connections_active": 11.0,
    "connect_failure_ratio": 0.0001,
    "saturation": 0.011,
    "replicas_max": 6.0,
    "cpu": 0.8,
    "cpu_limit": 4.0,
    "pods_memory": 1.5e9,
    "pods_memory_limit": 4e9,
}
"""Where the picture has none; of a connection, times its number."""

Key = tuple[str, str]
"""A subject's name, and a metric."""
Turn = tuple[int, str, str]
"""Milliseconds since 1970, a subject's name, its status from then on."""


@dataclass(frozen=True)
class Past:
    """`app.history.made.MadeUp`, a look in each `step_s`."""

    picture: Json
    at: Ints
    load: Floats
    bases: dict[Key, float]
    turns: tuple[Turn, ...]
    step_s: int = RAW_S

    @property
    def weights(self) -> Ints:
        return np.full(len(self.at), self.step_s // RAW_S)

    @property
    def begin(self) -> int:
        return int(self.at[0])

    @property
    def end(self) -> int:
        return int(self.at[-1]) + self.step_s

    def values(self, key: Key, at: Ints | None = None) -> Floats:
        """Near a base, with the load, never twice the same."""
        moments = self.at if at is None else at
        base, metric = self.bases[key], key[1]
        if metric in STEADY or metric.endswith("_limit"):
            return np.full(len(moments), base)
        seed = zlib.crc32("/".join(key).encode())
        noise = ((moments // RAW_S * 2_654_435_761 + seed) % 10_007) / 10_007 - 0.5
        load = self.load[(moments - self.begin) // self.step_s]
        found = base * (0.3 + load) * (1 + 0.2 * noise)
        return np.round(found) if base == int(base) and base > 9 else found.round(4)

    def pictures(self, at: Ints) -> Iterator[Json]:
        return _pictures(self, at)


def past(picture: Json, days: int, end: datetime, step_s: int = RAW_S) -> Past:
    """The `days` until `end`, which is cut to a whole hour."""
    last = int(end.timestamp()) // 3600 * 3600
    at = np.arange(last - days * DAY_S, last, step_s)
    hours = at % DAY_S / 3600
    working = (at // DAY_S + 3) % 7 < 5
    shape = np.exp(-(((hours - 11) / 3) ** 2)) + np.exp(-(((hours - 15) / 2.5) ** 2))
    growth = 1 + 0.2 * (at - at[0]) / (at[-1] - at[0])
    load = shape * np.where(working, 1.0, 0.25) * growth
    turns = tuple(_turns(picture, int(at[0]), days))
    return Past(picture, at, load, dict(_bases(picture)), turns, step_s)


def _bases(picture: Json) -> Iterator[tuple[Key, float]]:
    """What the picture has a number of, and what could be measured besides: everything
    of a connection, the pods' of a box that has some."""
    for item in picture["connections"]:
        for metric in CONNECTION_METRICS:
            found = item["metrics"].get(metric)
            usual = item["number"] * USUAL[metric]
            yield (str(item["number"]), metric), usual if found is None else found
    for item in picture["nodes"]:
        usual_of = USUAL if item["ready"] is not None else {}
        for metric in NODE_METRICS:
            found = item.get(metric)
            if found is not None or metric in usual_of:
                yield (item["id"], metric), usual_of[metric] if found is None else found


def _turns(picture: Json, begin: int, days: int) -> Iterator[Turn]:
    """Outages of half a minute to half an hour, of six connections each."""
    numbers = [str(item["number"]) for item in picture["connections"]]
    for name in (*numbers, *(item["id"] for item in picture["nodes"])):
        yield begin * 1000, name, "ok"
    chance = np.random.default_rng(1)
    length = DAY_S // OUTAGES_A_DAY
    for start in range(begin + 3600, begin + days * DAY_S - length, length):
        lasts = int(chance.integers(30, 1800))
        hit = chance.choice(numbers, 6, replace=False).tolist()
        for place, name in enumerate(hit):
            yield (start + place) * 1000, name, "failing"
        for place, name in enumerate(hit):
            yield (start + lasts + place) * 1000, name, "ok"


def _pictures(made: Past, at: Ints) -> Iterator[Json]:
    columns = {key: made.values(key, at).tolist() for key in made.bases}
    shown = copy.deepcopy(made.picture)
    connections = {str(item["number"]): item for item in shown["connections"]}
    items = connections | {item["id"]: item for item in shown["nodes"]}
    turns = iter(made.turns)
    turn = next(turns, None)
    for place, moment in enumerate(at.tolist()):
        while turn is not None and turn[0] <= moment * 1000:
            since = instant(datetime.fromtimestamp(turn[0] / 1000, UTC))
            items[turn[1]] |= {"status": turn[2], "since": since}
            turn = next(turns, None)
        for (name, metric), values in columns.items():
            item = items[name]
            (item["metrics"] if name in connections else item)[metric] = values[place]
        shown["at"] = instant(datetime.fromtimestamp(moment, UTC))
        shown["version"] = moment
        yield shown
