"""Consuls to hold the collector against: Debian's real one, and the simulator's.

Both are reached over HTTP; `RealConsul` and `SimulatedConsul` differ only in how their
leader is lost and a snapshot restored.
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
import uvicorn

from app.simulator.consul import Consul, Server
from app.simulator.consul_api import create_consul_app
from benchmarks.stage import wait_for

FETCH = Path(__file__).with_name("fetch_consul.sh")
MASTER = "6f0e3c52-7d1c-4d7e-9c35-6a5c1d2e9b10"
ACL = f"""
acl {{
  enabled = true
  default_policy = "deny"
  tokens {{ master = "{MASTER}", agent = "{MASTER}" }}
}}
"""
QUICK_RAFT = "performance { raft_multiplier = 1 }\n"
ONLY_WHAT_IS_ASKED = "disable_coordinates = true\n"
"""Else each agent writes its own now and then, which is counted as a write."""
START_S = 20.0


class HttpConsul:
    """What a service, its checks and an operator do to a Consul, over its API."""

    url: str
    token: str

    def __init__(self) -> None:
        self._session = requests.Session()

    def put(self, path: str, body: Any = None, **params: str) -> bytes:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self._session.put(
            f"{self.url}{path}",
            data=data if body is not None else None,
            params=params,
            headers={"X-Consul-Token": self.token} if self.token else {},
            timeout=30,
        )
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.content

    def get(self, path: str) -> requests.Response:
        headers = {"X-Consul-Token": self.token} if self.token else {}
        return self._session.get(f"{self.url}{path}", headers=headers, timeout=30)

    def delete(self, path: str, **params: str) -> None:
        headers = {"X-Consul-Token": self.token} if self.token else {}
        answer = self._session.delete(
            f"{self.url}{path}", params=params, headers=headers, timeout=30
        )
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"

    def register(self, name: str, instance: str, *tags: str) -> None:
        """One instance with one check that passes."""
        check = {"CheckID": f"{instance}-ttl", "Name": "health", "TTL": "10m"}
        self.put(
            "/v1/agent/service/register",
            {
                "Name": name,
                "ID": instance,
                "Tags": list(tags),
                "Check": check | {"Status": "passing"},
            },
        )

    def deregister(self, instance: str) -> None:
        self.put(f"/v1/agent/service/deregister/{instance}")

    def fail(self, instance: str, note: str) -> None:
        self.put(f"/v1/agent/check/fail/{instance}-ttl", note=note)

    def heal(self, instance: str) -> None:
        self.put(f"/v1/agent/check/pass/{instance}-ttl")

    def close(self) -> None:
        self._session.close()


class RealConsul(HttpConsul, AbstractContextManager["RealConsul"]):
    """One or two servers of Debian's Consul, each on a loopback address of its own."""

    def __init__(self, directory: Path, *, acl: bool = False, servers: int = 1) -> None:
        super().__init__()
        self._directory = directory
        self._config = QUICK_RAFT + ONLY_WHAT_IS_ASKED + (ACL if acl else "")
        self._addresses = [loopback_address() for _ in range(servers)]
        self._processes: list[subprocess.Popen[bytes]] = []
        self.token = MASTER if acl else ""
        self.url = f"http://{self._addresses[0]}:8500"

    def __enter__(self) -> RealConsul:
        for number in range(len(self._addresses)):
            self._processes.append(self._started(number))
        wait_for(f"Consul at {self.url}", self._ready, START_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        for process in self._processes:
            process.kill()
            process.wait(30)

    def lose_leader(self) -> None:
        """Of two servers one ends: the other is no majority."""
        self._processes[1].kill()
        self._processes[1].wait(30)

    def find_leader(self) -> None:
        self._processes[1] = self._started(1)

    def restore_snapshot(self) -> None:
        """Go back to where it was before a few changes that are then undone."""
        snapshot = self.get("/v1/snapshot").content
        for value in (b"a", b"b", b"c"):
            self.put("/v1/kv/later", value)
        self.put("/v1/snapshot", snapshot)

    @contextmanager
    def client(self, *, rpc_rate: int) -> Iterator[str]:
        """The address of an agent that is no server and asks them only so often a
        second."""
        here = loopback_address()
        url = f"http://{here}:8500"
        limits = f"limits {{ rpc_rate = {rpc_rate}, rpc_max_burst = {rpc_rate} }}\n"
        joins = ["-node=client-0", f"-retry-join={self._addresses[0]}"]
        process = self._run("client", here, limits, joins)
        try:
            wait_for(f"Consul's client at {url}", lambda: _knows_leader(url), START_S)
            yield url
        finally:
            process.kill()
            process.wait(30)

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        here = self._addresses[number]
        others = [other for other in self._addresses if other != here]
        arguments = [
            "-server",
            f"-node=server-{number}",
            f"-bootstrap-expect={len(self._addresses)}",
            *(f"-retry-join={other}" for other in others),
        ]
        return self._run(f"server-{number}", here, self._config, arguments)

    def _run(
        self, name: str, here: str, config: str, arguments: list[str]
    ) -> subprocess.Popen[bytes]:
        home = self._directory / name
        home.mkdir(exist_ok=True)
        (home / "consul.hcl").write_text(config)
        with (home / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    consul_program(), "agent", *arguments,
                    f"-data-dir={home / 'data'}",
                    f"-config-file={home / 'consul.hcl'}",
                    f"-bind={here}", f"-client={here}",
                    "-dns-port=-1", "-log-level=warn", "-retry-interval=1s",
                ],
                stdout=log,
                stderr=log,
            )  # fmt: skip

    def _ready(self) -> bool:
        try:
            leader = self.get("/v1/status/leader").json()
            checks = self.get("/v1/health/state/passing").json()
        except (requests.RequestException, ValueError):
            return False
        return bool(leader) and len(checks) >= len(self._addresses)


class SimulatedConsul(HttpConsul, AbstractContextManager["SimulatedConsul"]):
    """The simulator's Consul, served on a port of its own."""

    def __init__(self, *, acl: bool = False, servers: int = 1) -> None:
        super().__init__()
        self.token = MASTER if acl else ""
        self.consul = Consul(
            lambda: datetime.fromtimestamp(time.time(), UTC),
            [Server(f"server-{n}", f"127.0.0.{n + 1}") for n in range(servers)],
            token=self.token or None,
        )
        self._leader = self.consul.leader
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = create_consul_app(self.consul, hold_s=1.0, chance=random.Random(1))
        self._server = uvicorn.Server(
            uvicorn.Config(app, lifespan="off", log_level="warning")
        )
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True
        )

    def __enter__(self) -> SimulatedConsul:
        self._thread.start()
        wait_for("the simulated Consul", lambda: self._server.started, START_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(30)
        self._socket.close()

    def lose_leader(self) -> None:
        self.consul.set_leader(None)

    def find_leader(self) -> None:
        self.consul.set_leader(self._leader)

    def restore_snapshot(self) -> None:
        self.consul.restore_snapshot()


def _knows_leader(url: str) -> bool:
    try:
        return bool(requests.get(f"{url}/v1/status/leader", timeout=30).json())
    except (requests.RequestException, ValueError):
        return False


def consul_program() -> str:
    """The path of Debian's Consul, fetched if it is not there yet."""
    fetched = subprocess.run([FETCH], check=True, stdout=subprocess.PIPE, text=True)
    return fetched.stdout.strip()


def loopback_address() -> str:
    """An address of this machine alone, on which nobody listens on Consul's port."""
    while True:
        parts = [str(random.randint(1, 254)) for _ in range(3)]
        address = ".".join(["127", *parts])
        with socket.socket() as probe:
            if probe.connect_ex((address, 8500)) != 0:
                return address
