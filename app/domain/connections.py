"""The numbered connections: from the findings of their ends to what is shown.

A connection is judged by its destination (can it answer?), by its own traffic, and by
its source only in this: a source that is down calls nobody, so its connections are
idle, not failing. One cause, one red box.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace

from app.domain import rules_alerts, rules_stores, rules_traffic
from app.domain.boxes import ALL_CALLERS, is_down
from app.domain.finding import Finding
from app.domain.judged import Judged, Results, shared_inputs, sight_of, silence_reason
from app.domain.kept import Kept, again
from app.domain.limits import Limits
from app.domain.loads import Loads, metrics
from app.domain.marks import marks, reasons
from app.domain.rules_alerts import Silenced
from app.domain.snapshot import ConnectionState, Metrics, Reason
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.topology import Connection
from app.domain.verdict import Track, step
from app.domain.view import View, heard

BY_CALLER = "counted by the caller"


def judge_connections(
    judged: Judged, before: Mapping[int, Kept[ConnectionState]]
) -> Results[int, ConnectionState]:
    """All connections of the picture, in number order."""
    results: Results[int, ConnectionState] = Results()
    for connection in judged.topology.connections:
        limits = judged.limits.of(connection.number)
        views = _views(connection, judged)
        found = _findings(connection, judged, limits)
        override = _override(connection, judged, views, found)
        track = judged.tracks.get(connection.number)
        stepped = step(track, found, limits, judged.now, override)
        results.tracks[connection.number] = stepped.track
        results.wake_at += stepped.wake_at
        results.kept[connection.number] = again(
            before.get(connection.number),
            (
                *_inputs(connection, judged, views, found),
                *shared_inputs(judged, stepped.track),
            ),
            functools.partial(_state, connection, judged, views, found, stepped.track),
        )
    return results


def _inputs(
    connection: Connection, judged: Judged, views: list[View], found: list[Finding]
) -> tuple[object, ...]:
    """All that `_state` looks at, the track apart."""
    ends = {connection.source, connection.destination}
    source = judged.topology.box(connection.source)
    callers = [judged.view(node) for node in (source.id, *source.members)]
    seen = [view.seen for view in (*views, *callers)]
    down = is_down(judged.found[connection.source])
    limits = judged.limits.of(connection.number)
    silenced = _silenced(connection, judged, found)
    return found, seen, ends & judged.absent, down, limits, silenced


def _views(connection: Connection, judged: Judged) -> list[View]:
    box = judged.topology.box(connection.destination)
    subjects: tuple[Subject, ...] = (connection.number, box.id, *box.members)
    return [judged.view(subject) for subject in subjects]


def _findings(connection: Connection, judged: Judged, limits: Limits) -> list[Finding]:
    """What the destination's witnesses say, its traffic told by the nearest counter."""
    ends = judged.found[connection.destination]
    rest = [f for f in ends if not f.node_only and not _is_load(f) and not _is_pool(f)]
    own = judged.loads.get(connection.number, ())
    end = connection.destination
    told = rules_traffic.findings(own, limits, end, BY_CALLER)
    if all(load.requests is None for load in own):
        told += _served(connection, judged, limits)
    # Of equal marks the first is told, and load says more than a gauge within limits.
    alerts = rules_alerts.findings(judged.view(connection.number))
    seen = _callers_seen(connection, judged)
    return [*told, *seen, *rest, *_pool(connection, judged, limits), *alerts]


def _served(connection: Connection, judged: Judged, limits: Limits) -> list[Finding]:
    """All that the destination answered, whoever asked; of a group, its parts too."""
    end = connection.destination
    if limits is judged.limits or judged.topology.box(end).members:
        return [f for f in judged.found[end] if _is_load(f)]
    load = judged.loads.get(end, ())
    return rules_traffic.findings(load, limits, end, ALL_CALLERS)


def _counted(connection: Connection, judged: Judged) -> rules_stores.Counted | None:
    source = judged.topology.box(connection.source)
    store = judged.view(connection.destination)
    return rules_stores.counted(store, (source.id, *source.members))


def _callers_seen(connection: Connection, judged: Judged) -> list[Finding]:
    """What the store at its end says of the connections from its source."""
    source = judged.topology.box(connection.source)
    callers = (source.id, *source.members)
    found = _counted(connection, judged)
    pairs = {(caller, connection.destination) for caller in callers}
    before = bool(pairs & judged.past.connected)
    views = [judged.view(caller) for caller in callers]
    return rules_stores.connected(found, before, views, source.label)


def _is_load(finding: Finding) -> bool:
    measured = finding.rule.startswith("measure-")
    return finding.witness is Witness.TRAFFIC and not measured


def _pool(connection: Connection, judged: Judged, limits: Limits) -> list[Finding]:
    """The caller's own database pool, on the connection that it feeds."""
    if rules_traffic.POOLS.get(connection.source) != connection.number:
        return []
    found = rules_traffic.measures(judged.view(connection.source), limits)
    return [f for f in found if _is_pool(f)]


def _is_pool(finding: Finding) -> bool:
    """A box's own database pool says nothing about those who call the box."""
    return finding.rule == "measure-pool_saturation"


def _silenced(
    connection: Connection, judged: Judged, found: list[Finding]
) -> Silenced | None:
    """Who answers is being worked on, or the connection itself is."""
    return judged.maintained(connection.number, found, connection.destination)


def _override(
    connection: Connection, judged: Judged, views: list[View], found: list[Finding]
) -> Status | None:
    ends = {connection.source, connection.destination}
    if ends & judged.absent:
        return Status.ABSENT
    if _silenced(connection, judged, found) is not None:
        return Status.MAINTENANCE
    if is_down(judged.found[connection.source]):
        return Status.IDLE
    return sight_of(views, found)


def _state(
    connection: Connection,
    judged: Judged,
    views: list[View],
    found: list[Finding],
    track: Track,
) -> ConnectionState:
    limits = judged.limits.of(connection.number)
    told = reasons(found, track, limits, judged.now)
    silenced = _silenced(connection, judged, found)
    own = silence_reason(track, silenced) or _own_reason(connection, judged, track)
    spoken = heard(views)
    fresh = [one.fresh_at for one in spoken.values() if one.fresh_at is not None]
    every = [one.at for one in spoken.values()]
    loads = judged.loads
    load = loads.get(connection.number) or loads.get(connection.destination, ())
    full = _saturation(connection, judged)
    return ConnectionState(
        number=connection.number,
        status=track.status,
        since=track.since,
        observed_at=max(fresh or every, default=None),
        reasons=(*own, *told),
        witnesses=marks(found, spoken),
        metrics=_metrics(connection, judged, load, full),
        flapping=track.flapping,
    )


def _metrics(
    connection: Connection, judged: Judged, load: Loads, full: float | None
) -> Metrics:
    """The live numbers; a store's own count of connections goes before others."""
    counted = _counted(connection, judged)
    told = metrics(load, full)
    if counted is None:
        return told
    return replace(told, connections_active=float(counted.open))


def _saturation(connection: Connection, judged: Judged) -> float | None:
    if rules_traffic.POOLS.get(connection.source) == connection.number:
        view = judged.view(connection.source)
        return rules_traffic.saturation(view, "pool_saturation")
    view = judged.view(connection.destination)
    most = judged.limits.bounds["workspace_users"].mark("failing")
    users = rules_traffic.saturation(view, "workspace_users", most)
    own = rules_stores.saturation(view)
    full = rules_traffic.saturation(view, "connection_saturation")
    known = [share for share in (own, full, users) if share is not None]
    return known[0] if known else None


def _own_reason(
    connection: Connection, judged: Judged, track: Track
) -> tuple[Reason, ...]:
    """Our own conclusions, where no finding of the destination explains the status."""
    text = _own_text(connection, judged, track.status)
    return (Reason(None, track.status, text, track.since),) if text else ()


def _own_text(connection: Connection, judged: Judged, status: Status) -> str | None:
    if status is Status.IDLE and is_down(judged.found[connection.source]):
        source = judged.topology.box(connection.source).label
        return f"source is down: {source} calls nobody"
    if status is Status.ABSENT:
        ends = (connection.source, connection.destination)
        gone = [judged.topology.box(n).label for n in ends if n in judged.absent]
        return f"not installed: {', '.join(gone)}"
    texts = {
        Status.STALE: "every witness is older than its source allows",
        Status.NO_DATA: "no witness has ever spoken about its destination",
    }
    return texts.get(status)
