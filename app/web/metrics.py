"""`/metrics`: the newest snapshots as Prometheus series (`app.domain.exported` names
them), and our own work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.bus.fleet import FLEET
from app.domain.exported import families
from app.web.loop_lag import LoopLag
from app.web.metrics_history import HistoryFile, Keeping
from app.web.metrics_inside import InsideMetrics
from app.web.own import Own
from app.web.site import Site

PUSH_BUCKETS: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
)  # fmt: skip


class Exposition:
    """Everything that `/metrics` tells, in one registry of its own."""

    def __init__(self, version: str) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        info = Info("gws_observatory_build", "What is running", registry=self._registry)
        info.info({"version": version})
        self._push = Histogram(
            "gws_observatory_fault_to_push_seconds",
            "From a change being heard to its delta being handed to the viewers",
            labelnames=("deployment",),
            buckets=PUSH_BUCKETS,
            registry=self._registry,
        )
        self._requests = Histogram(
            "gws_observatory_http_request_seconds",
            "From a request to its whole answer, or to the beginning of a stream",
            labelnames=("code",),
            buckets=PUSH_BUCKETS,
            registry=self._registry,
        )
        self.lag = LoopLag()
        ProcessCollector(registry=self._registry)
        self._file = _File()
        self._registry.register(self._file)

    def show(
        self, site: Site, own: Own, leads: Callable[[], bool] = lambda: True
    ) -> None:
        """Tell of these pictures too, while it is this process that makes them, of
        what makes them, and of who watches."""
        self._registry.register(_Pictures(site, leads))
        lag = self.lag
        self._registry.register(InsideMetrics(site, own, lambda: lag.timings))

    def requested(self, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(f"{status // 100}xx").observe(seconds)

    def tell(self, more: Collector) -> None:
        """Tell this too."""
        self._registry.register(more)

    def pushed(self, deployment: str) -> Callable[[float], None]:
        """Where a pipeline tells how long a change took."""
        return self._push.labels(deployment).observe

    def remembered(self, history: Keeping) -> None:
        """Tell how it is kept."""
        self._registry.register(HistoryFile(history))

    def configured(self, good: bool, good_at: datetime) -> None:
        """Whether the configuration file was good when it was last read, and when it
        last was. From any thread."""
        self._file.read = (good, good_at)

    def render(self, accept: str) -> tuple[bytes, str]:
        """The body and its content type."""
        encoder, content_type = choose_encoder(accept)
        return encoder(self._registry), content_type


class _File(Collector):
    """How the last reading of the configuration file went."""

    def __init__(self) -> None:
        self.read: tuple[bool, datetime] | None = None

    def collect(self) -> Iterator[Metric]:
        text = "1 while the configuration file is good, 0 while the old one is in force"
        ok = _gauge("gws_observatory_config_reload_ok", text, ())
        text = "When the configuration file was last read and good"
        at = _gauge("gws_observatory_config_reloaded_timestamp_seconds", text, ())
        if self.read is not None:
            good, good_at = self.read
            ok.add_metric([], float(good))
            at.add_metric([], good_at.timestamp())
        yield ok
        yield at


class _Pictures(Collector):
    def __init__(self, site: Site, leads: Callable[[], bool]) -> None:
        self._site, self._leads = site, leads

    def collect(self) -> Iterator[Metric]:
        site = self._site
        made = site.every.values() if self._leads() else ()
        pictures = [site.picture(one) for one in made if site.bus.latest(one.id)]
        for one in families(pictures):
            family = _gauge(one.name, one.text, one.labels)
            for labels, value in one.rows:
                family.add_metric(labels, value)
            yield family
        yield _viewers(site)


def _gauge(name: str, text: str, labels: Iterable[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=list(labels))


def _viewers(site: Site) -> Metric:
    family = _gauge("gws_observatory_viewers", "Open streams", ("deployment",))
    for name in (*site.every, FLEET):
        family.add_metric([name], site.bus.viewers(name))
    return family
