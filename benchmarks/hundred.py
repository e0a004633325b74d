"""What a hundred deployments of a hundred pods take of one process while pods change,
beside one of them; and how soon a deployment of 2,000 pods is shown, beside a usual
one.

Kubernetes and Consul are watched, as `benchmarks.farm` serves them; pods are neither
scraped nor probed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.farmed import Farmed, farmed
from benchmarks.harvest import Crop, harvest
from benchmarks.usage import cpu_seconds, memory_mb

PODS: Final = 100
FLEETS: Final = (1, 100)
CHURN_PER_POD_S: Final = 1 / 1000
"""A pod changes every quarter of an hour or so: ten a second in 10,000."""
LARGE: Final = (PODS, 2000)
SETTLE_S: Final = 20.0
PUSH: Final = "gws_observatory_fault_to_push_seconds_bucket"


@dataclass(frozen=True, slots=True)
class Fleet:
    """`cpu` is a share of one core; `ready_s`: until every deployment was shown;
    `push_ms`: within which 95 % of the changes were handed to the viewers."""

    deployments: int
    pods: int
    changes_per_s: float
    seconds: float
    cpu: float
    memory_mb: float
    threads: int
    ready_s: float
    push_ms: float | None


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process to its being ready, each time anew."""

    pods: int
    ready_s: tuple[float, ...]


def measure_hundred(folder: Path, seconds: float) -> list[Fleet]:
    crop = harvest(folder).grown(PODS)
    return [_fleet(folder, crop, count, seconds) for count in FLEETS]


def measure_large(folder: Path, times: int) -> list[Start]:
    crop = harvest(folder)
    return [_starts(folder, crop.grown(pods), times) for pods in LARGE]


def _fleet(folder: Path, crop: Crop, count: int, seconds: float) -> Fleet:
    with farmed(folder, crop, count) as one:
        ready_s = one.start()
        rate = CHURN_PER_POD_S * count * crop.pods()
        one.churn(rate)
        time.sleep(SETTLE_S)
        pid = one.stage.server.pid
        handed_on = _handed_on(one)
        began, before = time.monotonic(), cpu_seconds(pid)
        time.sleep(seconds)
        took = time.monotonic() - began
        cpu, memory = (cpu_seconds(pid) - before) / took, memory_mb(pid)
        since = {le: n - handed_on.get(le, 0.0) for le, n in _handed_on(one).items()}
        return Fleet(
            count, crop.pods(), rate, took, cpu, memory, threads(pid), ready_s,
            within_ms(since),
        )  # fmt: skip


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def _handed_on(one: Farmed) -> dict[float, float]:
    """How many changes were handed to the viewers within so many seconds."""
    return dict(_buckets(one.stage.get("/metrics").text))


def within_ms(counts: Mapping[float, float]) -> float | None:
    """The upper bound of the bucket that 95 % of all do not exceed."""
    most = counts.get(float("inf"), 0.0)
    within = [le for le, count in sorted(counts.items()) if count >= 0.95 * most]
    return within[0] * 1000 if most else None


def _buckets(text: str) -> Iterator[tuple[float, float]]:
    found: dict[float, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == PUSH:
                le = float(sample.labels["le"])
                found[le] = found.get(le, 0.0) + sample.value
    yield from found.items()


def _starts(folder: Path, crop: Crop, times: int) -> Start:
    took = []
    with farmed(folder, crop, 1) as one:
        for _ in range(times):
            took.append(one.start())
            one.stage.server.stop()
    return Start(crop.pods(), tuple(took))
