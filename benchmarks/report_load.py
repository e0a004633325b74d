"""Tables of load: viewers, deployments, pods, and of a bad deployment beside others."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.apart import Beside
from benchmarks.hundred import Fleet, Start
from benchmarks.load import Load
from benchmarks.replicas import Spread
from benchmarks.report import MISSING, table

UPSTREAM = ("kubernetes", "consul")


def load_table(loads: Sequence[Load]) -> str:
    """The crowd beside one viewer, which is the baseline."""
    rows = [
        (
            one.viewers,
            f"{one.seconds:.0f}",
            one.deltas,
            *(_ms(one.delay_ms(share)) for share in (0.5, 0.95, 0.99, 1.0)),
            f"{one.cpu:.1%}",
            f"{one.memory_mb:.0f}",
            *(f"{one.upstream_per_minute[source]:.1f}" for source in UPSTREAM),
        )
        for one in loads
    ]  # fmt: skip
    head = ["viewers", "seconds", "changes told to each", "p50 ms", "p95", "p99"]
    head += ["worst", "CPU, of one core", "memory MB"]
    head += ["asked of Kubernetes a minute", "of Consul"]
    return table(head, rows)


def replicas_table(spreads: Sequence[Spread]) -> str:
    rows = [
        (
            len(one.web),
            one.viewers,
            f"{one.seconds:.0f}",
            one.deltas,
            *(_ms(one.delay_ms(share)) for share in (0.5, 0.95, 0.99, 1.0)),
            ", ".join(f"{cpu:.1%}" for cpu, _ in one.web),
            ", ".join(f"{memory:.0f}" for _, memory in one.web),
            f"{one.collect[0]:.1%}",
            f"{one.collect[1]:.0f}",
        )
        for one in spreads
    ]
    head = ["web replicas", "viewers of all", "seconds", "changes told to each"]
    head += ["p50 ms", "p95", "p99", "worst", "CPU of each web replica, of one core"]
    head += ["memory MB of each", "CPU of the collector", "memory MB of it"]
    return table(head, rows)


def hundred_table(fleets: Sequence[Fleet]) -> str:
    rows = [
        (
            one.deployments,
            one.pods,
            f"{one.changes_per_s:.1f}",
            f"{one.seconds:.0f}",
            f"{one.cpu:.1%}",
            f"{one.memory_mb:.0f}",
            one.threads,
            f"{one.ready_s:.1f}",
            _ms(one.push_ms),
        )
        for one in fleets
    ]
    head = ["deployments", "pods of each", "pods changing a second", "seconds"]
    head += ["CPU, of one core", "memory MB", "threads", "ready after s"]
    return table([*head, "95 % of changes handed on within ms"], rows)


def large_table(starts: Sequence[Start]) -> str:
    rows = []
    for one in starts:
        took = pd.Series(one.ready_s)
        p50, p95 = (f"{took.quantile(q):.2f}" for q in (0.5, 0.95))
        rows.append((one.pods, len(took), p50, p95, f"{took.max():.2f}"))
    return table(["pods", "starts", "ready p50 s", "p95 s", "worst s"], rows)


def apart_table(all_: Sequence[Beside]) -> str:
    """Each beside the first, in which all are good."""
    rows = []
    for one in all_:
        seen = pd.Series([ms for ms in one.delays_ms if ms is not None])
        share = f"{len(seen)} of {len(one.delays_ms)}"
        told = [MISSING] * 4
        if not seen.empty:
            told = [f"{seen.quantile(q):.0f}" for q in (0.5, 0.95, 0.99, 1.0)]
        rows.append((one.kind or "none: all are good", share, *told, f"{one.cpu:.1%}"))
    head = ["the bad one", "changes seen", "p50 ms", "p95", "p99", "worst"]
    return table([*head, "CPU, of one core"], rows)


def _ms(value: float | None) -> str:
    return MISSING if value is None else f"{value:.0f}"
