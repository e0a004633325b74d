"""Several processes of the dashboard over real engines: a Redis, a PostgreSQL, where a
test wants it a VictoriaMetrics, and a simulated deployment that all of them watch."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import yaml

from benchmarks.stage import CONTROL as CONTROL_LINE
from benchmarks.stage import Process, Stage, free_port, simulated, wait_for
from tests.real.postgresql_servers import Server as Postgresql
from tests.real.redis_servers import RedisServer

Json = dict[str, Any]
API = "/api/v1/deployments/demo"
BEGIN_S = 300.0
WAIT_S = 120.0


@dataclass
class Part:
    """One process of the dashboard, at an address that stays its own."""

    role: str
    url: str
    process: Process

    def start(self) -> None:
        self.process.start()
        self.wait()

    def wait(self) -> None:
        """Until it is there: on a machine with other work that takes a while."""
        wait_for(f"{self.role} at {self.url}", self.answers, BEGIN_S)
        wait_for(f"{self.role}: /readyz", self.ready, BEGIN_S)

    def ready(self) -> bool:
        return self.get("/readyz").ok

    def answers(self) -> bool:
        assert self.process.running(), self.process.tail()
        try:
            return requests.get(f"{self.url}/healthz", timeout=10).ok
        except requests.ConnectionError:
            return False

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=20, **more)

    def snapshot(self) -> Json:
        answer = self.get(f"{API}/snapshot")
        return answer.json() if answer.ok else {}

    def metrics(self) -> str:
        return self.get("/metrics").text

    def metric(self, name: str) -> float | None:
        found = re.search(rf"^{name} (\S+)$", self.metrics(), re.M)
        return None if found is None else float(found[1])

    def leads(self) -> bool:
        return self.process.running() and self.metric("gws_observatory_leader") == 1.0

    def kill(self) -> None:
        """As a machine dies: nothing is said."""
        self.process.signal(signal.SIGKILL)
        self.gone()

    def gone(self) -> int:
        """Its exit code, once it has ended."""
        child = self.process._child
        assert child is not None
        code = child.wait(WAIT_S)
        self.process._child = None
        return code

    def told(self, event: str) -> list[Json]:
        lines = self.process.log.read_text().splitlines()
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        return [entry for entry in entries if entry.get("event") == event]


@dataclass
class Scene:
    folder: Path
    config: Json
    simulation: Stage
    redis: RedisServer
    postgresql: Postgresql
    stack: ExitStack
    parts: list[Part] = field(default_factory=list)

    def begin(self, collectors: int, webs: int) -> None:
        """All at once, and wait for all."""
        roles = [*["collect"] * collectors, *["web"] * webs]
        parts = [self.part(role, begun=False) for role in roles]
        for part in parts:
            part.process.start()
        for part in parts:
            part.wait()

    def of(self, role: str) -> list[Part]:
        return [one for one in self.parts if one.role == role]

    def part(self, role: str, begun: bool = True, **storage: str) -> Part:
        port = free_port()
        config = self.config | {
            "server": {"host": "127.0.0.1", "port": port},
            "storage": self.config["storage"] | storage,
        }
        file = self.folder / f"{role}-{port}.yaml"
        file.write_text(yaml.safe_dump(config))
        arguments = ("serve", "--role", role, "--config", str(file))
        process = Process(arguments, self.folder / f"{role}-{port}.log")
        made = Part(role, f"http://127.0.0.1:{port}", process)
        self.stack.callback(process.stop)
        self.parts.append(made)
        if begun:
            made.start()
        return made


def leader(*parts: Part) -> Part:
    """The one that leads, once one does."""
    found: list[Part] = []

    def one_does() -> bool:
        found[:] = [part for part in parts if part.leads()]
        return len(found) == 1

    wait_for("a leader", one_does, WAIT_S)
    return found[0]


def wait_snapshot(part: Part, wanted: Callable[[Json], bool], what: str) -> Json:
    wait_for(what, lambda: bool((s := part.snapshot()) and wanted(s)), WAIT_S)
    return part.snapshot()


@contextmanager
def scene(folder: Path, *redis_options: str, **storage: str) -> Iterator[Scene]:
    with ExitStack() as stack:
        process, written = stack.enter_context(simulated(folder))
        text = written.read_text()
        control = CONTROL_LINE.search(text)
        assert control is not None
        nobody = Process((), folder / "nobody.log")
        simulation = Stage("", control[1], "demo", process, nobody)
        server = stack.enter_context(RedisServer(folder, *redis_options))
        postgresql = stack.enter_context(Postgresql())
        config = yaml.safe_load(text)
        config["storage"] = {
            "bus": server.url,
            "records": f"postgresql://admin@127.0.0.1:{postgresql.port}/gws",
            "history": "none",
            **storage,
        }
        yield Scene(folder, config, simulation, server, postgresql, stack)
