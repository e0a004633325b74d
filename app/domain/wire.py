"""Snapshots as the JSON of the contract, and the difference between two of them.

`encode` gives plain dicts and lists. `delta(old, new)` gives only what changed:

    {"deployment", "version", "at", "status"?, "suspects"?, "incident"?, "incidents"?,
     "maintenance"?, "notes"?: [<new or changed ones>, {"id": ..., "gone": true}],
     "connections": [{"number": 17, <changed fields>}],
     "nodes": [{"id": "redis", <changed fields>}], "sources": [{"name": ..., ...}]}

A changed field replaces the old one whole, but of the notes only those come that are
new or were changed. `apply` is the reverse, and the browser does the same. `age_s` of a
source is left to the reader: it can be had from `last_success`, as `aged` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from app.domain import notes, windows
from app.domain.incidents_wire import summary
from app.domain.instants import instant
from app.domain.snapshot import (
    ConnectionState,
    Metrics,
    NodeState,
    PodState,
    Reason,
    Snapshot,
    SourceState,
    Suspect,
    WitnessMark,
)
from app.domain.topology import Connection, Topology
from app.domain.usage import Usage

S = TypeVar("S")
Json = dict[str, Any]
_NOTHING: Final[Json] = {"connections": [], "nodes": [], "notes": []}
PARTS: Final = (("connections", "number"), ("nodes", "id"), ("sources", "name"))
WHOLE: Final = ("status", "suspects", "incident", "incidents", "maintenance")


def encode(
    snapshot: Snapshot, topology: Topology, before: tuple[Snapshot, Json] | None = None
) -> Json:
    """The whole snapshot as the contract describes it.

    `before`: an earlier one and what was made of it. Most states are as they were then,
    and their items are taken over as they are.
    """
    rows = {connection.number: connection for connection in topology.connections}
    old, known = before or (None, _NOTHING)
    return {
        "deployment": snapshot.deployment,
        "version": snapshot.version,
        "at": instant(snapshot.at),
        "status": snapshot.status.value,
        "connections": _items(
            snapshot.connections,
            old.connections if old else (),
            known["connections"],
            lambda state: _connection(state, rows[state.number]),
        ),
        "nodes": _items(
            snapshot.nodes, old.nodes if old else (), known["nodes"], _node
        ),
        "sources": [_source(source, snapshot.at) for source in snapshot.sources],
        "suspects": [_suspect(suspect) for suspect in snapshot.suspects],
        "incident": snapshot.incident,
        "incidents": [
            summary(one, snapshot.at, snapshot.talk.cares.get(one.id))
            for one in snapshot.incidents
        ],
        "maintenance": [windows.encode(one) for one in snapshot.maintenance],
        "notes": _items(
            snapshot.talk.notes,
            old.talk.notes if old else (),
            known["notes"],
            notes.encode,
        ),
    }


def _items(
    states: Sequence[S],
    old: Sequence[S],
    known: Sequence[Json],
    write: Callable[[S], Json],
) -> list[Json]:
    """One item a state, in order."""
    there = len(old)
    return [
        known[place] if place < there and _same(old[place], state) else write(state)
        for place, state in enumerate(states)
    ]


def _same(old: S, new: S) -> bool:
    # First: what did not change is the very object, and has many fields to compare.
    return old is new or old == new


def delta(old: Json, new: Json) -> Json | None:
    """What a reader of `old` must learn to know `new`; `None` when there is nothing.

    Both are what `encode` gave for the same deployment. The age of a source and the
    moment of the snapshot alone are no news.
    """
    news: Json = {name: new[name] for name in WHOLE if new[name] != old[name]}
    for part, key in PARTS:
        changed = _changed(old[part], new[part], key)
        if changed:
            news[part] = changed
    if said := notes.news(old["notes"], new["notes"]):
        news["notes"] = said
    if not news:
        return None
    head = {name: new[name] for name in ("deployment", "version", "at")}
    return head | news


def apply(old: Json, news: Json) -> Json:
    """The snapshot that a reader of `old` has after reading `news`."""
    plain = {k: v for k, v in news.items() if k not in {*dict(PARTS), "notes"}}
    merged = old | plain
    if "notes" in news:
        merged["notes"] = notes.merged(old["notes"], news["notes"])
    for part, key in PARTS:
        by_key = {item[key]: item for item in old[part]}
        for item in news.get(part, ()):
            by_key[item[key]] = by_key.get(item[key], {}) | item
        merged[part] = list(by_key.values())
    return merged


def aged(snapshot: Json, now: datetime) -> Json:
    """`age_s` grows while nothing else changes, so it is told when it is read."""
    sources = [
        s | {"age_s": _age_s(s["last_success"], now)} for s in snapshot["sources"]
    ]
    return snapshot | {"sources": sources}


def _age_s(heard: str | None, now: datetime) -> float | None:
    if heard is None:
        return None
    age = (now - datetime.fromisoformat(heard)).total_seconds()
    return round(max(0.0, age), 3)


def _changed(old: list[Json], new: list[Json], key: str) -> list[Json]:
    before = {item[key]: item for item in old}
    # Most items are taken over as they are, and are no news.
    others = [item for item in new if before.get(item[key]) is not item]
    news = [_fields(before.get(item[key], {}), item, key) for item in others]
    return [item for item in news if len(item) > 1]


def _fields(old: Json, new: Json, key: str) -> Json:
    return {
        name: value
        for name, value in new.items()
        if name == key or (name != "age_s" and (name not in old or old[name] != value))
    }


def row_of(connection: Connection) -> Json:
    """What is told of a connection whatever its state is."""
    return {
        "number": connection.number,
        "source": connection.source,
        "destination": connection.destination,
        "protocol": connection.protocol,
        "port": connection.port,
        "classification": connection.classification,
        "data": connection.data,
    }


def _connection(state: ConnectionState, row: Connection) -> Json:
    return row_of(row) | {
        "status": state.status.value,
        "since": instant(state.since),
        "observed_at": instant(state.observed_at),
        "reasons": [_reason(reason) for reason in state.reasons],
        "witnesses": {
            mark.witness.value: mark.status.value for mark in state.witnesses
        },
        "heard": _heard(state.witnesses),
        "metrics": _metrics(state.metrics),
        "flapping": state.flapping,
    }


def _heard(marks: tuple[WitnessMark, ...]) -> Json:
    """When each witness last spoke, and what it said."""
    return {
        mark.witness.value: {"at": instant(mark.observed_at), "text": mark.text}
        for mark in marks
    }


def _metrics(metrics: Metrics) -> Json:
    return {name: _rounded(getattr(metrics, name)) for name in Metrics.__slots__}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _reason(reason: Reason) -> Json:
    return {
        "witness": None if reason.witness is None else reason.witness.value,
        "status": reason.status.value,
        "text": reason.text,
        "observed_at": instant(reason.observed_at),
    }


def _node(node: NodeState) -> Json:
    return {
        "id": node.id,
        "label": node.label,
        "status": node.status.value,
        "since": instant(node.since),
        "ready": node.ready,
        "desired": node.desired,
        "restarts": node.restarts,
        "reasons": [_reason(reason) for reason in node.reasons],
        "witnesses": {mark.witness.value: mark.status.value for mark in node.witnesses},
        "heard": _heard(node.witnesses),
        "pods": [_pod(pod) for pod in node.pods],
        "events": [
            {"at": instant(at), "reason": reason, "message": message}
            for at, reason, message in node.events
        ],
        "flapping": node.flapping,
        "version": node.version,
        "memory": node.memory,
        "memory_limit": node.memory_limit,
        "clients": node.clients,
        "clients_limit": node.clients_limit,
        "lag_s": node.lag_s,
        **_usage(node),
    }


def _usage(node: NodeState) -> Json:
    plain = {name: getattr(node, name) for name in Usage._fields}
    return plain | {"users_marks": list(node.users_marks)}


def _pod(pod: PodState) -> Json:
    plain = {name: getattr(pod, name) for name in PodState.__slots__}
    return plain | {"started_at": instant(pod.started_at)}


def _source(source: SourceState, at: datetime) -> Json:
    heard = source.last_success
    age = None if heard is None else (at - heard).total_seconds()
    return {
        "name": source.name,
        "status": source.status.value,
        "last_success": instant(source.last_success),
        "age_s": _rounded(age),
        "error": source.error,
        "feeds": source.feeds,
        "troubled": source.troubled,
    }


def _suspect(suspect: Suspect) -> Json:
    return {
        "node": suspect.node,
        "connection": suspect.connection,
        "host": suspect.host,
        "explains": list(suspect.explains),
        "first_seen": instant(suspect.first_seen),
        "text": suspect.text,
    }
