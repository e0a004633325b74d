"""The real thing as two processes: a simulated deployment, and a dashboard on it.

Used by the benchmarks, the browser tests and the pictures of the documentation. Nothing
here reaches into the application: everything goes over its command line, its
configuration file and HTTP.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import requests
import yaml

TOP: Final = Path(__file__).parents[1]
START_S: Final = 60.0
ANSWER_S: Final = 60.0
"""A machine that does much else at a time answers late, and is not wrong for it."""
END_S: Final = 8.0
CONTROL: Final = re.compile(r"^# Fault control: (http://[^/\s]+)", re.MULTILINE)

Json = dict[str, Any]


class StageError(Exception):
    """A process did not come up, or did not do what was waited for."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(
    what: str,
    done: Callable[[], bool],
    limit_s: float = START_S,
    every_s: float = 0.05,
) -> None:
    """Ask until `done`; `StageError` naming `what` when it never is."""
    deadline = time.monotonic() + limit_s
    while not done():
        if time.monotonic() > deadline:
            raise StageError(f"{what}: not within {limit_s:.0f} s")
        time.sleep(every_s)


@dataclass
class Process:
    """One `gws-observatory` command, its output kept in a file."""

    arguments: tuple[str, ...]
    log: Path
    _child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise StageError(f"{self.arguments[0]} is not running")
        return self._child.pid

    def start(self) -> None:
        command = [sys.executable, "-m", "app", *self.arguments]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command, cwd=TOP, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def stop(self) -> int:
        """SIGTERM, then SIGKILL for one that does not end; the exit code."""
        if self._child is None:
            return 0
        self.signal(signal.SIGCONT)
        self._child.terminate()
        try:
            return self._child.wait(END_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            return self._child.wait(END_S)
        finally:
            self._child = None

    def tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-20:])


@dataclass
class Stage:
    """Both processes, the dashboard's address and the control of the simulation."""

    url: str
    control: str
    deployment: str
    simulator: Process
    server: Process
    well_since: float = 0.0
    """When the last fault ended, in seconds since the epoch."""
    _session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self._session.trust_env = False
        # A connection kept for the next call may be cut by the server at that moment.
        self._session.headers["Connection"] = "close"

    def get(self, path: str) -> requests.Response:
        return self._session.get(f"{self.url}{path}", timeout=ANSWER_S)

    def snapshot(self) -> Json:
        answer = self.get(f"/api/v1/deployments/{self.deployment}/snapshot")
        answer.raise_for_status()
        return dict(answer.json())

    def statuses(self) -> dict[int, str]:
        """Connection number to status, as the API says now."""
        return {c["number"]: c["status"] for c in self.snapshot()["connections"]}

    def sim(self, method: str, path: str, body: Json | None = None) -> Json:
        """One call to the control of the simulation; raises on a refusal."""
        url = f"{self.control}{path}"
        answer = self._session.request(method, url, json=body, timeout=ANSWER_S)
        if not answer.ok:
            raise StageError(f"{method} {path}: {answer.status_code} {answer.text}")
        return dict(answer.json()) if answer.content else {}

    def inject(self, kind: str, target: str, **params: Any) -> Json:
        """Start a fault that lasts until it is ended; what the control answered."""
        body = {"kind": kind, "target": target, "params": params}
        return self.sim("POST", "/sim/faults", body)

    def end_faults(self) -> None:
        if self.sim("GET", "/sim/faults")["faults"]:
            self.sim("DELETE", "/sim/faults")
            self.well_since = time.time()

    def read_since(self, moment: float) -> bool:
        """Whether every connection that has traffic has some read after `moment`."""
        heard = [c["heard"]["traffic"]["at"] for c in self.snapshot()["connections"]]
        read = [datetime.fromisoformat(at).timestamp() for at in heard if at]
        return bool(read) and min(read) >= moment

    def truth(self) -> dict[int, str]:
        """What is really broken now, by connection number."""
        broken = self.sim("GET", "/sim/truth")["connections"]
        return {int(number): status for number, status in broken.items()}

    def ready(self) -> bool:
        try:
            return self.get("/readyz").status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            if not self.server.running():
                raise StageError(f"serve ended:\n{self.server.tail()}") from None
            return False

    def start_server(self) -> None:
        self.server.start()
        wait_for("/readyz", self.ready, 2 * START_S)


Edit = Callable[[Json], None]


def unchanged(_config: Json) -> None:
    """The configuration as the simulation wrote it."""


def with_limits(limits: Mapping[str, Any]) -> Edit:
    """Lay `limits` over those of every deployment."""

    def edit(config: Json) -> None:
        for deployment in config["deployments"]:
            deployment["limits"] = {**deployment.get("limits", {}), **limits}

    return edit


def usual_pace(config: Json) -> None:
    """Ask at the default intervals; the simulation asks for shorter ones, so that a
    demo shows what traffic and the stores say without a wait."""
    for deployment in config["deployments"]:
        sections = [deployment.get(p, {}) for p in ("scrape", "probes", "alertmanager")]
        for section in (*sections, *deployment.get("backends", {}).values()):
            section.pop("interval", None)


@contextmanager
def simulated(folder: Path, seed: int = 1) -> Iterator[tuple[Process, Path]]:
    """The simulated deployment, and the configuration that it wrote for watchers."""
    written = folder / "simulated.yaml"
    arguments = ("simulate", "--seed", str(seed), "--config-out", str(written))
    simulator = Process(arguments, folder / "simulate.log")
    simulator.start()
    try:
        wait_for(
            "simulate writes its configuration", lambda: _there(simulator, written)
        )
        yield simulator, written
    finally:
        simulator.stop()


@contextmanager
def open_stage(folder: Path, edit: Edit = unchanged, seed: int = 1) -> Iterator[Stage]:
    """Both processes up and the first snapshot taken; both gone at the end.

    `edit` may change the configuration between the two.
    """
    with simulated(folder, seed) as (simulator, written):
        stage = _stage(folder, written, simulator, edit)
        try:
            stage.start_server()
            yield stage
        finally:
            stage.server.stop()


def _there(simulator: Process, written: Path) -> bool:
    if not simulator.running():
        raise StageError(f"simulate ended:\n{simulator.tail()}")
    return written.exists() and "deployments" in written.read_text()


def _stage(folder: Path, written: Path, simulator: Process, edit: Edit) -> Stage:
    text = written.read_text()
    control = CONTROL.search(text)
    if control is None:
        raise StageError(f"no control address in {written}")
    config = yaml.safe_load(text)
    port = free_port()
    config["server"] = {**config.get("server", {}), "host": "127.0.0.1", "port": port}
    edit(config)
    watched = folder / "watched.yaml"
    watched.write_text(yaml.safe_dump(config))
    return Stage(
        url=f"http://127.0.0.1:{port}",
        control=control[1],
        deployment=config["deployments"][0]["id"],
        simulator=simulator,
        server=Process(("serve", "--config", str(watched)), folder / "serve.log"),
    )
