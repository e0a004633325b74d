"""From knowledge to a snapshot: the one function that the pipeline asks.

Pure: the same knowledge, memory and moment give the same outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain import boxes, evicted, silences, turns, windows
from app.domain.calls import Calls, calls
from app.domain.charges import Charges, charges
from app.domain.connections import Judgement, judge_connections
from app.domain.expected import Calendar, Expectations, expectations
from app.domain.habits import Habits
from app.domain.hearing import settling
from app.domain.judged import Judged, Results
from app.domain.kept import Kept, again, made_of
from app.domain.knowledge import Knowledge
from app.domain.limits import Limits
from app.domain.loads import Loads, loads
from app.domain.nodes import judge_nodes
from app.domain.past import Past, remember
from app.domain.presence import absent_boxes, listed_namespaces
from app.domain.rules_kubernetes import Away
from app.domain.said import Own
from app.domain.sight import Answers, Sight, answers, catalog_at
from app.domain.silences import Silenced
from app.domain.snapshot import NodeState, Snapshot
from app.domain.sources import source_states
from app.domain.status import worst
from app.domain.subject import NodeId, Subject
from app.domain.suspects import suspects
from app.domain.taken_up import NOTHING, TakenUp
from app.domain.topology import Topology
from app.domain.verdict import LEVELS, Track
from app.domain.view import Sorted, Views, sort
from app.domain.windows import Window


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is watched: its id, its picture, its limits, the configured sources, when
    calls must be seen, the maintenance windows, past and to come, and the zones of
    cluster nodes, by name, where the pods' own labels do not tell them."""

    id: str
    topology: Topology
    limits: Limits
    sources: tuple[str, ...] = ()
    calendar: Calendar = Calendar()
    windows: tuple[Window, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What is counted, and what is said of each box, subject by subject."""

    loads: Kept[Mapping[Subject, Kept[Loads]]] = Kept((), {})
    traffic: Kept[Mapping[Subject, Loads]] = Kept((), {})
    owns: Kept[Mapping[NodeId, Kept[Own]]] = Kept((), {})
    own: Kept[Mapping[NodeId, Own]] = Kept((), {})
    words: Kept[boxes.Words] = Kept((), boxes.Words())


@dataclass(frozen=True, slots=True)
class Made:
    """What the last evaluation made, to be taken over where its inputs are the same."""

    heard: Sorted = field(default_factory=Sorted)
    answers: Kept[Answers] = Kept((), Answers())
    absent: Kept[frozenset[NodeId]] = Kept((), frozenset())
    said: Said = field(default_factory=Said)
    silenced: Kept[Mapping[Subject, Silenced]] = Kept((), {})
    calls: Kept[Calls] = Kept((), Calls())
    expected: Kept[Expectations] = Kept((), Expectations())
    judged: Judged | None = None
    nodes: Results[NodeId, NodeState] = field(default_factory=Results)
    connections: Judgement = field(default_factory=Judgement)


@dataclass(frozen=True, slots=True)
class Memory:
    """What must be remembered between two evaluations (holds, changes); opaque.

    `habits`: what is usual at each hour, told from outside.
    """

    tracks: Mapping[Subject, Track] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
    calls: Calls = field(default_factory=Calls)
    charges: Charges = field(default_factory=Charges)
    habits: Habits = field(default_factory=Habits)
    at: datetime | None = None
    made: Made = field(default_factory=Made)
    """Spares work, and changes nothing that comes of it."""
    left: TakenUp = NOTHING
    """What another process showed last, as far as it stands."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wake_at`: the earliest moment at which the verdict changes by time alone.
    `shown_at`: when ages alone are to be shown anew; nothing else turns by it."""

    snapshot: Snapshot
    memory: Memory
    wake_at: datetime | None
    shown_at: datetime | None = None


def evaluate(
    deployment: Deployment, knowledge: Knowledge, memory: Memory, now: datetime
) -> Outcome:
    """Judge everything at `now`. `snapshot.version` is 0: the pipeline numbers it.

    A clock that was set back makes every hold meaningless: they begin anew.
    """
    if memory.at is not None and now < memory.at:
        memory = replace(
            Memory(), past=memory.past, calls=memory.calls, habits=memory.habits
        )
    judged, made = _weighed(deployment, knowledge, memory, now)
    before = memory.made
    news = judged.news_since(before.judged)
    nodes = judge_nodes(judged, before.nodes, news)
    connections = judge_connections(judged, before.connections, news)
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
    waits += [until] if (until := judged.expected.until) else []
    left = judged.left.still(nodes.standing | connections.standing)
    waits += [left.until] if left.until and left.waiting else []
    made = replace(made, judged=judged, nodes=nodes, connections=connections)
    memory = Memory(
        tracks, judged.past, judged.calls, charged, memory.habits, now, made, left
    )
    shown_at = settling(knowledge, now)
    return Outcome(snapshot, memory, min(waits, default=None), shown_at)


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
    of = (topology, views, sight)
    absent = again(before.absent, of, lambda: absent_boxes(*of))
    away = evicted.away(past.evicted, now, _patience(limits))
    said = _said(deployment, views, sight, away, before.said)
    traffic = said.traffic.made
    planned = windows.in_force(deployment.windows, now)
    then = (views, planned, topology, now)
    silenced = again(before.silenced, then, lambda: silences.silences(*then))
    counted = (topology, views, traffic)
    called = again(before.calls, counted, lambda: calls(*counted, memory.calls))
    expected = _expected(deployment, memory, now)
    left = _left(memory.left, deployment.sources, knowledge, now)
    judged = Judged(
        topology, limits, views, said.words.made, absent.made, silenced.made, past,
        called.made, memory.tracks, traffic, expected.made, now, left,
        sight.listed,
    )  # fmt: skip
    return judged, Made(heard, answered, absent, said, silenced, called, expected)


def _left(
    before: TakenUp, sources: Collection[str], knowledge: Knowledge, now: datetime
) -> TakenUp:
    if before is NOTHING:
        return NOTHING
    feeds = knowledge.feeds.items()
    spoke = {source for (source, _), state in feeds if state.last_success is not None}
    return before.at(now, all_spoke=spoke.issuperset(sources))


def _said(
    deployment: Deployment,
    views: Views,
    sight: Sight,
    away: Mapping[NodeId, Mapping[str, Away]],
    before: Said,
) -> Said:
    """By whole mappings first: where the views are the very same, so is all of this."""
    topology, limits = deployment.topology, deployment.limits
    counted = again(before.loads, (views,), lambda: loads(views, before.loads.made))
    traffic = again(before.traffic, (counted.made,), lambda: made_of(counted.made))
    told = (topology, views, traffic.made, away, limits)
    owns = again(before.owns, told, lambda: boxes.owns(*told, before.owns.made))
    own = again(before.own, (owns.made,), lambda: made_of(owns.made))
    of = (topology, views, sight, limits, own.made)
    words = again(before.words, of, lambda: boxes.words(*of, before.words.made))
    return Said(counted, traffic, owns, own, words)


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
    soonest = min([end for end in ends if end and end >= now], default=None)
    return [] if soonest is None else [soonest + timedelta(milliseconds=1)]
