"""The numbered connections: from the findings of their ends to what is shown.

A connection is judged by its destination (can it answer?), by its own traffic, and by
its source only in this: a source that is down calls nobody, so its connections are
idle, not failing. One cause, one red box.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain import rules_alerts, rules_silence, rules_stores, rules_traffic
from app.domain.boxes import ALL_CALLERS
from app.domain.case import Case, case_of
from app.domain.finding import Finding
from app.domain.judged import (
    Judged,
    Results,
    settle,
    sight_of,
    silence_reason,
)
from app.domain.kept import Kept, again
from app.domain.loads import metrics
from app.domain.marks import marks, reasons
from app.domain.silences import Silenced
from app.domain.snapshot import ConnectionState, Metrics, Reason
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.verdict import Track, step
from app.domain.view import heard

BY_CALLER = "counted by the caller"


Found = tuple[Finding, ...]


@dataclass(slots=True)
class Judgement(Results[int, ConnectionState]):
    """`found`: what is held for and against each connection. `turns`: the moments at
    which time alone changes what is found."""

    found: dict[int, Kept[Found]] = field(default_factory=dict)
    turns: Sequence[datetime] = ()

    def lasts(self, now: datetime) -> bool:
        """Whether nothing that is found has turned with time."""
        return all(now < at for at in self.turns)


def judge_connections(
    judged: Judged, before: Judgement, news: Set[Subject] | None
) -> Judgement:
    """All connections of the picture, in number order. `news` since `before`."""
    known = news if before.lasts(judged.now) else None
    still = before.still(judged.tracks, known, judged.topology.around)
    results = Judgement(turns=_turns(judged))
    results.wake_at += results.turns
    for connection in judged.topology.connections:
        number = connection.number
        if number in still:
            results.settled[number] = still[number]
            results.found[number] = before.found[number]
            continue
        case = case_of(connection, judged)
        kept = again(
            before.found.get(number), (case,), functools.partial(_findings, case)
        )
        found, track = kept.made, judged.tracks.get(number)
        silenced = judged.maintained(number, found, case.end)
        seen = judged.left.saw(number)
        override = _override(case, found, silenced, seen=seen)
        settled, waits = settle(
            before.settled.get(number),
            (case, found, silenced, seen),
            track,
            functools.partial(step, track, found, case.limits, judged.now, override),
            functools.partial(_state, case, found, silenced),
            stands=_stands(case, found, judged),
        )
        results.found[number], results.settled[number] = kept, settled
        results.wake_at += waits
    return results


def _turns(judged: Judged) -> list[datetime]:
    """When a silence, or the lack of one, begins to count, and when those who look for
    calls will have looked for long enough."""
    quiets, now = judged.calls.quiet, judged.now
    turns = judged.past.watch.ends(now)
    for number in judged.expected.of:
        quiet, expected = quiets.get(number), judged.expects(number)
        turns += rules_silence.turns(quiet, expected, judged.limits.of(number))
    return [at for at in turns if at > now]


def _findings(case: Case) -> Found:
    """What the destination's witnesses say, its traffic told by the nearest counter."""
    ends = case.word.found
    rest = [f for f in ends if not f.node_only and not _is_load(f) and not _is_pool(f)]
    told = rules_traffic.findings(case.own, case.limits, case.end, BY_CALLER)
    if all(load.requests is None for load in case.own):
        told += _served(case)
    # Of equal marks the first is told, and load says more than a gauge within limits.
    alerts = rules_alerts.findings(case.views[0])
    seen, pool = _callers_seen(case), _pool(case)
    silent = () if case.silent is None else (case.silent,)
    return (*told, *silent, *seen, *rest, *pool, *alerts, *case.unseen)


def _served(case: Case) -> list[Finding]:
    """All that the destination answered, whoever asked; of a group, its parts too."""
    if case.limits is case.common or case.topology.box(case.end).members:
        return [f for f in case.word.found if _is_load(f)]
    return rules_traffic.findings(case.served, case.limits, case.end, ALL_CALLERS)


def _callers_seen(case: Case) -> list[Finding]:
    """What the store at its end says of the connections from its source."""
    label = case.topology.box(case.connection.source).label
    return rules_stores.connected(
        case.counted, case.seen_before, case.callers, label, lull=case.lull
    )


def _is_load(finding: Finding) -> bool:
    measured = finding.rule.startswith("measure-")
    return finding.witness is Witness.TRAFFIC and not measured


def _pool(case: Case) -> list[Finding]:
    """The caller's own database pool, on the connection that it feeds."""
    source = case.connection.source
    if rules_traffic.POOLS.get(source) != case.connection.number:
        return []
    found = rules_traffic.measures(case.callers[0], case.limits)
    return [f for f in found if _is_pool(f)]


def _is_pool(finding: Finding) -> bool:
    """A box's own database pool says nothing about those who call the box."""
    return finding.rule == "measure-pool_saturation"


def _override(
    case: Case, found: Found, silenced: Silenced | None, *, seen: bool
) -> Status | None:
    if case.gone:
        return Status.ABSENT
    if silenced is not None:
        return Status.MAINTENANCE
    return Status.IDLE if case.source_down else sight_of(case.views, found, seen=seen)


def _stands(case: Case, found: Found, judged: Judged) -> bool:
    """Whether it is shown as another process showed it."""
    left, number = judged.left, case.connection.number
    if number not in left.waiting:
        return False
    spoken = judged.spoken(case.end, found)
    if judged.half_heard(case.end) or left.stands(number, found, spoken):
        return True
    # It is idle where its source is down, and no half of the witnesses tells that.
    calm = left.idle(number) or not left.worse(number, found)
    return calm and judged.stands(case.connection.source)


def _state(
    case: Case, found: Found, silenced: Silenced | None, track: Track
) -> ConnectionState:
    told = reasons(found, track, case.limits)
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
    told, counted = metrics(case.own or case.served, _saturation(case)), case.counted
    if counted is None:
        return told
    return replace(told, connections_active=float(counted.open))


def _saturation(case: Case) -> float | None:
    source, end = case.connection.source, case.views[1]
    if rules_traffic.POOLS.get(source) == case.connection.number:
        return rules_traffic.saturation(case.callers[0], "pool_saturation")
    most = case.common.bounds["workspace_users"].mark("failing")
    users = rules_traffic.saturation(end, "workspace_users", most)
    own = rules_stores.saturation(end)
    full = rules_traffic.saturation(end, "connection_saturation")
    known = [share for share in (own, full, users) if share is not None]
    return known[0] if known else None


def _own_reason(case: Case, track: Track) -> tuple[Reason, ...]:
    """Our own conclusions, where no finding of the destination explains the status."""
    text = _own_text(case, track.status)
    return (Reason(None, track.status, text, track.since),) if text else ()


def _own_text(case: Case, status: Status) -> str | None:
    topology = case.topology
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
