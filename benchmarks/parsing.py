"""What it costs to read the metrics pages of a large deployment.

The pages are those of the simulated pods, taken over HTTP and read again and again
until as many were read as there are pods. The baseline is prometheus-client's own
parser, which makes something of every line; the collector's reader has to pass over
most of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.stage import Json, simulated
from collectors.exposition import read_page
from collectors.scrape import WANTED
from collectors.vendor_metrics import is_counter

PODS: Final = 300
EVERY_S: Final = 15.0
TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
ANNOTATION: Final = "prometheus.io"


@dataclass(frozen=True, slots=True)
class Parsed:
    """Processor seconds of each round over all pods; `lines` are those of a round."""

    what: str
    pages: int
    lines: int
    size: int
    every_s: float
    times_s: tuple[float, ...]


def measure_parsing(folder: Path, times: int) -> list[Parsed]:
    with simulated(folder) as (_, written):
        found = pages(written)
    every = list(islice(cycle(found), PODS))
    return [
        _timed("prometheus-client's parser (baseline)", every, times, _plainly),
        _timed("the collector's reader", every, times, _as_wanted),
    ]


def pages(written: Path) -> list[bytes]:
    """Of each simulated pod that asks to be scraped; `written`: for who watches."""
    config = yaml.safe_load(written.read_text())["deployments"][0]
    access = yaml.safe_load(Path(config["kubernetes"]["kubeconfig"]).read_text())
    token = access["users"][0]["user"]["token"]
    url = f"{access['clusters'][0]['cluster']['server']}/api/v1/pods"
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(
            url, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        answer.raise_for_status()
        return [
            session.get(where, timeout=10).content
            for pod in answer.json()["items"]
            if (where := _page_of(pod)) is not None
        ]


def _page_of(pod: Json) -> str | None:
    said = pod["metadata"].get("annotations", {})
    port, path = (said.get(f"{ANNOTATION}/{part}") for part in ("port", "path"))
    return f"http://{pod['status']['podIP']}:{port}{path}" if port else None


def _timed(
    what: str, every: Sequence[bytes], times: int, read: Callable[[bytes], int]
) -> Parsed:
    took = []
    for _ in range(times):
        began = time.process_time()
        samples = sum(read(page) for page in every)
        took.append(time.process_time() - began)
        if samples < len(every):
            raise RuntimeError(f"{what}: only {samples} samples on {len(every)} pages")
    return Parsed(
        what,
        len(every),
        sum(page.count(b"\n") for page in every),
        sum(map(len, every)),
        EVERY_S,
        tuple(took),
    )


def _plainly(page: bytes) -> int:
    families = text_string_to_metric_families(page.decode())
    return sum(len(family.samples) for family in families)


def _as_wanted(page: bytes) -> int:
    return len(read_page(page, TEXT, WANTED, is_counter).samples)
