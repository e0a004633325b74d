"""A dashboard that watches the deployments of a farm (`benchmarks.farm`)."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests
import yaml

from benchmarks.harvest import Crop
from benchmarks.stage import (
    TOP,
    Json,
    Process,
    Stage,
    StageError,
    free_port,
    wait_for,
)

LONGEST_START_S: Final = 240.0
"""A hundred deployments on a machine that has other work too."""
ASK_EVERY_S: Final = 0.1
"""Each question is work for the one that is timed."""


@dataclass
class Farmed:
    """`stage.deployment` is the last of them, a good one."""

    stage: Stage
    farm: str
    ids: Sequence[str]

    def start(self) -> float:
        """Start the dashboard; seconds until it is ready, from its very beginning."""
        began = time.monotonic()
        self.stage.server.start()
        try:
            wait_for("/readyz", self.stage.ready, LONGEST_START_S, ASK_EVERY_S)
        except StageError as exc:
            raise StageError(f"{exc}\n{self.stage.server.tail()}") from exc
        return time.monotonic() - began

    def churn(self, per_second: float) -> None:
        self._tell(f"/churn/{per_second}")

    def flip(self, number: int) -> float:
        """Change a pod of one deployment; when its watch was told, by the clock."""
        return float(self._tell(f"/flip/{number}")["sent_at"])

    def stream(self, name: str) -> str:
        return f"{self.stage.url}/api/v1/deployments/{name}/stream"

    def _tell(self, path: str) -> Json:
        return dict(requests.post(self.farm + path, timeout=10).json())


@contextmanager
def farmed(
    folder: Path, crop: Crop, count: int, bad: str | None = None
) -> Iterator[Farmed]:
    """So many deployments with `crop`, and a dashboard that is yet to be started. Pods
    are neither scraped nor probed: nobody stands at their addresses."""
    sown = folder / "crop"
    sown.write_bytes(pickle.dumps(crop))
    command = [sys.executable, "-m", "benchmarks.farm", str(sown), str(count)]
    command += [bad] if bad else []
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            port = child.stdout.readline().strip()
            if not port:
                raise StageError("the farm did not begin")
            farm = f"http://127.0.0.1:{port}"
            ids = [f"d{number}" for number in range(count)]
            stage = _stage(folder, farm, ids, crop)
            try:
                yield Farmed(stage, farm, ids)
            finally:
                stage.server.stop()
        finally:
            child.terminate()


def _stage(folder: Path, farm: str, ids: Sequence[str], crop: Crop) -> Stage:
    port = free_port()
    config = {
        "server": {"host": "127.0.0.1", "port": port},
        "storage": {"records": f"sqlite:///{folder}/records.db"},
        "deployments": [_deployment(folder, farm, name, crop) for name in ids],
    }
    written = folder / "farm.yaml"
    written.write_text(yaml.safe_dump(config))
    nobody = Process((), folder / "nobody.log")
    server = Process(("serve", "--config", str(written)), folder / "serve.log")
    return Stage(f"http://127.0.0.1:{port}", farm, ids[-1], nobody, server)


def _deployment(folder: Path, farm: str, name: str, crop: Crop) -> Json:
    kubeconfig = folder / f"{name}.kubeconfig"
    kubeconfig.write_text(yaml.safe_dump(_kubeconfig(f"{farm}/{name}")))
    return {
        "id": name,
        "kubernetes": {"kubeconfig": str(kubeconfig), "namespaces": crop.namespaces},
        "consul": {"url": f"{farm}/{name}"},
        "scrape": {"enabled": False},
        "probes": {"enabled": False},
    }


def _kubeconfig(url: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "farm", "cluster": {"server": url}}],
        "users": [{"name": "viewer", "user": {}}],
        "contexts": [
            {"name": "farm", "context": {"cluster": "farm", "user": "viewer"}}
        ],
        "current-context": "farm",
    }
