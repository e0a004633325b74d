"""How the dashboard itself does, as Prometheus series: each source's asks, turns of the
pipelines, queues, the event loop, the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Final

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from app.bus.fleet import FLEET
from app.domain.inside import Inside
from app.domain.timings import Asks, Timings
from app.web.own import Own
from app.web.process import taken
from app.web.site import Site

SOURCE: Final = ("deployment", "source")
COUNTED: Final[tuple[tuple[str, str, Callable[[Asks], int]], ...]] = (
    ("asks", "How often a source was asked", lambda one: one.asked),
    ("failed_asks", "How often it gave no usable answer", lambda one: one.failed),
    ("lists", "How often a whole list was read of it", lambda one: one.lists),
    ("watches", "How often a watch was opened at it", lambda one: one.watches),
)
ALL: Final = FLEET
"""The deployment of what is all deployments' in common."""


class InsideMetrics(Collector):
    def __init__(self, site: Site, own: Own, lag: Callable[[], Timings]) -> None:
        self._site, self._own, self._lag = site, own, lag

    def collect(self) -> Iterator[Metric]:
        found = {one.id: one.inside() for one in self._site.every.values()}
        yield from _asks(found)
        yield from _feeds(found)
        text = "How long a pipeline learnt, judged and published"
        turns = [((name,), one.turns) for name, one in found.items()]
        yield histogram("gws_observatory_turn_seconds", text, ("deployment",), turns)
        yield from self._queues(found)
        text = "How late the event loop came to what was due"
        name = "gws_observatory_event_loop_lag_seconds"
        yield histogram(name, text, (), [((), self._lag())])
        yield from _process()
        yield self._messages()

    def _queues(self, found: dict[str, Inside]) -> Iterator[Metric]:
        text = "Feeds to be learnt, deltas for the slowest viewer, what is not written"
        length = GaugeMetricFamily(
            "gws_observatory_queue_length", text, labels=("deployment", "queue")
        )
        text = "How often a viewer was so far behind that it was sent the whole picture"
        resynced = CounterMetricFamily(
            "gws_observatory_viewers_resynced", text, labels=("deployment",)
        )
        for name, one in found.items():
            length.add_metric((name, "readings"), one.waiting)
        for name in (*found, FLEET):
            queue = self._site.bus.queue(name)
            length.add_metric((name, "viewer"), queue.longest)
            resynced.add_metric((name,), queue.resynced)
        for store in self._own.stores():
            length.add_metric((ALL, store.name), store.waiting)
        yield from (length, resynced)

    def _messages(self) -> Metric:
        text = "Lines of the log from warnings on"
        family = CounterMetricFamily(
            "gws_observatory_log_messages", text, labels=("level",)
        )
        for level, count in self._own.warned.counts().items():
            family.add_metric((level,), count)
        return family


def histogram(
    name: str,
    text: str,
    labels: Sequence[str],
    timed: Sequence[tuple[Sequence[str], Timings]],
) -> Metric:
    """What was never timed is not told."""
    family = HistogramMetricFamily(name, text, labels=labels)
    for values, told in timed:
        if told.count:
            buckets = [(_bound(le), float(n)) for le, n in told.cumulative()]
            family.add_metric(values, buckets, told.total_s)
    return family


def _bound(le: float) -> str:
    return "+Inf" if le == inf else str(le)


def _asks(found: dict[str, Inside]) -> Iterator[Metric]:
    asked = [
        ((name, one.name), one.asks)
        for name, inside in found.items()
        for one in inside.asked
    ]
    text = "How long a source took to answer; what it holds until there is news is not"
    timed = [(labels, asks.timings) for labels, asks in asked]
    yield histogram("gws_observatory_source_ask_seconds", text, SOURCE, timed)
    text = "How long it took the last time"
    last = GaugeMetricFamily(
        "gws_observatory_source_last_ask_seconds", text, labels=SOURCE
    )
    for labels, told in timed:
        if told.last_s is not None:
            last.add_metric(labels, told.last_s)
    yield last
    for suffix, text, count in COUNTED:
        name = f"gws_observatory_source_{suffix}"
        family = CounterMetricFamily(name, text, labels=SOURCE)
        for labels, asks in asked:
            family.add_metric(labels, count(asks))
        yield family


def _feeds(found: dict[str, Inside]) -> Iterator[Metric]:
    text = "Questions that a source is asked, by whether the last one failed"
    family = GaugeMetricFamily(
        "gws_observatory_source_feeds", text, labels=(*SOURCE, "state")
    )
    for name, inside in found.items():
        for one in inside.asked:
            feeds = inside.of(one.name)
            troubled = sum(feed.trouble is not None for feed in feeds)
            family.add_metric((name, one.name, "well"), len(feeds) - troubled)
            family.add_metric((name, one.name, "troubled"), troubled)
    yield family


def _process() -> Iterator[Metric]:
    now = taken()
    yield GaugeMetricFamily("gws_observatory_threads", "Threads", now.threads)
    sockets = GaugeMetricFamily("gws_observatory_sockets", "Open sockets", labels=())
    if now.sockets is not None:
        sockets.add_metric((), now.sockets)
    yield sockets
