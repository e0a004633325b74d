"""Metrics pages in the Prometheus text format: families in, text out. Pure.

`Subject` is what a page is about; the families of each kind of process are in
`exposition_java`, `exposition_workspace`, `exposition_neighbours` and
`exposition_stores`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.simulator.load import BOUNDS_S, Meter, Strain, bound_text, mean_s
from app.simulator.load_profiles import Profile

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]
CLASSES: Final = {"200": "2xx", "401": "4xx", "404": "4xx", "500": "5xx"}
"""Of the status codes that are answered."""
CPU_IDLE: Final = 0.01
"""Cores that a process takes with nothing to do."""
CPU_A_REQUEST_S: Final = 0.004


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: `samples` are (suffix of the name, labels, value)."""

    name: str
    type: str
    help: str
    samples: tuple[tuple[str, Labels, float], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A pod's process at one moment, with all that its page may tell.

    `rate`: requests a second that this pod serves now; `busy`: the day's part of the
    peak, 0 to 1; `processors`: those that its container may use, in whole ones.
    """

    meter: Meter
    profile: Profile
    strain: Strain
    rate: float
    busy: float
    calls: Mapping[str, float] = field(default_factory=dict)
    processors: int = 1

    @property
    def uptime_s(self) -> float:
        return self.meter.at - self.meter.started

    @property
    def cpu_s(self) -> float:
        """Processor time since the start."""
        served = sum(self.meter.whole("served", code) for code in CLASSES)
        return CPU_IDLE * self.uptime_s + CPU_A_REQUEST_S * served

    @property
    def served_s(self) -> float:
        """How long a request takes now, on average."""
        return mean_s(self.profile) + self.strain.slow_s

    @property
    def in_flight(self) -> float:
        """Requests being served now (Little's law)."""
        return self.rate * self.served_s


def gauge(name: str, help_: str, value: float, labels: Labels | None = None) -> Family:
    return Family(name, "gauge", help_, (("", labels or {}, value),))


def gauges(
    name: str, help_: str, rows: Iterable[tuple[Labels, float]], type_: str = "gauge"
) -> Family:
    return Family(
        name, type_, help_, tuple(("", labels, value) for labels, value in rows)
    )


def counter(
    name: str, help_: str, value: float, labels: Labels | None = None
) -> Family:
    return Family(name, "counter", help_, (("", labels or {}, value),))


def counters(name: str, help_: str, rows: Iterable[tuple[Labels, float]]) -> Family:
    return gauges(name, help_, rows, "counter")


def histogram(
    name: str,
    help_: str,
    meter: Meter,
    labels: Labels | None = None,
    unit_s: float = 1.0,
) -> Family:
    """What the pod served, by how long it took, in units of `unit_s` seconds."""
    common = labels or {}
    buckets = tuple(
        (
            "_bucket",
            {**common, "le": bound_text(bound / unit_s)},
            float(meter.whole("within", bound_text(bound))),
        )
        for bound in BOUNDS_S
    )
    total = meter.count("took") / unit_s
    ends = (("_sum", common, total), ("_count", common, buckets[-1][2]))
    return Family(name, "histogram", help_, (*buckets, *ends))


def render(families: Iterable[Family]) -> str:
    """The page. An equal set of families gives an equal page."""
    return "".join(line + "\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}"
    yield f"# TYPE {family.name} {family.type}"
    for suffix, labels, value in family.samples:
        named = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        braces = f"{{{named}}}" if named else ""
        yield f"{family.name}{suffix}{braces} {_number(value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return f"{round(value, 9)!r}" if value % 1 else f"{value:.1f}"


def garbled(page: str) -> str:
    """The page as a broken exporter writes it: wrong lines, and cut short."""
    half = page[: len(page) // 2]
    return half + '\n{"status": 500, "error": \nhttp_requests_total{code="2'
