"""What a Consul agent says of itself: JSON to numbers that have a limit. Pure.

An agent tells what it counted in its last whole ten seconds, and of a counter nothing
where it counted nothing. The last minute of such intervals is added up. Latencies of
`http.*` are not read: they hold the time for which blocking queries waited for news.
Who asks the agent, by address or by name, none of its numbers tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from collectors.consul_read import from_json
from collectors.errors import SourceMisread, shaped

COUNTERS: Final = {
    "client.rpc.exceeded": "consul_turned_away",  # by a client agent's limits.rpc_rate
    "rpc.rate_limit.exceeded": "consul_turned_away",  # by a server's, since 1.15
    "raft.state.candidate": "consul_elections",
    "serf.member.flap": "consul_flaps",
}
"""By the end of their names, before which a site may set a prefix and a host's name."""
CONTACT: Final = "raft.leader.lastContact"
COMMIT: Final = "raft.commitTime"
PAUSED: Final = "runtime.total_gc_pause_ns"
MINUTE_S: Final = 60.0
TIMESTAMP: Final = "%Y-%m-%d %H:%M:%S +0000 UTC"
DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s)")
UNITS_S: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True, slots=True)
class Self:
    """`lease_s`: for how long a leader leads without hearing from most servers."""

    node: str
    datacenter: str
    version: str
    server: bool
    lease_s: float | None

    @property
    def title(self) -> str:
        return f"agent {self.node}"

    @property
    def told(self) -> str:
        kind = "a server" if self.server else "a client"
        return f"{self.title}, {kind}, version {self.version}"


@dataclass(frozen=True, slots=True)
class Interval:
    """What was counted in the ten seconds from `at` on. `contact_ms`: the longest that
    the leader had not heard of a server; `commit_ms`: the mean; `paused_ns`: since the
    start of the process."""

    at: datetime
    counts: Mapping[str, float]
    contact_ms: float | None = None
    commit_ms: float | None = None
    paused_ns: float | None = None


@shaped("the agent's word on itself")
def read_self(body: bytes) -> Self:
    told = _object(body, "the agent's word on itself")
    config, debug = told.get("Config"), told.get("DebugConfig") or {}
    if not isinstance(config, Mapping) or not isinstance(config.get("NodeName"), str):
        raise SourceMisread("the agent's word on itself has no Config with a NodeName")
    return Self(
        node=config["NodeName"],
        datacenter=str(config.get("Datacenter", "")),
        version=str(config.get("Version", "")),
        server=config.get("Server") is True,
        lease_s=_seconds(str(debug.get("ConsulRaftLeaderLeaseTimeout", ""))),
    )


def read_metrics(body: bytes) -> Interval:
    told = _object(body, "the agent's metrics")
    try:
        at = datetime.strptime(told["Timestamp"], TIMESTAMP).replace(tzinfo=UTC)
        counts: dict[str, float] = {}
        for tail, name in COUNTERS.items():
            sums = _named(told["Counters"], tail, "Sum")
            counts[name] = counts.get(name, 0.0) + sum(sums)
        return Interval(
            at,
            counts,
            contact_ms=max(_named(told["Samples"], CONTACT, "Max"), default=None),
            commit_ms=max(_named(told["Samples"], COMMIT, "Mean"), default=None),
            paused_ns=max(_named(told["Gauges"], PAUSED, "Value"), default=None),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise SourceMisread(f"the agent's metrics can't be read: {exc!r}") from exc


def followed(before: Iterable[Interval], newest: Interval) -> tuple[Interval, ...]:
    """The intervals of the last minute; what is not older than `newest` is of another
    clock, or was not whole when it was told."""
    return (
        *(one for one in before if 0 < (newest.at - one.at).total_seconds() < MINUTE_S),
        newest,
    )


def measured(
    agent: Self, intervals: Sequence[Interval]
) -> tuple[tuple[str, float], ...]:
    """The numbers that have a limit, by its name. Only servers elect, and only the one
    that leads hears of the others."""
    found: dict[str, float | None] = {
        name: sum(one.counts[name] for one in intervals)
        for name in dict.fromkeys(COUNTERS.values())
        if agent.server or name != "consul_elections"
    }
    contact = _most(one.contact_ms for one in intervals)
    if contact is not None and agent.lease_s:
        found["consul_silence"] = contact / 1000 / agent.lease_s
    found["consul_commit_ms"] = _most(one.commit_ms for one in intervals)
    found["consul_gc_pause_s"] = _paused_s(intervals[0], intervals[-1])
    return tuple((name, value) for name, value in found.items() if value is not None)


def _paused_s(first: Interval, last: Interval) -> float | None:
    """Seconds a minute; `None` where the process began anew in between."""
    span_s = (last.at - first.at).total_seconds()
    if first.paused_ns is None or last.paused_ns is None or not span_s:
        return None
    grown_s = (last.paused_ns - first.paused_ns) / 1e9
    return grown_s / span_s * MINUTE_S if grown_s >= 0 else None


def _most(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _named(
    rows: Sequence[Mapping[str, Any]] | None, tail: str, what: str
) -> list[float]:
    """The value of every row of this name, whatever its labels."""
    return [float(row[what]) for row in rows or () if row["Name"].endswith(f".{tail}")]


def _seconds(duration: str) -> float | None:
    """Of a Go duration such as `2.5s`."""
    parts = DURATION.findall(duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        return None
    return sum(float(number) * UNITS_S[unit] for number, unit in parts)


def _object(body: bytes, what: str) -> Mapping[str, Any]:
    told = from_json(body)
    if not isinstance(told, dict):
        raise SourceMisread(f"{what} is not an object")
    return told
