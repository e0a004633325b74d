"""A simulated deployment's addresses, and a configuration that leads through proxies."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from benchmarks.stage import CONTROL, Process, Stage, simulated
from tests.browser.conftest import quick
from tests.chaos.network import Network
from tests.chaos.proxy import Place, Route

Json = dict[str, Any]
STORES: Final = ("redis", "elasticsearch")


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated deployment: its control, how it is watched, who is where."""

    stage: Stage
    config: Json
    kubeconfig: Json
    dsn: str

    @property
    def deployment(self) -> Json:
        return dict(self.config["deployments"][0])

    def places(self) -> dict[str, Place]:
        """Every source that has one address."""
        told, backends = self.deployment, self.deployment["backends"]
        urls = {
            "kubernetes": self.kubeconfig["clusters"][0]["cluster"]["server"],
            "consul": told["consul"]["url"],
            "alertmanager": told["alertmanager"]["url"],
            "postgresql": self.dsn,
        } | {name: backends[name]["url"] for name in STORES}
        return {name: _place(url) for name, url in urls.items()}

    def token(self) -> bytes:
        return str(self.kubeconfig["users"][0]["user"]["token"]).encode()


@contextmanager
def a_deployment(folder: Path, seed: int) -> Iterator[Simulated]:
    folder.mkdir()
    with simulated(folder, seed) as (process, written):
        text = written.read_text()
        control = CONTROL.search(text)
        assert control is not None
        config = yaml.safe_load(text)
        (told,) = config["deployments"]
        nobody = Process((), folder / "serve.log")  # the dashboard is in this process
        yield Simulated(
            Stage("", control[1], told["id"], process, nobody),
            config,
            yaml.safe_load(Path(told["kubernetes"]["kubeconfig"]).read_text()),
            Path(told["backends"]["postgresql"]["dsn_file"]).read_text(),
        )


def routes(here: Simulated, other: Simulated) -> list[Route]:
    """One for each source. Pods and the ingress are reached directly: they are what is
    measured and probed, and no source that could be blind for all."""
    elsewhere = other.places()
    secrets = {"kubernetes": (here.token(), other.token())}
    return [
        Route(name, place, elsewhere[name], secrets.get(name, (b"", b"")))
        for name, place in here.places().items()
    ]


def through(network: Network, here: Simulated, folder: Path) -> Path:
    """The configuration with which a dashboard watches it over the network."""
    config, kubeconfig = copy.deepcopy(here.config), copy.deepcopy(here.kubeconfig)
    (told,) = config["deployments"]
    kubeconfig["clusters"][0]["cluster"]["server"] = _via(network, "kubernetes")
    told["kubernetes"]["kubeconfig"] = str(folder / "kubeconfig")
    told["consul"]["url"] = _via(network, "consul")
    told["alertmanager"]["url"] = _via(network, "alertmanager")
    backends = told["backends"]
    backends["redis"]["url"] = _via(network, "redis", "redis")
    backends["elasticsearch"]["url"] = _via(network, "elasticsearch")
    backends["postgresql"]["dsn_file"] = str(folder / "dsn")
    place = here.places()["postgresql"]
    dsn = here.dsn.replace(f":{place[1]}/", f":{network.port('postgresql')}/")
    quick(config)
    (folder / "dsn").write_text(dsn)
    (folder / "kubeconfig").write_text(yaml.safe_dump(kubeconfig))
    written = folder / "watched.yaml"
    written.write_text(yaml.safe_dump(config))
    return written


def _via(network: Network, source: str, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{network.port(source)}"


def _place(url: str) -> Place:
    parts = urlsplit(url.strip())
    return str(parts.hostname), int(parts.port or 0)
