"""From knowledge to a snapshot: the one function that the pipeline asks.

Pure: the same knowledge, memory and moment give the same outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain import boxes, evicted, silences, turns, windows
from app.domain.calls import calls
from app.domain.charges import Charges, charges
from app.domain.connections import Found, judge_connections
from app.domain.expected import Calendar, Expectations, expectations
from app.domain.habits import Habits
from app.domain.judged import Judged, Settled
from app.domain.kept import Kept, again
from app.domain.knowledge import Knowledge
from app.domain.limits import Limits
from app.domain.loads import Loads, loads
from app.domain.nodes import judge_nodes
from app.domain.past import Past, remember
from app.domain.presence import absent_boxes, listed_namespaces
from app.domain.said import Own
from app.domain.sight import Answers, Sight, answers, catalog_at
from app.domain.snapshot import ConnectionState, NodeState, Snapshot
from app.domain.sources import source_states
from app.domain.status import worst
from app.domain.subject import NodeId, Subject
from app.domain.suspects import suspects
from app.domain.topology import Topology
from app.domain.verdict import LEVELS, Track
from app.domain.view import Sorted, Views, sort
from app.domain.windows import Window


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is watched: its id, its picture, its limits, the configured sources, when
    calls must be seen, and the maintenance windows, past and to come."""

    id: str
    topology: Topology
    limits: Limits
    sources: tuple[str, ...] = ()
    calendar: Calendar = Calendar()
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What the last evaluation made, to be taken over where its inputs are the same."""

    heard: Sorted = field(default_factory=Sorted)
    answers: Kept[Answers] = Kept((), Answers())
    loads: Mapping[Subject, Kept[Loads]] = field(default_factory=dict)
    expected: Kept[Expectations] = Kept((), Expectations())
    owns: Mapping[NodeId, Kept[Own]] = field(default_factory=dict)
    words: boxes.Words = field(default_factory=boxes.Words)
    nodes: Mapping[NodeId, Settled[NodeState]] = field(default_factory=dict)
    found: Mapping[int, Kept[Found]] = field(default_factory=dict)
    connections: Mapping[int, Settled[ConnectionState]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """What must be remembered between two evaluations (holds, changes); opaque.

    `habits`: what is usual at each hour, told from outside.
    """

    tracks: Mapping[Subject, Track] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
    charges: Charges = field(default_factory=Charges)
    habits: Habits = field(default_factory=Habits)
    at: datetime | None = None
    made: Made = field(default_factory=Made)
    """Spares work, and changes nothing that comes of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wake_at`: the earliest moment at which the verdict changes by time alone."""

    snapshot: Snapshot
    memory: Memory
    wake_at: datetime | None


def evaluate(
    deployment: Deployment, knowledge: Knowledge, memory: Memory, now: datetime
) -> Outcome:
    """Judge everything at `now`. `snapshot.version` is 0: the pipeline numbers it.

    A clock that was set back makes every hold meaningless: they begin anew.
    """
    if memory.at is not None and now < memory.at:
        memory = Memory(past=memory.past, habits=memory.habits)
    judged, made = _weighed(deployment, knowledge, memory, now)
    before = memory.made
    nodes = judge_nodes(judged, before.nodes)
    connections = judge_connections(judged, before.connections, before.found)
    tracks = nodes.tracks | connections.tracks
    topology = deployment.topology
    charged = charges(judged, connections.found, tracks, memory.charges)
    snapshot = Snapshot(
        deployment=deployment.id,
        version=0,
        at=now,
        status=worst(state.status for state in connections.states),
        connections=connections.states,
        nodes=nodes.states,
        sources=source_states(
            deployment.sources, knowledge, now, probes_blind=made.answers.made.blind
        ),
        suspects=suspects(topology, charged, tracks, _bad(tracks)),
        maintenance=windows.in_force(deployment.windows, now),
    )
    waits = [*nodes.wake_at, *connections.wake_at]
    waits += _aging(knowledge, made.heard.views, now)
    waits += silences.ends(judged.silenced)
    waits += windows.turns(deployment.windows, now)
    waits += turns.ends(judged.past.turning, _window(judged.limits))
    waits += evicted.ends(judged.past.evicted, _patience(judged.limits), now)
    waits += judged.past.watch.ends(now)
    waits += [until] if (until := judged.expected.until) else []
    made = replace(
        made,
        nodes=nodes.settled,
        found=connections.found,
        connections=connections.settled,
    )
    memory = Memory(tracks, judged.past, charged, memory.habits, now, made)
    return Outcome(snapshot, memory, min(waits, default=None))


def _weighed(
    deployment: Deployment, knowledge: Knowledge, memory: Memory, now: datetime
) -> tuple[Judged, Made]:
    """What is known and what is said of each box, before anything is judged."""
    topology, limits, before = deployment.topology, deployment.limits, memory.made
    heard = sort(knowledge, now, before.heard)
    views = heard.views
    past = remember(memory.past, topology, heard, now, _window(limits))
    answered = answers(views, before.answers)
    catalog = knowledge.complete_at(("consul", "catalog"), now)
    sight = Sight(
        past=past,
        listed=listed_namespaces(topology, knowledge, now),
        catalog_at=catalog_at(catalog, views, past),
        answers=answered.made,
        turning=turns.often(past.turning),
    )
    absent = absent_boxes(topology, views, sight)
    counted = loads(views, before.loads)
    traffic = {subject: kept.made for subject, kept in counted.items()}
    away = evicted.away(past.evicted, now, _patience(limits))
    owns = boxes.owns(topology, views, traffic, away, limits, before.owns)
    said = {node: kept.made for node, kept in owns.items()}
    words = boxes.words(topology, views, sight, limits, said, before.words)
    planned = windows.in_force(deployment.windows, now)
    silenced = silences.silences(views, planned, topology, now)
    past = replace(past, calls=calls(topology, views, traffic, memory.past.calls))
    expected = _expected(deployment, memory, now)
    judged = Judged(
        topology, limits, views, words, absent, silenced, past, memory.tracks,
        traffic, expected.made, now,
    )  # fmt: skip
    return judged, Made(heard, answered, counted, expected, owns, words)


def _expected(
    deployment: Deployment, memory: Memory, now: datetime
) -> Kept[Expectations]:
    """Calendars and habits turn at whole minutes."""
    numbers = [connection.number for connection in deployment.topology.connections]
    minute = now.replace(second=0, microsecond=0)
    of = (deployment.calendar, memory.habits, deployment.limits, numbers, minute)
    return again(memory.made.expected, of, lambda: expectations(*of))


def _window(limits: Limits) -> timedelta:
    return timedelta(seconds=limits.flap_window)


def _patience(limits: Limits) -> timedelta:
    """How long others may take to come for pods that were evicted."""
    return timedelta(seconds=limits.understaffed)


def _bad(tracks: Mapping[Subject, Track]) -> dict[int, datetime]:
    """The connections that are shown bad, and since when."""
    return {
        subject: track.since
        for subject, track in tracks.items()
        if isinstance(subject, int) and track.status in LEVELS
    }


def _aging(knowledge: Knowledge, views: Views, now: datetime) -> list[datetime]:
    """When the next fact or feed becomes too old to be believed."""
    ends = [state.good_until for state in knowledge.feeds.values()]
    ends += [view.ages for view in views.values()]
    # A fact is old only after its limit has passed, not at it.
    soonest = min((end for end in ends if end and end >= now), default=None)
    return [] if soonest is None else [soonest + timedelta(milliseconds=1)]
