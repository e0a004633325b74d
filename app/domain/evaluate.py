"""From knowledge to a snapshot: the one function that the pipeline asks.

Pure: the same knowledge, memory and moment give the same outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain import boxes, rules_alerts, turns
from app.domain.connections import judge_connections
from app.domain.finding import Finding
from app.domain.judged import Judged
from app.domain.kept import Kept
from app.domain.knowledge import Knowledge
from app.domain.limits import Limits
from app.domain.loads import Loads, loads
from app.domain.nodes import judge_nodes
from app.domain.past import Past, remember
from app.domain.presence import absent_boxes, listed_namespaces
from app.domain.snapshot import ConnectionState, NodeState, Snapshot, Suspect
from app.domain.sources import source_states
from app.domain.status import worst
from app.domain.subject import NodeId, Subject, Witness
from app.domain.suspects import Accused, suspects
from app.domain.topology import Topology
from app.domain.verdict import LEVELS, Track
from app.domain.view import sort

ACCUSERS = (Witness.KUBERNETES, Witness.CONSUL, Witness.PROBE, Witness.BACKEND)
"""Traffic shows who suffers; these say who is ill."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is watched: its id, its picture, its limits, and the configured sources."""

    id: str
    topology: Topology
    limits: Limits
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What the last evaluation made, to be taken over where its inputs are the same."""

    loads: Mapping[Subject, Kept[Loads]] = field(default_factory=dict)
    owns: Mapping[NodeId, Kept[boxes.Own]] = field(default_factory=dict)
    nodes: Mapping[NodeId, Kept[NodeState]] = field(default_factory=dict)
    connections: Mapping[int, Kept[ConnectionState]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """What must be remembered between two evaluations (holds, changes); opaque."""

    tracks: Mapping[Subject, Track] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
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
        memory = Memory(past=memory.past)
    topology, limits = deployment.topology, deployment.limits
    views = sort(knowledge, now)
    window = timedelta(seconds=limits.flap_window)
    past = remember(memory.past, topology, views, now, window)
    sight = boxes.Sight(
        past=past,
        listed=listed_namespaces(topology, knowledge, now),
        catalog_at=knowledge.complete_at(("consul", "catalog"), now),
        probes_blind=boxes.probes_are_blind(views),
        answered_at=boxes.answered_at(views),
        turning=turns.often(past.turning),
    )
    absent = absent_boxes(topology, views, sight)
    counted = loads(views, memory.made.loads)
    traffic = {subject: kept.made for subject, kept in counted.items()}
    owns = boxes.owns(topology, views, traffic, limits, memory.made.owns)
    found = boxes.findings(topology, views, sight, limits, owns)
    silenced = rules_alerts.silences(views, now)
    judged = Judged(
        topology,
        limits,
        views,
        found,
        absent,
        silenced,
        past,
        memory.tracks,
        traffic,
        now,
    )
    nodes = judge_nodes(judged, memory.made.nodes)
    connections = judge_connections(judged, memory.made.connections)
    tracks = nodes.tracks | connections.tracks
    snapshot = Snapshot(
        deployment=deployment.id,
        version=0,
        at=now,
        status=worst(state.status for state in connections.states),
        connections=connections.states,
        nodes=nodes.states,
        sources=source_states(
            deployment.sources, knowledge, now, probes_blind=sight.probes_blind
        ),
        suspects=_suspects(judged, tracks),
    )
    waits = [*nodes.wake_at, *connections.wake_at, *_aging(knowledge, now)]
    waits += [*rules_alerts.ends(silenced), *turns.ends(past.turning, window)]
    made = Made(counted, owns, nodes.kept, connections.kept)
    memory = Memory(tracks, past, now, made)
    return Outcome(snapshot, memory, min(waits, default=None))


def _suspects(judged: Judged, tracks: Mapping[Subject, Track]) -> tuple[Suspect, ...]:
    bad = {
        subject: tracks[subject].since
        for subject in (c.number for c in judged.topology.connections)
        if tracks[subject].status in LEVELS
    }
    accused = [
        Accused(node, first.status.rank, tracks[node].bad_since or judged.now, why)
        for node, found in judged.found.items()
        if tracks[node].status in LEVELS
        for first, why in _charges(found)
    ]
    return suspects(judged.topology, accused, bad)


def _charges(found: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """The gravest thing that the box's own witnesses say against it, if anything."""
    charges = [f for f in found if f.bad and f.witness in ACCUSERS]
    if not charges:
        return []
    first = max(charges, key=lambda f: (f.hard, f.status.rank))
    return [(first, first.text)]


def _aging(knowledge: Knowledge, now: datetime) -> list[datetime]:
    """When the next fact or feed becomes too old to be believed."""
    feeds = knowledge.feeds
    limit = {name: timedelta(seconds=s.feed.max_age_s) for name, s in feeds.items()}
    ends = [s.last_success + limit[name] for name, s in feeds.items() if s.last_success]
    ends += [
        held.at + limit[held.feed]
        for held in knowledge.held.values()
        if not feeds[held.feed].feed.continuous
    ]
    # A fact is old only after its limit has passed, not at it.
    return [end + timedelta(milliseconds=1) for end in ends if end >= now]
