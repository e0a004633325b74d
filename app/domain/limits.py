"""Limits: where well ends, how long bad must last, how long good must last.

Every default names its reason. `customise` lays a site's own limits over them, for all
connections or for one; `Limits.of(17)` gives those of a connection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

Problem = tuple[str, str]
"""A dotted place in the configuration, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Bound:
    """At `degraded` a value is degraded, at `failing` failing; `None`: never.

    `falling`: small is bad (days left); otherwise large is bad.
    """

    degraded: float | None
    failing: float | None
    why: str
    falling: bool = False

    def broken(self, value: float) -> str | None:
        """`"failing"`, `"degraded"` or `None` for a value held against the bound."""
        if self.failing is not None and self._beyond(value, self.failing):
            return "failing"
        if self.degraded is not None and self._beyond(value, self.degraded):
            return "degraded"
        return None

    def mark(self, level: str) -> float:
        """The value that a break at `level` is told against."""
        marks = (self.failing, self.degraded)
        first, second = marks if level == "failing" else marks[::-1]
        return next(mark for mark in (first, second) if mark is not None)

    def _beyond(self, value: float, mark: float) -> bool:
        return value < mark if self.falling else value >= mark


BOUNDS: Final[dict[str, Bound]] = {
    "error_ratio": Bound(
        0.01, 0.10, "agents notice one failed request in a hundred; ten is an outage"
    ),
    "client_error_ratio": Bound(
        0.20, None, "some 4xx are the caller's own; a fifth is a broken contract"
    ),
    "latency_p95_ms": Bound(
        1000, 5000, "a second is felt at the desk; at five the page is given up"
    ),
    "latency_p95_ms_redis": Bound(
        5, 50, "session look-ups happen several times a request"
    ),
    "latency_p95_ms_postgresql": Bound(
        100, 1000, "settings are read once a session; a second holds up sign-in"
    ),
    "latency_p95_ms_elasticsearch": Bound(
        500, 5000, "a contact search is typed and waited for"
    ),
    "connect_failure_ratio": Bound(
        0.000001, 0.5, "a healthy network refuses no connection"
    ),
    "saturation": Bound(
        0.80, 0.95, "the last fifth of a pool fills faster than people react"
    ),
    "replication_lag_s": Bound(
        30, None, "so much of the newest is lost when the replica takes over"
    ),
    "replication_lag_mib": Bound(
        128, None, "eight segments of the log; one in step is not one behind"
    ),
    "workspace_users": Bound(
        450, 900, "the vendor's own marks of users on one Workspace pod"
    ),
    "event_loop_lag_s": Bound(
        0.2, None, "the vendor's own rule nodejs_eventloop_lag_seconds > 0.2"
    ),
    "deadlocked_threads": Bound(
        1, None, "the vendor's own rule jvm_threads_deadlocked > 0"
    ),
    "memory_share": Bound(
        0.90, None, "the last tenth before Kubernetes ends a container for its memory"
    ),
    "cpu_throttled": Bound(
        0.25, None, "a quarter of its turns withheld is felt as slowness"
    ),
    "consul_turned_away": Bound(
        1, None, "a look-up that is turned away is a service that is not found"
    ),
    "consul_silence": Bound(
        0.8,
        None,
        "at 1 the leader steps down, and until there is another no change is told",
    ),
    "consul_commit_ms": Bound(
        1000, None, "what a check found is handed out only once it is committed"
    ),
    "consul_elections": Bound(
        2, None, "one is a server that was restarted, two a leader that can't stay"
    ),
    "consul_flaps": Bound(
        1, None, "all that runs on a node leaves discovery each time it is given up"
    ),
    "consul_gc_pause_s": Bound(
        2, None, "Consul's own mark: two seconds a minute in which it answers nobody"
    ),
    "certificate_days": Bound(
        14, 2, "two weeks are enough to renew in office hours", falling=True
    ),
}

HOLDS: Final[dict[str, str]] = {
    "enter": "soft evidence must last this long before a colour worsens",
    "leave": "a colour improves only after it has been better for this long",
    "leave_hard": "likewise, when a hard fact ended and its witness says well again",
    "understaffed": "fewer ready pods than wanted are normal for this long",
    "unregistered": "pods may be ready this long before Consul lists them",
    "idle_after": "no request for so long is idle, or silent where calls must be seen",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, requests and bounds that a verdict is held to."""

    enter: float = 10.0
    leave: float = 60.0
    leave_hard: float = 5.0
    understaffed: float = 60.0
    unregistered: float = 60.0
    idle_after: float = 300.0
    floor_requests: float = 20.0
    """With fewer requests in the window a ratio can degrade, never fail."""
    flap_changes: int = 5
    flap_window: float = 600.0
    bounds: Mapping[str, Bound] = field(default_factory=lambda: dict(BOUNDS))
    connections: Mapping[int, Limits] = field(default_factory=dict)

    def latency_of(self, node: str) -> Bound:
        """What a request to this box may take; the stores have limits of their own."""
        common = self.bounds["latency_p95_ms"]
        return self.bounds.get(f"latency_p95_ms_{node}", common)

    def of(self, number: int) -> Limits:
        """The limits of one connection."""
        return self.connections.get(number, self)


DEFAULT: Final = Limits()
NUMBERS: Final = (*HOLDS, "floor_requests", "flap_window")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_UNIT: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


def seconds(text: Any) -> float | None:
    """`15`, `"15s"`, `"2m"`, `"1h"` in seconds; `None` for anything else."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text) if text >= 0 else None
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    return float(found[1]) * _UNIT[found[2]] if found else None


def customise(
    limits: Limits, overrides: Mapping[str, Any]
) -> tuple[Limits, tuple[Problem, ...]]:
    """Lay `overrides` over `limits`: holds, bounds, and `connections: {17: {...}}`.

    Every problem is told; where there is one, the default stays.
    """
    common = {k: v for k, v in overrides.items() if k != "connections"}
    base, problems = _lay(limits, common, "")
    per: dict[int, Limits] = {}
    for name, own in (overrides.get("connections") or {}).items():
        number = _number(name)
        if number is None or not isinstance(own, Mapping):
            text = "must be a connection's number, 1 to 31, with its limits"
            problems.append((f"connections.{name}", text))
            continue
        per[number], more = _lay(base, own, f"connections.{name}.")
        problems += more
    return replace(base, connections=per), tuple(problems)


def _number(name: Any) -> int | None:
    return int(name) if str(name).isdecimal() and 1 <= int(name) <= 31 else None


def _lay(
    limits: Limits, overrides: Mapping[str, Any], place: str
) -> tuple[Limits, list[Problem]]:
    problems: list[Problem] = []
    bounds = dict(limits.bounds)
    numbers: dict[str, float] = {}
    for name, value in overrides.items():
        if name in BOUNDS:
            bounds[name], more = _bound(bounds[name], value, f"{place}{name}")
            problems += more
        elif name in NUMBERS:
            number = seconds(value)
            if number is None:
                problems.append((f"{place}{name}", "must be a duration such as 15s"))
            else:
                numbers[name] = number
        else:
            problems.append((f"{place}{name}", _unknown(name)))
    # mypy cannot see that every name in NUMBERS is a float field.
    return replace(limits, bounds=bounds, **numbers), problems  # type: ignore[arg-type]


def _bound(old: Bound, value: Any, place: str) -> tuple[Bound, list[Problem]]:
    if not isinstance(value, Mapping):
        return old, [(place, "must be {degraded: number, failing: number}")]
    problems = [
        (f"{place}.{key}", "must be a number or null, under degraded or failing")
        for key, mark in value.items()
        if key not in ("degraded", "failing") or not _is_mark(mark)
    ]
    return (old, problems) if problems else (replace(old, **value), [])


def _is_mark(mark: Any) -> bool:
    return mark is None or type(mark) in (int, float)


def _unknown(name: str) -> str:
    known = [*HOLDS, "floor_requests", "flap_window", *BOUNDS, "connections"]
    return f"no such limit; known are {', '.join(known)}"
