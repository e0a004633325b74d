"""What a source that remembers says of a past moment, as the numbers shown live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from app.domain.facts_traffic import TrafficFact
from app.domain.loads import loads, metrics
from app.domain.snapshot import Metrics
from app.domain.topology import Topology
from app.domain.view import Seen, View, Views


def numbers(
    topology: Topology, facts: Iterable[TrafficFact], at: datetime
) -> dict[int, dict[str, float]]:
    """By connection and metric, what was counted in the window that ended at `at`.

    As live: the connection's own counters, else those of its destination. A count of
    which the newest sample had already left its window says nothing of that moment.
    """
    views: Views = defaultdict(View)
    for fact in facts:
        if fact.age_s <= fact.window_s:
            views[fact.subject].seen[TrafficFact].append(Seen(fact, at, True))
    known = loads(views, {})
    found: dict[int, dict[str, float]] = {}
    for row in topology.connections:
        told = known.get(row.number) or known.get(row.destination)
        if told is not None:
            found[row.number] = _measured(metrics(told.made, None))
    return found


def _measured(told: Metrics) -> dict[str, float]:
    values = ((name, getattr(told, name)) for name in Metrics.__slots__)
    return {name: value for name, value in values if value is not None}
