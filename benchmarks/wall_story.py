"""What a wall is told in a day: all is well but for ten minutes of each hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from app.domain import wire
from app.domain.instants import instant
from app.domain.snapshot import (
    ConnectionState,
    Metrics,
    NodeState,
    Reason,
    Snapshot,
    SourceState,
    Suspect,
)
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.topology import Box, standard

EVERY_S: Final = 5
HOUR_S: Final = 3600
OUTAGE_S: Final = range(1500, 2100)
"""Of each hour."""
REDIS: Final = NodeId("redis")
BROKEN: Final = (12, 18, 24, 25)
TEXT: Final = "Look at Redis first: 0 of 3 pods ready; it explains 12, 18, 24 and 25."


def pictures(clock: Callable[[], datetime]) -> Iterator[wire.Json]:
    """One every `EVERY_S`, numbered; every measurement in it is a little different."""
    topology, began, version = standard(), clock(), 0
    while True:
        version += 1
        passed = version * EVERY_S
        into = passed % HOUR_S
        failing = into in OUTAGE_S
        hour = passed // HOUR_S * HOUR_S
        turned = began + timedelta(seconds=hour + OUTAGE_S.start if failing else hour)
        shown = wire.encode(_snapshot(version, clock(), turned, failing), topology)
        shown["incidents"] = [_incident(turned, hour)] if failing else []
        yield shown


def _snapshot(version: int, now: datetime, turned: datetime, failing: bool) -> Snapshot:
    topology = standard()
    return Snapshot(
        "east",
        version,
        now,
        Status.FAILING if failing else Status.OK,
        tuple(
            _connection(one.number, version, turned, failing and one.number in BROKEN)
            for one in topology.connections
        ),
        tuple(
            _node(box, turned, failing and box.id == REDIS) for box in topology.boxes
        ),
        (SourceState("kubernetes", Status.OK, now, None, 1),),
        (Suspect(REDIS, BROKEN, turned, TEXT),) if failing else (),
    )


def _connection(
    number: int, version: int, turned: datetime, failing: bool
) -> ConnectionState:
    reasons = (
        (Reason(Witness.PROBE, Status.FAILING, f"refused, try {version}", turned),)
        if failing
        else ()
    )
    metrics = Metrics(request_rate=float(version % 97), latency_p95_ms=12.5)
    status = _status(failing)
    return ConnectionState(number, status, turned, turned, reasons, (), metrics)


def _node(box: Box, turned: datetime, failing: bool) -> NodeState:
    ready = 0 if failing else 3
    return NodeState(box.id, box.label, _status(failing), turned, ready, 3, 0)


def _status(failing: bool) -> Status:
    return Status.FAILING if failing else Status.OK


def _incident(turned: datetime, hour: int) -> wire.Json:
    """As `app.domain.incidents_wire` tells one in short."""
    began = instant(turned)
    steps: list[wire.Json] = [{"connection": None, "node": REDIS}]
    steps += [{"connection": number, "node": None} for number in BROKEN]
    told = {"at": began, "first": "failing", "worst": "failing", "status": "failing",
            "until": None}  # fmt: skip
    return {
        "id": f"hour-{hour}",
        "kind": "outage",
        "start": began,
        "status": "failing",
        "worst": "failing",
        "text": "4 connections and 1 component",
        "cascade": [step | told for step in steps],
    }
