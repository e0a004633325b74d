"""A past for the simulated deployment, which was never lived through: weeks of the load
that it has now, and what befell it in them.

It grows from one picture of it, so that past and present meet: what is measured now is
what would be measured at this hour. Pure; seconds since 1970, days are UTC's.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from app.domain.measures import CONNECTION_METRICS, NODE_METRICS, RAW_S, TEN_MINUTES_S
from app.domain.rollups import Floats, Ints
from app.simulator.load import HOURLY
from app.simulator.past_pictures import pictures
from app.simulator.past_troubles import Trouble, calm, hits, turns

Json = dict[str, Any]
Key = tuple[str, str]
"""A subject's name, and a metric."""
HOUR_S: Final = 3600
DAY_S: Final = 86_400
WEEK_S: Final = 7 * DAY_S
FULLEST: Final = 0.8
"""Of a limit, at the busiest hour of a week; what is noise comes on top of it."""
OFTEN_FOR_S: Final = DAY_S
"""How long back there is a look in each step of 15 s; before, in `SELDOM_S`."""
SELDOM_S: Final = 150
WEEKEND: Final = 0.55
STEADY: Final = ("ready", "desired", "restarts", "replicas_max", "lag_s")
FOLLOWS: Final[Mapping[str, float]] = {
    "request_rate": 1.0,
    "users": 1.0,
    "users_most": 1.0,
    "cpu": 0.85,
    "connections_active": 0.8,
    "clients": 0.8,
    "saturation": 0.8,
    "memory": 0.6,
    "pods_memory": 0.15,
    "latency_mean_ms": 0.15,
    "latency_p50_ms": 0.1,
    "latency_p95_ms": 0.2,
    "latency_p99_ms": 0.25,
}
"""Which share of a number is there for the load; the rest is there at night too."""
GROWN: Final[dict[str, float]] = {
    "workspace": 0.22, "redis": 0.3, "postgresql": 0.12, "voice": 0.1,
}  # fmt: skip
"""By how much the load of a box, and of what leads to it, has grown over the past."""
STRUCK: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "error_ratio": lambda found: np.maximum(found, 0.4),
    "connect_failure_ratio": lambda found: np.maximum(found, 0.5),
    "request_rate": lambda found: found * 0.6,
    "latency_mean_ms": lambda found: found * 7,
    "latency_p50_ms": lambda found: found * 5,
    "latency_p95_ms": lambda found: found * 8,
    "latency_p99_ms": lambda found: found * 9,
}
"""What becomes of a number in trouble."""


@dataclass(frozen=True)
class Past:
    """`app.history.made.MadeUp`, from `at[0]` to `end`. `grown`: by name."""

    picture: Json
    end: int
    seed: int
    at: Ints
    weights: Ints
    bases: Mapping[Key, float]
    grown: Mapping[str, float]
    troubles: tuple[Trouble, ...]
    turns: tuple[tuple[int, str, str], ...]

    @property
    def begin(self) -> int:
        return int(self.at[0])

    def values(self, key: Key, at: Ints | None = None) -> Floats:
        """What is measured now, as it was by the load of that hour and day."""
        moments = self.at if at is None else at
        (name, metric), base = key, self.bases[key]
        if metric in STEADY or metric.endswith("_limit"):
            return np.full(len(moments), base)
        share = FOLLOWS.get(metric, 0.0)
        load = self._load(name, moments) / self._load(name, np.array([self.end]))
        found = base + base * share * (load - 1) * self._restraint(key, share)
        found = found * self._noise(key, moments)
        for trouble in self.troubles:
            if name in trouble.members and metric in STRUCK:
                struck = (moments >= trouble.begin) & (moments < trouble.over)
                found[struck] = STRUCK[metric](found[struck])
        return np.round(found) if base == int(base) and base > 9 else found.round(4)

    def _restraint(self, key: Key, share: float) -> float:
        """By how much less it follows the load, so that its limit was never passed."""
        (name, metric), base = key, self.bases[key]
        most = FULLEST * self.bases.get((name, f"{metric}_limit"), math.inf)
        week = np.arange(self.end - WEEK_S, self.end, HOUR_S)
        load = self._load(name, week) / self._load(name, np.array([self.end]))
        more = base * share * (float(load.max()) - 1)
        return min(1.0, max(0.0, most - base) / more) if more > 0 else 1.0

    def _load(self, name: str, at: Ints) -> Floats:
        """Of the day's peak; on weekends less, unless it is one now."""
        hours = at % DAY_S / 3600
        shape = np.interp(hours, np.arange(25), [*HOURLY, HOURLY[0]])
        quiet = _weekend(at) & ~_weekend(np.array([self.end]))
        ago = (self.end - at) / max(1, self.end - self.begin)
        grown = 1 / (1 + self.grown.get(name, 0.0) * ago)
        return np.asarray(shape * np.where(quiet, WEEKEND, 1.0) * grown)

    def _noise(self, key: Key, at: Ints) -> Floats:
        """A tenth either way from one look to the next, and a little from day to day;
        the same for whoever asks again."""
        own = zlib.crc32("/".join((str(self.seed), *key)).encode())
        look = (at // RAW_S * 2_654_435_761 + own) % 10_007 / 10_007 - 0.5
        day = (at // DAY_S * 40_503 + own) % 1009 / 1009 - 0.5
        return np.asarray((1 + 0.2 * look) * (1 + 0.06 * day))

    def pictures(self, at: Ints) -> Iterator[Json]:
        columns = {key: self.values(key, at).tolist() for key in self.bases}
        return pictures(self.picture, self.troubles, self.begin, at, columns)


def past(picture: Json, end: int, days: int, seed: int) -> Past:
    """The `days` until `end`. `picture`: one in which what can be measured is."""
    well = calm(picture)
    struck = hits(well, end, end - days * DAY_S)
    at, weights = _sampled(end, days)
    return Past(
        well,
        end,
        seed,
        at,
        weights,
        dict(_bases(well)),
        _grown(well),
        struck,
        tuple(turns(well, struck, int(at[0]))),
    )


def _sampled(end: int, days: int) -> tuple[Ints, Ints]:
    """From the oldest to the newest: the moments, and for how many steps each is."""
    begin, fine = (
        (end - back) // TEN_MINUTES_S * TEN_MINUTES_S
        for back in (days * DAY_S, OFTEN_FOR_S)
    )
    at = np.concatenate([np.arange(begin, fine, SELDOM_S), np.arange(fine, end, RAW_S)])
    return at, np.diff(at, append=end) // RAW_S


def _weekend(at: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray((at // DAY_S + 3) % 7 >= 5)


def _bases(picture: Json) -> Iterator[tuple[Key, float]]:
    """What is measured now, and nothing else."""
    for item in picture["connections"]:
        for metric in CONNECTION_METRICS:
            if item["metrics"].get(metric) is not None:
                yield (str(item["number"]), metric), item["metrics"][metric]
    for item in picture["nodes"]:
        for metric in NODE_METRICS:
            if item.get(metric) is not None:
                yield (item["id"], metric), item[metric]


def _grown(picture: Json) -> dict[str, float]:
    of = {str(one["number"]): one["destination"] for one in picture["connections"]}
    return GROWN | {n: GROWN[box] for n, box in of.items() if box in GROWN}
