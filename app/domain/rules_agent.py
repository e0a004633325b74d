"""What one server of a store counts of itself and has a limit for: a Consul agent.

It is one agent's word on itself. It colours the box: those who call ask the agents of
their own machines, and what they feel other witnesses tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.facts_stores import StoreFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.view import Seen

TOLD: Final = {
    "consul_turned_away": "{value:.0f} requests turned away by its rate limit "
    "(limits.rpc_rate) in the last minute",
    "consul_silence": "a server was silent for {value:.0%} of the time after which the "
    "leader steps down",
    "consul_commit_ms": "a change takes {value:.0f} ms to be committed",
    "consul_elections": "stood for leader {value:.0f} times in the last minute",
    "consul_flaps": "{value:.0f} times in the last minute a node was given up and came "
    "back",
    "consul_gc_pause_s": "paused for {value:.1f} s a minute to collect garbage",
}


def findings(servers: Iterable[Seen[StoreFact]], limits: Limits) -> list[Finding]:
    """Every number that is beyond its limit."""
    return [
        finding
        for seen in servers
        for name, value in seen.fact.measures
        if name in TOLD
        for finding in _measure(seen, name, value, limits)
    ]


def _measure(
    seen: Seen[StoreFact], name: str, value: float, limits: Limits
) -> list[Finding]:
    bound = limits.bounds[name]
    broken = bound.broken(value)
    if broken is None:
        return []
    told = TOLD[name].format(value=value)
    text = f"{told}, limit {bound.mark(broken):g} ({seen.fact.target})"
    by, status = Witness.BACKEND, Status(broken)
    return [
        Finding(name, by, status, text, seen.at, sampled=True, node_only=True),
    ]
