"""How much the simulated deployment has to do, and what its pods have counted.

Pure: a `Meter` is what one pod has counted since it started; `advance` brings it to a
later moment under the `Strain` that the faults put on the pod. Counters only grow,
whatever the strain, and a restarted pod starts a new meter. Moments are in seconds
since the epoch; the day that shapes the load is UTC's.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from app.simulator.load_profiles import Profile

NOTHING: Final[Mapping[str, float]] = MappingProxyType({})
DAY_S: Final = 86_400.0
HOURLY: Final = (
    0.05, 0.04, 0.03, 0.03, 0.04, 0.06, 0.15, 0.45, 0.85, 1.00, 0.97, 0.88,
    0.70, 0.78, 0.90, 0.86, 0.75, 0.55, 0.35, 0.24, 0.18, 0.13, 0.09, 0.06,
)  # fmt: skip
"""Of the peak, at each full hour: a quiet night, a busy morning, a lunch dip."""
WOBBLES_S: Final = (41.0, 173.0, 977.0)
"""Periods of the noise on top; together at most `WOBBLE` either way."""
WOBBLE: Final = 0.15
BOUNDS_S: Final = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, math.inf,
)  # fmt: skip
USUAL_404: Final = 0.003
USUAL_401: Final = 0.002
USUAL_500: Final = 0.0003
STEPS: Final = 300
STEP_S: Final = 60.0

Counts = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Strain:
    """What the faults, and the pod's share of the work, do to it at the moment.

    Peers are box ids. A fault at a peer changes only what this pod counts about that
    peer; whether its own answers suffer is a fault of its own.
    """

    share: float = 1.0
    """The part of the workload's demand that this pod takes: 1 / ready pods."""
    slow_s: float = 0.0
    """Added to each request that it serves."""
    errors: float = 0.0
    """Of the requests that it serves, how many end in 500."""
    peer_slow_s: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    peer_errors: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    """Of the calls to a peer, how many fail; 1.0 is one that can't be reached."""
    full: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    """How much of a store's connections is used, 0 to 1, where a fault says so."""


CALM: Final = Strain()


@dataclass(frozen=True, slots=True)
class Meter:
    """What one pod has counted from `started` until `at`.

    Keys: `("served", code)`, `("took",)` seconds, `("within", bound)`, `("call", peer,
    code)`, `("call took", peer)` seconds, `("opened",)`.
    """

    started: float
    at: float
    counts: Counts = field(default_factory=dict)

    def count(self, *key: str) -> float:
        return self.counts.get(key, 0.0)

    def whole(self, *key: str) -> int:
        """Events are counted whole."""
        return int(self.count(*key))


def begun(started: float) -> Meter:
    """The meter of a pod that has just started."""
    return Meter(started, started)


def day(moment: float) -> float:
    """The part of the peak's load that is there at this hour."""
    hour = moment % DAY_S / 3600
    before = int(hour) % 24
    return HOURLY[before] + (hour - int(hour)) * (
        HOURLY[(before + 1) % 24] - HOURLY[before]
    )


def rate(profile: Profile, workload: str, seed: int, moment: float) -> float:
    """Requests a second of the whole workload."""
    noise = sum(
        math.sin(2 * math.pi * (moment / period + phase))
        for period, phase in zip(WOBBLES_S, _phases(workload, seed), strict=True)
    )
    return profile.rate * day(moment) * (1 + WOBBLE * noise / len(WOBBLES_S))


@functools.cache
def _phases(workload: str, seed: int) -> tuple[float, ...]:
    chance = random.Random(f"{seed} {workload}")
    return tuple(chance.random() for _ in WOBBLES_S)


def demand(
    profile: Profile, workload: str, seed: int, since: float, until: float
) -> float:
    """Requests of the whole workload between two moments."""
    span = until - since
    steps = min(STEPS, max(1, math.ceil(span / STEP_S)))
    width = span / steps
    return width * sum(
        rate(profile, workload, seed, since + (step + 0.5) * width)
        for step in range(steps)
    )


def advance(
    meter: Meter,
    until: float,
    requests: float,
    profile: Profile,
    calls: Mapping[str, float],
    strain: Strain,
) -> Meter:
    """The meter after `requests` of the workload, of which this pod took its share.

    A moment that is not later leaves it as it is.
    """
    if until <= meter.at:
        return meter
    counts = dict(meter.counts)
    for key, each in per_request(profile, calls, strain).items():
        counts[key] = counts.get(key, 0.0) + each * requests * strain.share
    return replace(meter, at=until, counts=counts)


def per_request(
    profile: Profile, calls: Mapping[str, float], strain: Strain
) -> dict[tuple[str, ...], float]:
    """What one request adds to each counter, on average."""
    failed = max(strain.errors, USUAL_500)
    well = (1 - failed) * (1 - USUAL_404 - USUAL_401)
    added = {
        ("served", "200"): well,
        ("served", "401"): (1 - failed) * USUAL_401,
        ("served", "404"): (1 - failed) * USUAL_404,
        ("served", "500"): failed,
        ("took",): mean_s(profile) + strain.slow_s,
    }
    for bound in BOUNDS_S:
        added["within", bound_text(bound)] = within(profile, bound - strain.slow_s)
    for peer, number in calls.items():
        lost = strain.peer_errors.get(peer, 0.0)
        added["call", peer, "200"] = number * (1 - lost)
        added["call", peer, "500"] = number * lost
        added["call took", peer] = number * call_s(profile, peer, strain)
    return added


def call_s(profile: Profile, peer: str, strain: Strain) -> float:
    """How long a call to a peer takes: less than the request that it is made for."""
    return 0.4 * mean_s(profile) + strain.peer_slow_s.get(peer, 0.0)


def mean_s(profile: Profile) -> float:
    """The mean of the log-normal distribution of durations."""
    return profile.median_s * math.exp(profile.spread**2 / 2)


def within(profile: Profile, bound_s: float) -> float:
    """The share of requests that take at most so long."""
    if bound_s <= 0:
        return 0.0
    if math.isinf(bound_s):
        return 1.0
    deviations = math.log(bound_s / profile.median_s) / profile.spread
    return 0.5 * (1 + math.erf(deviations / math.sqrt(2)))


def bound_text(bound: float) -> str:
    """A bucket's bound as the text format writes it."""
    return "+Inf" if math.isinf(bound) else repr(bound)
