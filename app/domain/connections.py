"""The numbered connections: from the findings of their ends to what is shown.

A connection is judged by its destination (can it answer?), by its own traffic, and by
its source only in this: a source that is down calls nobody, so its connections are
idle, not failing. One cause, one red box.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain import (
    rules_alerts,
    rules_silence,
    rules_stores,
    rules_traffic,
    rules_unseen,
)
from app.domain.boxes import ALL_CALLERS
from app.domain.case import Case, case_of
from app.domain.finding import Finding
from app.domain.judged import (
    Judged,
    Results,
    Settled,
    settle,
    sight_of,
    silence_reason,
)
from app.domain.kept import Kept, again
from app.domain.loads import metrics
from app.domain.marks import marks, reasons
from app.domain.snapshot import ConnectionState, Metrics, Reason
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.verdict import Step, Track, step
from app.domain.view import heard

BY_CALLER = "counted by the caller"


Found = tuple[Finding, ...]


@dataclass(slots=True)
class Judgement(Results[int, ConnectionState]):
    """`found`: what is held for and against each connection."""

    found: dict[int, Kept[Found]] = field(default_factory=dict)


def judge_connections(
    judged: Judged,
    before: Mapping[int, Settled[ConnectionState]],
    found_before: Mapping[int, Kept[Found]],
) -> Judgement:
    """All connections of the picture, in number order."""
    results = Judgement()
    for connection in judged.topology.connections:
        number, case = connection.number, case_of(connection, judged)
        unseen = _unseen(case)
        heard_of = (*_heard_of(case), unseen)
        findings = functools.partial(_findings, case, unseen)
        kept = again(found_before.get(number), heard_of, findings)
        found, track = kept.made, judged.tracks.get(number)
        settled, waits = settle(
            before.get(number),
            (found, *heard_of, case.maintained(found), case.source_down, case.gone),
            track,
            functools.partial(_walk, case, found, track),
            functools.partial(_state, case, found),
        )
        results.found[number], results.settled[number] = kept, settled
        results.wake_at += (*waits, *_turns(case))
    return results


def _turns(case: Case) -> list[datetime]:
    """When its silence, or the lack of one, begins to count."""
    judged, number = case.judged, case.connection.number
    quiet, expected = judged.past.calls.quiet.get(number), judged.expects(number)
    turns = rules_silence.turns(quiet, expected, case.limits)
    return [at for at in turns if at > judged.now]


def _heard_of(case: Case) -> tuple[object, ...]:
    """All that `_findings` looks at besides what it is handed."""
    judged = case.judged
    return (
        judged.words.of(case.end),
        case.views,
        case.callers,
        case.seen_before,
        case.silent,
        case.lull,
        case.limits,
        judged.limits,
        judged.topology,
    )


def _findings(case: Case, unseen: Sequence[Finding]) -> Found:
    """What the destination's witnesses say, its traffic told by the nearest counter."""
    connection, judged, limits = case.connection, case.judged, case.limits
    ends = judged.words.of(case.end).found
    rest = [f for f in ends if not f.node_only and not _is_load(f) and not _is_pool(f)]
    own = judged.loads.get(connection.number, ())
    told = rules_traffic.findings(own, limits, case.end, BY_CALLER)
    if all(load.requests is None for load in own):
        told += _served(case)
    # Of equal marks the first is told, and load says more than a gauge within limits.
    alerts = rules_alerts.findings(judged.view(connection.number))
    seen, pool = _callers_seen(case), _pool(case)
    silent = () if case.silent is None else (case.silent,)
    return (*told, *silent, *seen, *rest, *pool, *alerts, *unseen)


def _unseen(case: Case) -> list[Finding]:
    """Who would see the connection, and never did; nothing where others saw it."""
    judged, connection = case.judged, case.connection
    watch, now, topology = judged.past.watch, judged.now, judged.topology
    if not watch.since or case.seen_before or judged.words.of(case.end).down:
        return []
    counted = _counted(case)
    store = judged.view(case.end)
    return [
        *rules_unseen.by_telemetry(connection, topology, judged.loads, watch, now),
        *rules_unseen.by_store(connection, topology, counted, store, watch, now),
    ]


def _served(case: Case) -> list[Finding]:
    """All that the destination answered, whoever asked; of a group, its parts too."""
    judged, end = case.judged, case.end
    if case.limits is judged.limits or judged.topology.box(end).members:
        return [f for f in judged.words.of(end).found if _is_load(f)]
    load = judged.loads.get(end, ())
    return rules_traffic.findings(load, case.limits, end, ALL_CALLERS)


def _counted(case: Case) -> rules_stores.Counted | None:
    source = case.judged.topology.box(case.connection.source)
    store = case.judged.view(case.end)
    return rules_stores.counted(store, (source.id, *source.members))


def _callers_seen(case: Case) -> list[Finding]:
    """What the store at its end says of the connections from its source."""
    label = case.judged.topology.box(case.connection.source).label
    counted = _counted(case)
    return rules_stores.connected(
        counted, case.seen_before, case.callers, label, lull=case.lull
    )


def _is_load(finding: Finding) -> bool:
    measured = finding.rule.startswith("measure-")
    return finding.witness is Witness.TRAFFIC and not measured


def _pool(case: Case) -> list[Finding]:
    """The caller's own database pool, on the connection that it feeds."""
    source = case.connection.source
    if rules_traffic.POOLS.get(source) != case.connection.number:
        return []
    found = rules_traffic.measures(case.judged.view(source), case.limits)
    return [f for f in found if _is_pool(f)]


def _is_pool(finding: Finding) -> bool:
    """A box's own database pool says nothing about those who call the box."""
    return finding.rule == "measure-pool_saturation"


def _walk(case: Case, found: Found, track: Track | None) -> Step:
    override = _override(case, found)
    return step(track, found, case.limits, case.judged.now, override)


def _override(case: Case, found: Found) -> Status | None:
    if case.gone:
        return Status.ABSENT
    if case.maintained(found) is not None:
        return Status.MAINTENANCE
    return Status.IDLE if case.source_down else sight_of(case.views, found)


def _state(case: Case, found: Found, track: Track) -> ConnectionState:
    told = reasons(found, track, case.limits, case.judged.now)
    silenced = case.maintained(found)
    own = silence_reason(track, silenced) or _own_reason(case, track)
    spoken = heard(case.views)
    fresh = [one.fresh_at for one in spoken.values() if one.fresh_at is not None]
    every = [one.at for one in spoken.values()]
    return ConnectionState(
        number=case.connection.number,
        status=track.status,
        since=track.since,
        observed_at=max(fresh or every, default=None),
        reasons=(*own, *told),
        witnesses=marks(found, spoken),
        metrics=_metrics(case),
        flapping=track.flapping,
    )


def _metrics(case: Case) -> Metrics:
    """The live numbers; a store's own count of connections goes before others."""
    loads = case.judged.loads
    load = loads.get(case.connection.number) or loads.get(case.end, ())
    told, counted = metrics(load, _saturation(case)), _counted(case)
    if counted is None:
        return told
    return replace(told, connections_active=float(counted.open))


def _saturation(case: Case) -> float | None:
    judged, source = case.judged, case.connection.source
    if rules_traffic.POOLS.get(source) == case.connection.number:
        return rules_traffic.saturation(judged.view(source), "pool_saturation")
    view = judged.view(case.end)
    most = judged.limits.bounds["workspace_users"].mark("failing")
    users = rules_traffic.saturation(view, "workspace_users", most)
    own = rules_stores.saturation(view)
    full = rules_traffic.saturation(view, "connection_saturation")
    known = [share for share in (own, full, users) if share is not None]
    return known[0] if known else None


def _own_reason(case: Case, track: Track) -> tuple[Reason, ...]:
    """Our own conclusions, where no finding of the destination explains the status."""
    text = _own_text(case, track.status)
    return (Reason(None, track.status, text, track.since),) if text else ()


def _own_text(case: Case, status: Status) -> str | None:
    topology = case.judged.topology
    if status is Status.IDLE and case.source_down:
        source = topology.box(case.connection.source).label
        return f"source is down: {source} calls nobody"
    if status is Status.ABSENT:
        ends = (case.connection.source, case.end)
        gone = [topology.box(node).label for node in ends if node in case.gone]
        return f"not installed: {', '.join(gone)}"
    texts = {
        Status.STALE: "every witness is older than its source allows",
        Status.NO_DATA: "no witness has ever spoken about its destination",
    }
    return texts.get(status)
