"""A picture from what one look told an engine. Pure.

Statuses with their beginnings, numbers and sources are as they were. Reasons, what each
witness said, pods, suspects and notes are no numbers, and no engine keeps them: the
picture says so, and has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.exported import (
    CONNECTION_NUMBERS,
    CONNECTION_SINCE,
    CONNECTION_STATUS,
    NODE_NUMBERS,
    NODE_SINCE,
    NODE_STATUS,
    SOURCE_AGE,
    SOURCE_STATUS,
    Number,
)
from app.domain.instants import instant
from app.domain.status import Status, worst
from app.domain.topology import Box, Connection, Topology
from app.domain.wire import row_of
from collectors.telemetry import Series

Json = dict[str, Any]
NAME: Final = "__name__"
NOT_KEPT: Final = "why is not known: this history keeps statuses and numbers alone"
UNSEEN: Final = "this history has nothing about it from that moment"
DIGITS: Final = 4
TROUBLED: Final = (Status.FAILING, Status.DEGRADED)


class Look:
    """The samples of one look, by what they are about."""

    def __init__(self, told: Iterable[Series]) -> None:
        self._values: dict[tuple[str, ...], float] = {}
        self._statuses: dict[tuple[str, str], Status] = {}
        for one in told:
            name, status = one.labels[NAME], one.labels.get("status")
            whose = _whose(one.labels)
            if status is None:
                self._values[name, whose, one.labels.get("quantile", "")] = one.value
            elif one.value == 1:
                self._statuses[name, whose] = Status(status)

    @property
    def sources(self) -> list[str]:
        return sorted(whose for name, whose in self._statuses if name == SOURCE_STATUS)

    def status(self, name: str, whose: str) -> Status:
        return self._statuses.get((name, whose), Status.NO_DATA)

    def value(self, name: str, whose: str, quantile: str = "") -> float | None:
        return self._values.get((name, whose, quantile))

    def number(self, one: Number, whose: str) -> float | None:
        quantile = dict(one.labels).get("quantile", "")
        value = self.value(one.name, whose, quantile)
        return None if value is None else round(value * one.per, DIGITS)


def picture(
    deployment: str, topology: Topology, made: datetime, seen: datetime, look: Look
) -> Json:
    """As of `made`; `seen` is when that was told to the engine."""
    at = instant(made)
    connections = [_connection(row, at, look) for row in topology.connections]
    return {
        "deployment": deployment,
        "version": 0,
        "at": at,
        "status": worst(Status(one["status"]) for one in connections).value,
        "connections": connections,
        "nodes": [_node(box, at, look) for box in topology.boxes],
        "sources": [_source(name, made, seen, look) for name in look.sources],
        "suspects": [],
        "incident": None,
        "incidents": [],
        "maintenance": [],
        "notes": [],
    }


def _connection(row: Connection, at: str | None, look: Look) -> Json:
    whose = str(row.number)
    state = _state(look, CONNECTION_STATUS, CONNECTION_SINCE, whose, at)
    return row_of(row) | {
        **state,
        "observed_at": None,
        "witnesses": {},
        "heard": {},
        "metrics": {one.field: look.number(one, whose) for one in CONNECTION_NUMBERS},
        "flapping": None,
    }


def _node(box: Box, at: str | None, look: Look) -> Json:
    state = _state(look, NODE_STATUS, NODE_SINCE, box.id, at)
    return {
        "id": box.id,
        "label": box.label,
        **state,
        "witnesses": {},
        "heard": {},
        "pods": [],
        "events": [],
        "flapping": None,
        "version": None,
        "users_marks": [],
        **{one.field: _whole(look.number(one, box.id)) for one in NODE_NUMBERS},
    }


def _whole(value: float | None) -> float | None:
    """What was counted stays a whole number."""
    return int(value) if value is not None and value == int(value) else value


def _state(look: Look, status: str, since: str, whose: str, at: str | None) -> Json:
    found, began = look.status(status, whose), look.value(since, whose)
    text = NOT_KEPT if began is not None else UNSEEN
    reason = {
        "witness": None,
        "status": found.value,
        "text": text,
        "observed_at": at,
    }
    return {
        "status": found.value,
        "since": at if began is None else instant(moment(began)),
        "reasons": [] if found is Status.OK else [reason],
    }


def _source(name: str, made: datetime, seen: datetime, look: Look) -> Json:
    status, age = look.status(SOURCE_STATUS, name), look.value(SOURCE_AGE, name)
    heard = None if age is None else min(made, moment(seen.timestamp() - age))
    return {
        "name": name,
        "status": status.value,
        "last_success": instant(heard),
        "age_s": None if heard is None else round((made - heard).total_seconds(), 3),
        "error": NOT_KEPT if status in TROUBLED else None,
        "feeds": 0,
        "troubled": 0,
    }


def moment(seconds: float) -> datetime:
    """In UTC, to the millisecond."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def _whose(labels: Mapping[str, str]) -> str:
    """A connection's own labels name its ends as well."""
    for label in ("connection", "node", "source"):
        if label in labels:
            return labels[label]
    return ""
