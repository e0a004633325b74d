"""What was seen since the start: only what was there can be gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.evicted import Evictions, followed
from app.domain.facts import (
    CheckFact,
    KeysFact,
    PodFact,
    ProbeFact,
    WorkloadFact,
)
from app.domain.facts_stores import ClientsFact
from app.domain.knowledge import subject_of
from app.domain.rules_registered import NONE, Names, told_of
from app.domain.rules_unseen import Watch, watched
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology
from app.domain.turns import Turning, turned
from app.domain.view import Sorted, View, Views

STAFFED = (PodFact, WorkloadFact)


@dataclass(frozen=True, slots=True)
class Past:
    """What was seen since the start, and must not be forgotten when it goes.

    `reached`: probe targets that answered; `registered`: by box, the names that Consul
    listed; `staffed`: boxes that Kubernetes had workloads of; `connected`: (caller,
    store) of which a store saw connections; `keyed`: prefixes of Consul's KV store that
    had keys; `turning`: how often each of its checks changed of late; `evicted`: pods
    that were taken off their cluster node, until others are there; `watch`: who named
    the caller of which connection.
    """

    reached: frozenset[str] = frozenset()
    registered: Mapping[NodeId, Names] = field(default_factory=dict)
    staffed: frozenset[NodeId] = frozenset()
    connected: frozenset[tuple[NodeId, NodeId]] = frozenset()
    keyed: frozenset[str] = frozenset()
    turning: Turning = field(default_factory=dict)
    evicted: Evictions = field(default_factory=dict)
    watch: Watch = field(default_factory=lambda: Watch({}))


def remember(
    past: Past, topology: Topology, heard: Sorted, now: datetime, window: timedelta
) -> Past:
    """`past`, with what is there now; the very same where that adds nothing. `window`:
    how long a change of a check counts."""
    turning = past.turning
    if heard.has_other(CheckFact) or any(turns.changes for turns in turning.values()):
        turning = turned(turning, _checks(heard.views), now, window)
    elif not heard.changed:
        return past
    news = heard.changed
    boxes = {box.id for box in topology.boxes}
    after = Past(
        past.reached | _reached(news),
        _joined(past.registered, told_of(news, topology.colours)),
        past.staffed | boxes & _with_any(news, STAFFED),
        past.connected | _connected(news),
        past.keyed | _keyed(news),
        turning,
        followed(past.evicted, heard, now),
        watched(past.watch, news, now),
    )
    return past if after == past else after


def _joined(
    before: Mapping[NodeId, Names], told: Mapping[NodeId, Names]
) -> Mapping[NodeId, Names]:
    more = {node: before.get(node, NONE) | names for node, names in told.items()}
    return {**before, **more}


def _with_any(views: Iterable[View], kinds: tuple[type, ...]) -> set[Subject]:
    """The boxes of which there is a fact of one of these kinds."""
    lists = [view.seen.get(kind, [])[:1] for view in views for kind in kinds]
    return {subject_of(seen.fact) for first in lists for seen in first}


def _reached(views: Iterable[View]) -> frozenset[str]:
    return frozenset(
        seen.fact.target
        for view in views
        for seen in view.all(ProbeFact)
        if any(outcome.ok for outcome in seen.fact.outcomes)
    )


def _connected(views: Iterable[View]) -> frozenset[tuple[NodeId, NodeId]]:
    return frozenset(
        (seen.fact.caller, seen.fact.node)
        for view in views
        for seen in view.all(ClientsFact)
        if seen.fact.caller is not None
    )


def _keyed(views: Iterable[View]) -> frozenset[str]:
    return frozenset(
        seen.fact.prefix
        for view in views
        for seen in view.all(KeysFact)
        if seen.fact.count
    )


def _checks(views: Views) -> Iterator[CheckFact]:
    return (seen.fact for view in views.values() for seen in view.all(CheckFact))
