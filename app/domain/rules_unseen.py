"""Connections that are drawn and that nobody sees, though who names callers would.

A mesh that counts other calls of a box, or a store that lists its clients, tells of
what is missing too: after an hour in which a connection was never seen it is idle, and
the reason says who looked, and since when. It never colours: who looks may be blind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.facts_traffic import TrafficFact
from app.domain.finding import Finding
from app.domain.knowledge import CONSUL
from app.domain.loads import PAGES, SAME_AS_PAGES, Loads
from app.domain.rules_stores import Counted
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.telemetry import TITLES
from app.domain.topology import Connection, Topology
from app.domain.view import View

WATCHED: Final = timedelta(hours=1)
"""What is called once in a while was called by then."""
OWN: Final = (PAGES, SAME_AS_PAGES)
"""The pods' own pages, which tell some callers apart and others not."""


@dataclass(frozen=True, slots=True)
class Watch:
    """`since`: when each who names callers was first heard, a store by its id; `seen`:
    who ever counted which connection."""

    since: Mapping[str, datetime]
    seen: frozenset[tuple[str, int]] = frozenset()

    def long(self, now: datetime) -> dict[str, datetime]:
        """Those who have looked for long enough."""
        return {by: at for by, at in self.since.items() if now - at >= WATCHED}

    def ends(self, now: datetime) -> list[datetime]:
        """When the next ones will have."""
        return [at + WATCHED for at in self.since.values() if at + WATCHED > now]


def watched(before: Watch, news: Iterable[View], now: datetime) -> Watch:
    """What is remembered after hearing what changed."""
    views = list(news)
    seen = {
        (fact.by, fact.subject)
        for view in views
        for fact, _, _ in view.all(TrafficFact)
        if fact.by not in OWN and isinstance(fact.subject, int)
    }
    stores = {
        str(fact.node)
        for view in views
        for fact, _, _ in view.all(StoreFact)
        if fact.names_callers
    }
    heard = {by for by, _ in seen} | stores
    if heard <= before.since.keys() and seen <= before.seen:
        return before
    return Watch(dict.fromkeys(heard, now) | dict(before.since), before.seen | seen)


def by_telemetry(
    connection: Connection,
    topology: Topology,
    loads: Mapping[Subject, Loads],
    watch: Watch,
    now: datetime,
) -> list[Finding]:
    """Who counts other calls of its caller, with its protocol, and never this one."""
    number, label = connection.number, topology.box(connection.source).label
    # Consul is asked through the agent on the caller's machine, which no mesh names.
    if number in loads or connection.destination == CONSUL:
        return []
    if any(seen == number for _, seen in watch.seen):
        return []
    others = _others(connection, topology)
    found = []
    for by, since in sorted(watch.long(now).items()):
        fresh = [one for n in others for one in loads.get(n, ()) if one.by == by]
        if fresh:
            known = sum((by, n) in watch.seen for n in others)
            text = (
                f"not seen by {TITLES.get(by, by)} since {_told(since)}; it sees "
                f"{known} other connection{'s' if known > 1 else ''} of {label}"
            )
            at = max(one.at for one in fresh)
            found.append(_unseen(by, Witness.TRAFFIC, text, at))
    return found


def by_store(
    connection: Connection,
    topology: Topology,
    counted: Counted | None,
    store: View,
    watch: Watch,
    now: datetime,
) -> list[Finding]:
    """A store that lists the clients of others, each of them known, and none of its."""
    end = topology.box(connection.destination)
    since = watch.long(now).get(end.id)
    clients = [fact for fact, _, fresh in store.all(ClientsFact) if fresh and fact.open]
    callers = {fact.caller for fact in clients}
    if since is None or counted is None or not callers:
        return []
    # From an address that belongs to no pod anybody may call.
    if None in callers:
        return []
    text = (
        f"not seen by {end.label} itself since {_told(since)}; it sees "
        f"{len(callers)} other caller{'s' if len(callers) > 1 else ''}"
    )
    return [_unseen("store", Witness.BACKEND, text, counted.at)]


def _others(connection: Connection, topology: Topology) -> list[int]:
    """Other connections of its caller that the same eyes would see."""
    return [
        one.number
        for one in topology.connections
        if one.source == connection.source
        and one.protocol == connection.protocol
        and one.number != connection.number
    ]


def _unseen(by: str, witness: Witness, text: str, at: datetime) -> Finding:
    return Finding(f"unseen-{by}", witness, Status.IDLE, text, at, enter=0.0)


def _told(since: datetime) -> str:
    return f"{since:%Y-%m-%d %H:%M} UTC"
