"""How much is asked of the watched deployment, with one viewer and with many.

Proxies between the dashboard and the Kubernetes API, and between it and Consul, count
the requests. The dashboard is meant to ask the same however many people look.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from benchmarks.crowd import watching
from benchmarks.proxy import CountingProxy, counting
from benchmarks.stage import Json, Stage, open_stage

VIEWERS: Final = (1, 500)
SETTLE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests a minute to one source, with so many viewers."""

    viewers: int
    source: str
    per_minute: float


class Proxies:
    """Those that count what is asked of the first deployment, by its sources."""

    def __init__(self) -> None:
        self._each: dict[str, CountingProxy] = {}

    def put_between(self, config: Json, folder: Path, stack: ExitStack) -> None:
        """Lead the dashboard through them; they end with `stack`."""
        deployment, each = config["deployments"][0], self._each
        each["consul"] = stack.enter_context(counting(deployment["consul"]["url"]))
        deployment["consul"]["url"] = each["consul"].url
        kubeconfig = Path(deployment["kubernetes"]["kubeconfig"])
        each["kubernetes"] = stack.enter_context(counting(api_of(kubeconfig)))
        copied = redirected(kubeconfig, each["kubernetes"].url, folder)
        deployment["kubernetes"]["kubeconfig"] = str(copied)

    def requests(self) -> dict[str, int]:
        """So many so far."""
        return {source: proxy.requests() for source, proxy in self._each.items()}


def measure_upstream(folder: Path, seconds: float) -> list[Asked]:
    """A stage of its own, with the proxies in the middle."""
    proxies = Proxies()
    with ExitStack() as stack:

        def edit(config: Json) -> None:
            proxies.put_between(config, folder, stack)

        stage = stack.enter_context(open_stage(folder, edit))
        return [
            asked
            for viewers in VIEWERS
            for asked in _count(stage, proxies, viewers, seconds)
        ]


def api_of(kubeconfig: Path) -> str:
    """The address of the first cluster in a kubeconfig."""
    document = yaml.safe_load(kubeconfig.read_text())
    return str(document["clusters"][0]["cluster"]["server"])


def redirected(kubeconfig: Path, url: str, folder: Path) -> Path:
    """A copy of the kubeconfig whose cluster is at `url`."""
    document = yaml.safe_load(kubeconfig.read_text())
    document["clusters"][0]["cluster"]["server"] = url
    copy = folder / "kubeconfig-counted.yaml"
    copy.write_text(yaml.safe_dump(document))
    return copy


def _count(stage: Stage, proxies: Proxies, viewers: int, seconds: float) -> list[Asked]:
    with watching(stage, viewers):
        time.sleep(SETTLE_S)
        before = proxies.requests()
        time.sleep(seconds)
        return [
            Asked(viewers, source, (count - before[source]) * 60 / seconds)
            for source, count in proxies.requests().items()
        ]
