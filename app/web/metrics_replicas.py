"""One process among several, as Prometheus series: who leads, and how the bus is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector


class Leading(Collector):
    """Of a collector. `term`: under which it leads; `None`: it stands by."""

    def __init__(
        self,
        term: Callable[[], int | None],
        waiting: Callable[[], int],
        up: Callable[[], bool],
    ) -> None:
        self._term, self._waiting, self._up = term, waiting, up

    def collect(self) -> Iterator[Metric]:
        term = self._term()
        text = "1 while this collector leads, 0 while it stands by"
        yield GaugeMetricFamily("gws_observatory_leader", text, float(term is not None))
        text = "The term under which this collector leads; a later one has a larger"
        yield GaugeMetricFamily("gws_observatory_leader_term", text, term)
        text = "Deltas that wait to be written to the bus"
        yield GaugeMetricFamily("gws_observatory_bus_waiting", text, self._waiting())
        yield _up(self._up())


class Following(Collector):
    """Of a web replica."""

    def __init__(
        self,
        up: Callable[[], bool],
        silent_s: Callable[[], float],
        resyncs: Callable[[], int],
    ) -> None:
        self._up, self._silent_s, self._resyncs = up, silent_s, resyncs

    def collect(self) -> Iterator[Metric]:
        yield _up(self._up())
        text = "Since when no collector has been heard of, 0 while one is"
        name = "gws_observatory_bus_silence_seconds"
        yield GaugeMetricFamily(name, text, self._silent_s())
        text = "How often a whole picture was read from the bus instead of its deltas"
        name = "gws_observatory_bus_resyncs"
        yield CounterMetricFamily(name, text, self._resyncs())


def _up(up: bool) -> Metric:
    text = "1 while the bus between collectors and web replicas works"
    return GaugeMetricFamily("gws_observatory_bus_up", text, float(up))
