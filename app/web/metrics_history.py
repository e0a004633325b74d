"""How the history's file is, as Prometheus series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.history.base import Health


class OnDisk(Protocol):
    @property
    def size(self) -> int:
        """In bytes, on the disk."""

    @property
    def written_at(self) -> datetime | None:
        """When something was last written; `None`: not since the start."""


class Keeping(Protocol):
    def health(self) -> Health: ...

    def kept(self) -> OnDisk: ...


class HistoryFile(Collector):
    def __init__(self, history: Keeping) -> None:
        self._history = history

    def collect(self) -> Iterator[Metric]:
        kept = self._history.kept()
        text = "Size of the history's file, with what is not yet carried over into it"
        yield GaugeMetricFamily("gws_observatory_history_bytes", text, kept.size)
        text = "1 while history is paused: nothing is kept of what is seen"
        paused = float(self._history.health().paused is not None)
        yield GaugeMetricFamily("gws_observatory_history_paused", text, paused)
        text = "When history was last written"
        name = "gws_observatory_history_written_timestamp_seconds"
        at = None if kept.written_at is None else kept.written_at.timestamp()
        yield GaugeMetricFamily(name, text, at)
