"""What it costs to hear of all connections from a Prometheus that four kinds of
telemetry fill.

A real Prometheus on loopback. A proxy counts the queries and the bytes of the answers;
the processor time is this process's own, measured without the proxy. The baseline asks
each question once for each connection, over the same kept-alive line and with the same
reader of answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.domain.facts_traffic import TrafficFact
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.topology import standard
from benchmarks import telemetry
from benchmarks.engines import filled_prometheus
from benchmarks.proxy import counting
from collectors.http_line import HttpLine
from collectors.prometheus import (
    ANSWER_S,
    CONNECT_S,
    LAST_HOUR,
    QUERY,
    PrometheusAddress,
    PrometheusCollector,
    Wanted,
)
from collectors.prometheus_read import read_answer
from collectors.telemetry import filled
from collectors.telemetry_boxes import ALL

TOPOLOGY: Final = standard()
NUMBERS: Final = frozenset(c.number for c in TOPOLOGY.connections)
WINDOW_S: Final = 60.0
BASELINE_TIMES: Final = 5
"""It takes long, and what it costs differs little."""


@dataclass(frozen=True, slots=True)
class AskedAll:
    """One way to ask for everything; milliseconds of processor time and of waiting."""

    what: str
    connections: int
    sources: int
    queries: int
    received: int
    cpu_ms: tuple[float, ...]
    whole_ms: tuple[float, ...]


Way = Callable[[str], Callable[[], None]]
"""From the address of a Prometheus to what asks it once."""


def measure_evaluation(folder: Path, times: int) -> list[AskedAll]:
    ways: dict[str, tuple[Way, int]] = {
        "one query per connection and number (baseline)": (
            _each, min(times, BASELINE_TIMES),
        ),
        "the collector, all connections in one answer": (_together, times),
    }  # fmt: skip
    lines = telemetry.series(TOPOLOGY)
    with filled_prometheus(folder, lines, time.time()) as url:
        return [_measured(what, url, way, n) for what, (way, n) in ways.items()]


def _measured(what: str, url: str, way: Way, times: int) -> AskedAll:
    with counting(url) as proxy:
        way(proxy.url)()
        queries, received = proxy.requests(), proxy.received()
    ask, cpu, whole = way(url), [], []
    ask()
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        ask()
        cpu.append((time.process_time() - used) * 1000)
        whole.append((time.perf_counter() - began) * 1000)
    return AskedAll(
        what, len(NUMBERS), len(telemetry.KINDS), queries, received, tuple(cpu),
        tuple(whole),
    )  # fmt: skip


def _together(url: str) -> Callable[[], None]:
    names = Names(TOPOLOGY, locator(TOPOLOGY), telemetry.addresses(TOPOLOGY))
    collector = PrometheusCollector(
        PrometheusAddress(url),
        Wanted(tuple(telemetry.KINDS), window_s=WINDOW_S),
        lambda: names,
        lambda reading: None,
        lambda: datetime.fromtimestamp(time.time(), UTC),
    )

    def ask() -> None:
        for reading in collector.ask_once():
            if reading.feed.name == LAST_HOUR and not reading.trouble:
                continue
            facts = [f for f in reading.facts if isinstance(f, TrafficFact)]
            heard = {fact.subject for fact in facts if fact.requests}
            if heard != NUMBERS:
                lost = sorted(NUMBERS - heard)
                told = reading.trouble or f"connections {lost} are not told"
                raise RuntimeError(f"{reading.feed.name}: {told}")

    return ask


def _each(url: str) -> Callable[[], None]:
    address = PrometheusAddress(url)
    line = HttpLine(address, address.dialect, CONNECT_S)
    questions = [
        filled(question, WINDOW_S, matchers)
        for kind in telemetry.KINDS
        for matchers in telemetry.ends(TOPOLOGY, kind).values()
        for question in ALL[kind].asks.values()
    ]

    def ask() -> None:
        for question in questions:
            read_answer(line.body(QUERY, {"query": question}, ANSWER_S))

    return ask
