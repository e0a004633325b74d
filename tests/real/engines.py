"""Engines that speak Prometheus's query API, filled with the series of
`tests/recorded/telemetry`: Debian's Prometheus and Debian's VictoriaMetrics."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from benchmarks.stage import free_port
from tests.real.waiting import until

SERIES = Path(__file__).parents[1] / "recorded" / "telemetry"
LINE = re.compile(r"(?P<series>\S.*) (?P<start>[0-9.]+)\+(?P<step>[0-9.]+)")
STEP_S = 15
SAMPLES = 41


def samples(now: float) -> Iterator[tuple[str, float, float]]:
    """(series, Unix time, value) of all files, from ten minutes ago until now."""
    for path in sorted(SERIES.glob("*.txt")):
        for line in path.read_text().splitlines():
            found = LINE.fullmatch(line)
            if found is not None:
                for turn in range(SAMPLES):
                    at = now - STEP_S * (SAMPLES - 1 - turn)
                    value = float(found["start"]) + turn * float(found["step"])
                    yield found["series"], at, value


def answers(url: str, path: str) -> bool:
    try:
        return requests.get(f"{url}{path}", timeout=1).ok
    except requests.ConnectionError:
        return False


@contextmanager
def prometheus(folder: Path, now: float, config: str = "") -> Iterator[str]:
    """A Prometheus that holds the samples as a block, as if it had scraped them."""
    page = folder / "samples.om"
    rows = sorted(samples(now), key=lambda row: (row[0].partition("{")[0], row[0]))
    lines = [f"{series} {value} {at:.3f}" for series, at, value in rows]
    page.write_text("\n".join([*lines, "# EOF", ""]))
    data = folder / "data"
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", page, data]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "prometheus.yml").write_text(config)
    url = f"http://127.0.0.1:{free_port()}"
    arguments = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={data}",
        f"--web.listen-address={url.removeprefix('http://')}",
    ]
    with running(["prometheus", *arguments], folder, url, "/-/ready"):
        yield url


@contextmanager
def victoria_metrics(folder: Path, now: float) -> Iterator[str]:
    url = f"http://127.0.0.1:{free_port()}"
    arguments = [
        f"-storageDataPath={folder / 'data'}",
        f"-httpListenAddr={url.removeprefix('http://')}",
        "-search.latencyOffset=0s",
        "-search.disableCache",
    ]
    with running(["victoria-metrics", *arguments], folder, url, "/health"):
        rows = (f"{s} {value} {round(at * 1000)}" for s, at, value in samples(now))
        body = "\n".join(rows).encode()
        put = requests.post(f"{url}/api/v1/import/prometheus", data=body, timeout=20)
        assert put.ok, put.text
        requests.get(f"{url}/internal/force_flush", timeout=20)
        yield url


@contextmanager
def running(
    command: list[str], folder: Path, url: str, health: str
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until(lambda: answers(url, health), 30, f"{command[0]} at {url}")
        yield child
    finally:
        child.terminate()
        child.wait(10)
