"""Hours of pictures as a deployment would have shown them: loads, turns, a gap.

Fixed, so that a failure can be repeated. A look every 15 s, two and a half seconds into
each step of that length; nobody looked in the `GAP`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain import wire
from app.domain.snapshot import (
    ConnectionState,
    Metrics,
    NodeState,
    Reason,
    Snapshot,
    SourceState,
)
from app.domain.status import Status, worst
from app.domain.subject import Subject, Witness
from app.domain.topology import standard

Json = dict[str, Any]

LOOK = timedelta(seconds=15)
BEGIN = datetime(2026, 3, 10, 9, 50, 2, 500_000, tzinfo=UTC)
LOOKS = 320
GAP = range(200, 240)
"""The looks that nobody took: ten minutes."""
TOPOLOGY = standard()
EAST, WEST = "east", "west"
WEST_LOOKS = range(160, 200)
NEVER = frozenset(range(5, 32, 5))
"""Connections of which nobody measures anything."""
SILENT = range(100, 140)
"""Looks in which the traffic of connection 7 was not measured."""
STORES = ("redis", "postgresql", "elasticsearch")

TURNS: Mapping[Subject, tuple[tuple[int, Status], ...]] = {
    17: ((50, Status.FAILING), (51, Status.OK)),
    12: ((80, Status.FAILING), (96, Status.DEGRADED), (101, Status.OK)),
    25: ((81, Status.FAILING), (100, Status.OK)),
    "redis": ((80, Status.FAILING), (99, Status.OK)),
    3: ((120, Status.STALE), (140, Status.OK)),
    31: ((260, Status.IDLE), (300, Status.OK)),
    "iwd": ((10, Status.MAINTENANCE),),
    9: ((GAP.stop, Status.DEGRADED),),
}
"""In the east: who turned to what, by look; all are ok before."""


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    picture: Json
    delta: Json | None


def at(look: float) -> datetime:
    return BEGIN + look * LOOK


@functools.cache
def story(deployment: str = EAST) -> tuple[Told, ...]:
    """All that was published of a deployment, in order."""
    return tuple(_told(deployment))


def looks(deployment: str) -> list[int]:
    if deployment == WEST:
        return list(WEST_LOOKS)
    return [look for look in range(LOOKS) if look not in GAP]


def _told(deployment: str) -> Iterator[Told]:
    before: tuple[Snapshot, Json] | None = None
    for look in looks(deployment):
        snapshot = _snapshot(deployment, look)
        picture = wire.encode(snapshot, TOPOLOGY, before)
        delta = None if before is None else wire.delta(before[1], picture)
        yield Told(at(look), picture, delta)
        before = snapshot, picture


def _snapshot(deployment: str, look: int) -> Snapshot:
    connections = tuple(
        _connection(deployment, one.number, look) for one in TOPOLOGY.connections
    )
    return Snapshot(
        deployment,
        look + 1,
        at(look),
        worst(one.status for one in connections),
        connections,
        tuple(
            _node(deployment, box.id, box.label, place, look)
            for place, box in enumerate(TOPOLOGY.boxes)
        ),
        _sources(look),
    )


def state(deployment: str, who: Subject, look: int) -> tuple[Status, datetime]:
    """Its status in a look, and since when."""
    status, since = Status.OK, looks(deployment)[0]
    for turn, turned in TURNS.get(who, ()) if deployment == EAST else ():
        if turn <= look:
            status, since = turned, turn
    return status, at(since)


def _connection(deployment: str, number: int, look: int) -> ConnectionState:
    status, since = state(deployment, number, look)
    reason = Reason(Witness.PROBE, status, f"look {look}", at(look))
    return ConnectionState(
        number,
        status,
        since,
        at(look),
        () if status is Status.OK else (reason,),
        metrics=_metrics(number, look, deployment),
    )


def _metrics(number: int, look: int, deployment: str) -> Metrics:
    if number in NEVER or (number == 7 and look in SILENT):
        return Metrics()
    wave = 1 + 0.5 * math.sin(look / 40 + number)
    share = 1.0 if deployment == EAST else 0.25
    return Metrics(
        request_rate=round(share * number * 3 * wave, 4),
        error_ratio=0.0 if number % 2 else round(0.01 * wave, 4),
        latency_mean_ms=round(6 * wave, 4),
        latency_p50_ms=round(5 * wave, 4),
        latency_p95_ms=round(21 * wave + number, 4),
        latency_p99_ms=round(47 * wave + number, 4),
        connections_active=float(number + look % 3),
        connect_failure_ratio=None if number % 3 else 0.0,
        saturation=round(0.2 * wave, 4) if number % 4 == 0 else None,
    )


def _node(deployment: str, name: str, label: str, place: int, look: int) -> NodeState:
    status, since = state(deployment, name, look)
    counted = name not in ("clients", "service-proxy")
    store = name in STORES
    return NodeState(
        name,
        label,
        status,
        since,
        reasons=() if status is Status.OK else (Reason(None, status, "so", since),),
        ready=(1 if status is Status.FAILING else 3) if counted else None,
        desired=3 if counted else None,
        restarts=place + look // 100 if counted else None,
        memory=(400 + look) * 2**20 if store else None,
        memory_limit=1024 * 2**20 if store else None,
        clients=40 + look % 7 if store else None,
        lag_s=look % 5 if name == "postgresql" else None,
        users=600 + look if name == "workspace" else None,
        cpu=0.25 * (1 + look % 4) if counted else None,
    )


def _sources(look: int) -> tuple[SourceState, ...]:
    blind = 120 <= look < 140
    consul = SourceState(
        "consul",
        Status.FAILING if blind else Status.OK,
        at(119) if blind else at(look) - timedelta(seconds=1.5),
        "connection refused" if blind else None,
        2,
    )
    scrape = SourceState("scrape", Status.OK, at(look) - timedelta(seconds=4), None, 9)
    return consul, scrape
