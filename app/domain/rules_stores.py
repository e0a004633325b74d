"""What the stores themselves say: who is connected, and how full they are.

A store knows its clients by their addresses, and those are the callers' pods: so the
numbered connections into a store are counted where they end, with no mesh and no agent.
A caller of which pods are ready and no connection is left, where there were some, has
lost its way to the store or given up on it: that degrades its connection. It can't be
told from a caller that needs nothing for a while, so it never fails it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain import rules_agent, rules_replicas
from app.domain.facts import PodFact
from app.domain.facts_stores import UNREACHABLE, ClientsFact, StoreFact
from app.domain.finding import Finding
from app.domain.limits import Bound, Limits
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.view import Seen, View

BY: Final = Witness.BACKEND
STATES: Final = {
    "red": Status.FAILING,
    UNREACHABLE: Status.FAILING,
    "yellow": Status.DEGRADED,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """The connections of one caller, over all servers of the store."""

    open: int
    active: int
    oldest_s: int
    at: datetime
    databases: tuple[str, ...] = ()


def counted(store: View, callers: Iterable[NodeId]) -> Counted | None:
    """`None`: not every server of the store is heard, and nothing can be added up."""
    servers = [seen for seen in store.all(StoreFact) if seen.fact.names_callers]
    if not servers or not all(seen.fresh for seen in servers):
        return None
    wanted = set(callers)
    facts = [s.fact for s in store.fresh(ClientsFact) if s.fact.caller in wanted]
    return Counted(
        open=sum(fact.open for fact in facts),
        active=sum(fact.active for fact in facts),
        oldest_s=max((fact.oldest_s for fact in facts), default=0),
        at=min(seen.at for seen in servers),
        databases=tuple(sorted({name for fact in facts for name in fact.databases})),
    )


def findings(store: View, limits: Limits) -> list[Finding]:
    """How full the servers are; the fullest of each kind is told."""
    servers = store.fresh(StoreFact)
    if not servers:
        return []
    bound = limits.bounds["saturation"]
    full = [
        _fullest(bound, "store-clients", "connections", _clients(servers)),
        _fullest(bound, "store-memory", "memory", _memory(servers)),
    ]
    bad = [finding for finding in full if finding is not None]
    bad += [f for seen in servers for f in (*_state(seen), *_rejected(seen))]
    bad += [f for seen in servers for f in rules_replicas.findings(seen, limits)]
    bad += rules_agent.findings(servers, limits)
    return bad or [_well(servers)]


def connected(
    found: Counted | None,
    before: bool,
    callers: Iterable[View],
    who: str,
    *,
    lull: bool = False,
) -> list[Finding]:
    """`before`: the caller was seen connected once. `who`: what it is called. `lull`:
    nobody has to be connected now."""
    if found is None:
        return []
    if found.open:
        oldest = f", the oldest for {_lasting(found.oldest_s)}"
        into = f" to {', '.join(found.databases)}" if found.databases else ""
        counts = f"{found.open} connections from {who}{into}, {found.active} active"
        text = f"{counts}{oldest}"
        return [Finding("store-callers", BY, Status.OK, text, found.at)]
    ready = sum(s.fact.ready for view in callers for s in view.fresh(PodFact))
    if not (before and ready):
        return []
    text = f"no connection from {who} is left, {ready} of its pods are ready"
    status = Status.DEGRADED
    if lull:
        status, text = Status.IDLE, f"{text}; no traffic is expected now"
    return [Finding("no-callers", BY, status, text, found.at, sampled=True)]


def saturation(store: View) -> float | None:
    """The fullest server's share of the connections that it allows."""
    shares = [share for share, _, _, _ in _clients(store.fresh(StoreFact))]
    return max(shares, default=None)


Share = tuple[float, int, int, Seen[StoreFact]]
"""The share, what is used, of how much, and who says so."""


def _clients(servers: list[Seen[StoreFact]]) -> list[Share]:
    return [
        (fact.clients / fact.most_clients, fact.clients, fact.most_clients, seen)
        for seen in servers
        if (fact := seen.fact).most_clients and fact.clients is not None
    ]


def _memory(servers: list[Seen[StoreFact]]) -> list[Share]:
    """A store that makes room by itself is meant to be full."""
    return [
        (fact.memory / fact.most_memory, fact.memory, fact.most_memory, seen)
        for seen in servers
        if (fact := seen.fact).most_memory and fact.memory and not fact.evicts
    ]


def _fullest(bound: Bound, rule: str, what: str, shares: list[Share]) -> Finding | None:
    if not shares:
        return None
    # Of equals always the same one, so that the words do not change by turns.
    share, used, most, seen = max(shares, key=lambda one: (one[0], one[3].fact.target))
    broken = bound.broken(share)
    if broken is None:
        return None
    text = f"{share:.0%} of its {what} in use ({used} of {most}, {seen.fact.target})"
    return Finding(rule, BY, Status(broken), text, seen.at, sampled=True)


def _state(seen: Seen[StoreFact]) -> list[Finding]:
    """Red: part of the data is gone. Yellow: it is there once and not twice, which
    those who ask do not feel."""
    status = STATES.get(seen.fact.state)
    if status is None:
        return []
    text = f"{seen.fact.state}, {seen.fact.missing} shards unassigned"
    if seen.fact.state == UNREACHABLE:
        text = f"its exporter can't reach it ({seen.fact.target})"
    return [
        Finding(
            "store-state", BY, status, text, seen.at,
            sampled=True, node_only=status is Status.DEGRADED,
        )
    ]  # fmt: skip


def _rejected(seen: Seen[StoreFact]) -> list[Finding]:
    if not seen.fact.rejected:
        return []
    text = f"{seen.fact.rejected} requests turned away, its queues are full"
    status = Status.DEGRADED
    return [Finding("store-rejected", BY, status, text, seen.at, sampled=True)]


def _well(servers: list[Seen[StoreFact]]) -> Finding:
    counts = [s.fact.clients for s in servers if s.fact.clients is not None]
    clients = f", {sum(counts)} clients" if counts else ""
    versions = sorted({seen.fact.version for seen in servers} - {""})
    told = f"version {', '.join(versions)}" if versions else servers[0].fact.role
    many = f" on {len(servers)} servers" if servers[1:] else ""
    behind = rules_replicas.well([seen.fact for seen in servers])
    text = f"answers{clients}{many}, {told}{behind}"
    return Finding("store", BY, Status.OK, text, min(seen.at for seen in servers))


def _lasting(seconds: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
