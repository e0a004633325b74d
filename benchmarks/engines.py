"""Debian's Prometheus and other servers as processes, filled with known series.

A line of series is `name{labels} start+step`: a value ten minutes ago, and how much
more it is at each scrape since. Used by the benchmarks and by the tests against real
servers.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import requests

from benchmarks.stage import StageError, free_port, wait_for

LINE: Final = re.compile(r"(?P<series>\S.*) (?P<start>[0-9.]+)\+(?P<step>[0-9.]+)")
STEP_S: Final = 15
SAMPLES: Final = 41
UP_S: Final = 30.0


Sample = tuple[str, float, float]
"""(series, Unix time, value)"""


def samples(lines: Iterable[str], now: float) -> Iterator[Sample]:
    """From ten minutes ago until now."""
    for line in lines:
        found = LINE.fullmatch(line)
        if found is not None:
            for turn in range(SAMPLES):
                at = now - STEP_S * (SAMPLES - 1 - turn)
                value = float(found["start"]) + turn * float(found["step"])
                yield found["series"], at, value


def filled_prometheus(
    folder: Path, lines: Iterable[str], now: float
) -> AbstractContextManager[str]:
    """A Prometheus that holds the samples of the lines."""
    return holding(folder, samples(lines, now))


@contextmanager
def holding(folder: Path, told_of: Iterable[Sample]) -> Iterator[str]:
    """A Prometheus that holds the samples as a block, as if it had scraped them."""
    page = folder / "samples.om"
    rows = sorted(told_of, key=lambda row: (row[0].partition("{")[0], *row[:2]))
    told = [f"{series} {value} {at:.3f}" for series, at, value in rows]
    page.write_text("\n".join([*told, "# EOF", ""]))
    data = str(folder / "data")
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(page), data]
    subprocess.run(command, check=True, capture_output=True)
    with prometheus(folder) as url:
        yield url


@contextmanager
def prometheus(folder: Path, config: str = "") -> Iterator[str]:
    """A Prometheus that keeps what it scrapes, by `config`, in the folder."""
    (folder / "prometheus.yml").write_text(config)
    url = f"http://127.0.0.1:{free_port()}"
    arguments = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=10y",
        f"--web.listen-address={url.removeprefix('http://')}",
    ]
    with running(["prometheus", *arguments], folder, url, "/-/ready"):
        yield url


@contextmanager
def running(
    command: Sequence[str], folder: Path, url: str, health: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server's process, from its first healthy answer; its output in `log`."""
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{command[0]} is not installed")
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(f"{command[0]} at {url}", lambda: _up(child, url, health), UP_S)
        yield child
    finally:
        child.terminate()
        child.wait(10)


def _up(child: subprocess.Popen[bytes], url: str, health: str) -> bool:
    if child.poll() is not None:
        raise StageError(f"{url}: ended with code {child.returncode}")
    return answers(url, health)


def answers(url: str, path: str) -> bool:
    try:
        return requests.get(f"{url}{path}", timeout=1).ok
    except requests.ConnectionError:
        return False
