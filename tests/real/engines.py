"""Engines that speak Prometheus's query API, filled with the series of
`tests/recorded/telemetry`: Debian's Prometheus and Debian's VictoriaMetrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import requests

from benchmarks.engines import Sample, filled_prometheus, running, samples
from benchmarks.stage import free_port

SERIES = Path(__file__).parents[1] / "recorded" / "telemetry"


def recorded() -> list[str]:
    """The lines of all files."""
    paths = sorted(SERIES.glob("*.txt"))
    return [line for path in paths for line in path.read_text().splitlines()]


def prometheus(folder: Path, now: float) -> AbstractContextManager[str]:
    return filled_prometheus(folder, recorded(), now)


def victoria_metrics(folder: Path, now: float) -> AbstractContextManager[str]:
    return holding_victoria_metrics(folder, samples(recorded(), now))


@contextmanager
def holding_victoria_metrics(folder: Path, told: Iterable[Sample]) -> Iterator[str]:
    exactly = ("-search.latencyOffset=0s", "-search.disableCache")
    with empty_victoria_metrics(folder, *exactly) as url:
        rows = (f"{s} {value} {round(at * 1000)}" for s, at, value in told)
        body = "\n".join(rows).encode()
        put = requests.post(f"{url}/api/v1/import/prometheus", data=body, timeout=20)
        assert put.ok, put.text
        seen_by(url)
        yield url


@contextmanager
def empty_victoria_metrics(folder: Path, *more: str) -> Iterator[str]:
    url = f"http://127.0.0.1:{free_port()}"
    arguments = [
        f"-storageDataPath={folder / 'data'}",
        f"-httpListenAddr={url.removeprefix('http://')}",
        "-retentionPeriod=100y",
        *more,
    ]
    with running(["victoria-metrics", *arguments], folder, url, "/health"):
        yield url


def seen_by(url: str) -> None:
    """What was imported can be asked for."""
    requests.get(f"{url}/internal/force_flush", timeout=20)
