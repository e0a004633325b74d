"""What the simulated Consul's agent counts of itself, told as `/v1/agent/metrics` does.

Counted in intervals of ten seconds that begin on multiples of ten; an agent tells the
last whole one, or the one that runs while there is no other. What a simulation has (its
requests, its writes, its servers) is counted; of gossip and of a disk there is nothing.

Safe from any thread.
"""

from __future__ import annotations

import gc
import math
import resource
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

INTERVAL_S: Final = 10
KIB: Final = 1024
PREFIX: Final = "consul."

Key = tuple[str, tuple[tuple[str, str], ...]]
"""A name and its labels."""
Kept = dict[Key, list[float]]


class _Interval:
    def __init__(self) -> None:
        self.counters: Kept = defaultdict(list)
        self.samples: Kept = defaultdict(list)


class Metrics:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._intervals: dict[int, _Interval] = {}
        self._first = self._now()

    def count(self, name: str, **labels: str) -> None:
        with self._lock:
            self._current().counters[_key(name, labels)].append(1.0)

    def sample(self, name: str, value: float, **labels: str) -> None:
        """A latency in milliseconds."""
        with self._lock:
            self._current().samples[_key(name, labels)].append(value)

    def told(
        self, gauges: Mapping[str, float], samples: Iterable[tuple[str, float]] = ()
    ) -> Any:
        """The body. `samples`: what is looked at only now."""
        now = self._now()
        at = max(self._first, now - INTERVAL_S)
        with self._lock:
            seen = self._intervals.get(at) or _Interval()
            counters = {key: list(values) for key, values in seen.counters.items()}
            kept = {key: list(values) for key, values in seen.samples.items()}
        for name, value in samples:
            kept.setdefault(_key(name, {}), []).append(value)
        began = datetime.fromtimestamp(at, UTC)
        return {
            "Timestamp": f"{began:%Y-%m-%d %H:%M:%S} +0000 UTC",
            "Gauges": [
                {"Name": PREFIX + name, "Value": _number(value), "Labels": {}}
                for name, value in sorted(gauges.items())
            ],
            "Points": [],
            "Counters": [_row(*pair) for pair in sorted(counters.items())],
            "Samples": [_row(*pair) for pair in sorted(kept.items())],
        }

    def _now(self) -> int:
        return int(self._clock().timestamp()) // INTERVAL_S * INTERVAL_S

    def _current(self) -> _Interval:
        """Only the last whole interval is kept beside the one that runs."""
        now = self._now()
        for old in [at for at in self._intervals if at < now - INTERVAL_S]:
            del self._intervals[old]
        return self._intervals.setdefault(now, _Interval())


def process() -> dict[str, float]:
    """The gauges of the process, as far as Python has what Go has."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB
    objects = sum(gc.get_count())
    return {
        "runtime.alloc_bytes": most,
        "runtime.free_count": 0,
        "runtime.heap_objects": objects,
        "runtime.malloc_count": objects,
        "runtime.num_goroutines": threading.active_count(),
        "runtime.sys_bytes": most,
        "runtime.total_gc_pause_ns": 0,
        "runtime.total_gc_runs": sum(one["collections"] for one in gc.get_stats()),
        "session_ttl.active": 0,
    }


def path_name(method: str, path: str) -> str:
    """What a request to a route is counted as; what is in a path is never told."""
    parts = path.partition("{")[0].split("/")[1:]
    return ".".join(("http", method, *(part or "_" for part in parts)))


def _key(name: str, labels: Mapping[str, str]) -> Key:
    return PREFIX + name, tuple(sorted(labels.items()))


def _row(key: Key, values: list[float]) -> dict[str, Any]:
    name, labels = key
    total, many = math.fsum(values), len(values)
    mean = total / many
    spread = math.fsum((value - mean) ** 2 for value in values)
    numbers = {
        "Rate": total / INTERVAL_S,
        "Sum": total,
        "Min": min(values),
        "Max": max(values),
        "Mean": mean,
        "Stddev": math.sqrt(spread / (many - 1)) if many > 1 else 0.0,
    }
    told = {what: _number(value) for what, value in numbers.items()}
    return {"Name": name, "Count": many, **told, "Labels": dict(labels)}


def _number(value: float) -> float | int:
    """As Go writes it: whole numbers without a point."""
    return int(value) if value == int(value) else value
