"""The metrics of a Node.js process, as prom-client gives them by default."""

from __future__ import annotations

from collections.abc import Iterator

from app.simulator.exposition import Family, Subject, counter, gauge
from app.simulator.exposition_java import MB, alive


def node_js(subject: Subject, lag_s: float) -> Iterator[Family]:
    """`lag_s`: of the event loop."""
    yield from alive(subject)
    spent = "process_cpu_seconds_total"
    yield counter(spent, "Total user and system CPU time", subject.cpu_s)
    resident = (90 + 45 * subject.busy) * MB + heap(subject)
    yield gauge("process_resident_memory_bytes", "Resident memory size", resident)
    yield gauge("nodejs_eventloop_lag_seconds", "Lag of the event loop", lag_s)
    yield gauge("nodejs_heap_size_total_bytes", "Heap", heap(subject))
    yield gauge("nodejs_heap_size_used_bytes", "Heap in use", 0.7 * heap(subject))


def heap(subject: Subject) -> float:
    """In bytes."""
    return (220 + 130 * subject.busy) * MB
