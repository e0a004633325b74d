"""The boxes: from findings to the states that are shown."""

from __future__ import annotations

import functools
from collections.abc import Set
from datetime import datetime

from app.domain.facts import ENDED, EventFact, PodFact, WorkloadFact
from app.domain.judged import (
    Judged,
    Results,
    settle,
    sight_of,
    silence_reason,
)
from app.domain.marks import marks, reasons
from app.domain.silences import Silenced
from app.domain.snapshot import NodeState, PodState, Reason
from app.domain.status import Status
from app.domain.stored import stored, version
from app.domain.subject import NodeId, Subject
from app.domain.topology import Box
from app.domain.usage import usage
from app.domain.verdict import Step, Track, step
from app.domain.view import View, heard

EVENTS_SHOWN = 10


def judge_nodes(
    judged: Judged, before: Results[NodeId, NodeState], news: Set[Subject] | None
) -> Results[NodeId, NodeState]:
    """Every box of the picture, in the picture's order. `news` since `before`."""
    results: Results[NodeId, NodeState] = Results()
    still = before.still(judged.tracks, news, judged.topology.parts)
    for box in judged.topology.boxes:
        if box.id in still:
            results.settled[box.id] = still[box.id]
            continue
        track = judged.tracks.get(box.id)
        settled, waits = settle(
            before.settled.get(box.id),
            _inputs(box, judged),
            track,
            functools.partial(_walk, box, judged, track),
            functools.partial(_state, box, judged),
            stands=judged.stands(box.id),
        )
        results.settled[box.id] = settled
        results.wake_at += waits
    return results


def _inputs(box: Box, judged: Judged) -> tuple[object, ...]:
    word = judged.words.of(box.id)
    return (
        word,
        _views(box, judged),
        judged.maintained(box.id, word.found),
        box.id in judged.absent,
        judged.left.saw(box.id),
        judged.topology,
        judged.limits,
    )


def _views(box: Box, judged: Judged) -> list[View]:
    return [judged.view(node) for node in (box.id, *box.members)]


def _walk(box: Box, judged: Judged, track: Track | None) -> Step:
    found = judged.words.of(box.id).found
    seen = judged.left.saw(box.id)
    sight = sight_of(_views(box, judged), found, seen=seen)
    override = _override(box, judged, judged.maintained(box.id, found), sight)
    return step(track, found, judged.limits, judged.now, override)


def _override(
    box: Box, judged: Judged, silenced: Silenced | None, sight: Status | None
) -> Status | None:
    if box.id in judged.absent:
        return Status.ABSENT
    return sight if silenced is None else Status.MAINTENANCE


def _state(box: Box, judged: Judged, track: Track) -> NodeState:
    found, views = judged.words.of(box.id).found, _views(box, judged)
    silenced = judged.maintained(box.id, found)
    pods = _pods(views)
    works = [seen.fact for view in views for seen in view.all(WorkloadFact)]
    told = reasons(found, track, judged.limits)
    held = stored(views)
    uses = usage(views, judged.limits)
    there = [pod for pod in pods if pod.phase not in ENDED]
    return NodeState(
        id=box.id,
        label=box.label,
        status=track.status,
        since=track.since,
        ready=sum(pod.ready for pod in pods) if pods or works else None,
        desired=sum(work.desired for work in works) if works else None,
        restarts=sum(pod.restarts for pod in there) if pods else None,
        reasons=(*silence_reason(track, silenced), *told)
        or _own_reason(box, judged, track),
        witnesses=marks(found, heard(views)),
        pods=pods,
        events=_events(views),
        flapping=track.flapping,
        version=version(views),
        memory=held.memory,
        memory_limit=held.memory_limit,
        clients=held.clients,
        clients_limit=held.clients_limit,
        lag_s=held.lag_s,
        **uses._asdict(),
    )


def _own_reason(box: Box, judged: Judged, track: Track) -> tuple[Reason, ...]:
    """Why there is nothing to say."""
    spaces = {judged.topology.namespace_of(work.role) for work in box.workloads}
    names = ", ".join(work.names[0] for work in box.workloads)
    where = f" (looked for {names} in namespace {', '.join(sorted(spaces))})"
    texts = {
        Status.NO_DATA: f"no witness has ever spoken{where if names else ''}",
        Status.STALE: "every witness is older than its source allows",
        Status.ABSENT: "not installed, by configuration or because no trace was found",
    }
    text = texts.get(track.status)
    return (Reason(None, track.status, text, track.since),) if text else ()


def _pods(views: list[View]) -> tuple[PodState, ...]:
    facts = [seen.fact for view in views for seen in view.all(PodFact)]
    return tuple(
        PodState(
            name=pod.name,
            workload=pod.workload,
            phase=pod.phase,
            ready=pod.ready and not pod.terminating,
            restarts=pod.restarts,
            terminating=pod.terminating,
            waiting=pod.waiting_reason,
            message=pod.waiting_message,
            last_exit=pod.last_exit,
            ip=pod.ip,
            host=pod.host,
            started_at=pod.started_at,
            zone=pod.zone,
        )
        for pod in sorted(facts, key=lambda pod: (pod.workload, pod.name))
    )


def _events(views: list[View]) -> tuple[tuple[datetime, str, str], ...]:
    facts = [seen.fact for view in views for seen in view.all(EventFact)]
    facts.sort(key=lambda event: event.last_seen, reverse=True)
    return tuple(
        (event.last_seen, event.reason, f"{event.about}: {event.message}")
        for event in facts[:EVENTS_SHOWN]
    )
