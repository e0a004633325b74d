"""Twenty-four hours in which nothing is wrong, and much happens all the same.

Rollouts, pods that are evicted and come again elsewhere, autoscaling, pauses of garbage
collection, and the silence of the night: none of it may colour the wall.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.domain.snapshot import Snapshot
from app.domain.status import Status
from app.simulator.faults import BY_NAME
from app.simulator.world import WORKLOADS
from benchmarks.campaign_trials import WARM_S, Watch
from benchmarks.rig import Rig

MIDNIGHT: Final = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
DAY_S: Final = 86_400
SCRAPE_S: Final = 60
ROLLOUTS, EVICTIONS, SCALINGS, PAUSES = 24, 24, 16, 24
PAUSE_MS: Final = 1500
SCALED: Final = [spec for spec in WORKLOADS if spec.kind == "Deployment"]


@dataclass(frozen=True, slots=True)
class Day:
    """Seconds in which any connection was shown so while none was."""

    seconds: int
    events: int
    failing_s: int
    degraded_s: int
    told: tuple[str, ...]
    """The first false alarms, in words."""


@dataclass(frozen=True, slots=True)
class _Event:
    at_s: int
    what: str
    target: str
    lasts_s: int = 0


def events(seed: int, seconds: int = DAY_S) -> list[_Event]:
    """What happens, in order; as many in a part of the day as its share of it, and
    nothing before a whole window was counted."""
    chance, share = random.Random(seed), seconds / DAY_S
    rolled = BY_NAME["rolling_update"].places
    paused = BY_NAME["slow"].places
    evicted = BY_NAME["evict"].places

    def some(most: int, what: str, places: list[str], lasts_s: int) -> Iterator[_Event]:
        for _ in range(max(1, round(most * share))):
            at_s = chance.randrange(WARM_S, seconds)
            yield _Event(at_s, what, chance.choice(places), lasts_s)

    names = [spec.name for spec in SCALED]
    if seconds <= WARM_S:
        return []
    found = [
        *some(ROLLOUTS, "rollout", list(rolled), 0),
        *some(EVICTIONS, "eviction", list(evicted), 0),
        *some(SCALINGS, "scaling", names, 600),
        *some(PAUSES, "pause", list(paused), 2),
    ]
    return sorted(found, key=lambda event: (event.at_s, event.target))


def healthy_day(seed: int, seconds: int = DAY_S) -> Day:
    """Live through the day, a second at a time."""
    watch = Watch(Rig(seed, MIDNIGHT), SCRAPE_S)
    happening = _Happening(watch.rig, events(seed, seconds))
    counted = {Status.FAILING: 0, Status.DEGRADED: 0}
    told: list[str] = []
    for second in range(seconds):
        happening.at(second)
        snapshot = watch.second()
        worst = _false(snapshot, watch.rig)
        for status, texts in worst.items():
            counted[status] += 1
            told += [text for text in texts if len(told) < 20 and text not in told]
    return Day(
        seconds, len(happening.all), counted[Status.FAILING],
        counted[Status.DEGRADED], tuple(told),
    )  # fmt: skip


def _false(snapshot: Snapshot, rig: Rig) -> dict[Status, list[str]]:
    """The false colours of a moment, each with what was said for it."""
    truth = rig.truth().connections
    found: dict[Status, list[str]] = {}
    for state in snapshot.connections:
        if state.status in (Status.FAILING, Status.DEGRADED) and (
            state.number not in truth
        ):
            why = state.reasons[0].text if state.reasons else ""
            text = f"{rig.now:%H:%M} connection {state.number}: {why}"
            found.setdefault(state.status, []).append(text)
    return found


class _Happening:
    """Begins and ends the events of the day on a rig."""

    def __init__(self, rig: Rig, all_: list[_Event]) -> None:
        self.all = all_
        self._rig = rig
        self._next = 0
        self._ending: list[tuple[int, str, str]] = []

    def at(self, second: int) -> None:
        for due in [one for one in self._ending if one[0] <= second]:
            self._ending.remove(due)
            self._end(*due[1:])
        while self._next < len(self.all) and self.all[self._next].at_s <= second:
            self._begin(self.all[self._next])
            self._next += 1

    def _begin(self, event: _Event) -> None:
        rig, ends_s = self._rig, event.at_s + event.lasts_s
        if event.what == "rollout":
            rig.end(rig.begin("rolling_update", event.target, pace_s=20))
        elif event.what == "eviction":
            rig.end(rig.begin("evict", event.target, pace_s=20))
        elif event.what == "pause":
            id_ = rig.begin("slow", event.target, latency_ms=PAUSE_MS)
            self._ending.append((ends_s, "pause", id_))
        else:
            usual = rig.cluster.works[event.target].spec.replicas
            rig.scale(event.target, usual + 1)
            self._ending.append((ends_s, event.what, event.target))

    def _end(self, what: str, target: str) -> None:
        if what == "pause":
            self._rig.end(target)
        else:
            replicas = self._rig.cluster.works[target].spec.replicas
            self._rig.scale(target, replicas)
