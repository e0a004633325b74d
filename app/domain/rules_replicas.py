"""How far a store's replicas are behind, as its servers say.

Those who call the primary feel nothing of it: it is told of the store's box alone. It
counts on the day when the replica takes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.facts_stores import Follower, StoreFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.view import Seen

MIB: Final = 2**20
IN_STEP_S: Final = 1.0


def findings(seen: Seen[StoreFact], limits: Limits) -> list[Finding]:
    """One for each replica that is too far behind or that receives nothing."""
    found = []
    for one in seen.fact.followers:
        status = _status(one, limits)
        if status is not None:
            text = _behind(one) if one.streaming else _cut(one)
            found.append(
                Finding(
                    "store-replica", Witness.BACKEND, status, text, seen.at,
                    sampled=True, node_only=True,
                )
            )  # fmt: skip
    return found


def well(servers: Sequence[StoreFact]) -> str:
    """What is added to the word of servers that are well; empty: none has a replica."""
    followers = [one for fact in servers for one in fact.followers]
    if not followers:
        return ""
    others = sum(bool(one.name) for one in followers)
    count = f" {others} replica{'s' if others > 1 else ''}" if others else ""
    lags = [one.lag_s for one in followers if one.lag_s is not None]
    if len(lags) < len(followers):
        return f",{count or ' a replica'}"
    worst = max(lags)
    return f",{count} {'in step' if worst < IN_STEP_S else f'{worst:.0f} s behind'}"


def _status(one: Follower, limits: Limits) -> Status | None:
    """A place that is kept for a replica, and it is not there: that degrades, however
    little it has missed. A replica that says itself that it receives nothing may be fed
    in another way: it is held against its lag."""
    mib = None if one.lag_bytes is None else one.lag_bytes / MIB
    measured = (("replication_lag_s", one.lag_s), ("replication_lag_mib", mib))
    broken = {
        limits.bounds[name].broken(value)
        for name, value in measured
        if value is not None
    }
    if Status.FAILING.value in broken:
        return Status.FAILING
    missing = bool(one.name) and not one.streaming
    bad = missing or Status.DEGRADED.value in broken
    return Status.DEGRADED if bad else None


def _behind(one: Follower) -> str:
    who = f"replica {one.name} is " if one.name else ""
    whose = "" if one.name else " its primary"
    parts = []
    if one.lag_s is not None:
        parts.append(f"{one.lag_s:.0f} s")
    if one.lag_bytes is not None:
        parts.append(f"{one.lag_bytes / MIB:.0f} MiB")
    return f"{who}{', '.join(parts)} behind{whose}"


def _cut(one: Follower) -> str:
    if one.name:
        kept = (
            f", {one.lag_bytes / MIB:.0f} MiB are kept for it" if one.lag_bytes else ""
        )
        return f"replica {one.name} is not there{kept}"
    age = "" if one.lag_s is None else f", the newest is {one.lag_s:.0f} s old"
    return f"receives nothing from its primary{age}"
