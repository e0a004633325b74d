"""The whole simulated deployment, alive in a thread, for tests to break."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from app.simulator.run import wall_clock
from app.simulator.run_assembly import Plan, assembled
from app.simulator.run_config import Served
from app.simulator.run_simulation import Simulation
from tests.simulator.loopback import Loopback

WITHIN_S = 30.0
TOKEN = "letters-and-digits"
PASSWORD = "known-to-this-test-alone"
Json = dict[str, Any]


class Living(AbstractContextManager["Living"]):
    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self._plan = Plan("127.0.0.1", 1, tls, 0.1, TOKEN, PASSWORD, folder)
        self._loopback = Loopback()
        self._session = requests.Session()
        self._session.trust_env = False
        self._holding: AbstractAsyncContextManager[tuple[Simulation, Served]]
        self.served: Served

    def __enter__(self) -> Living:
        self._loopback.__enter__()
        self._holding = assembled(self._plan, wall_clock, time.monotonic)
        _, self.served = self._loopback.run(self._holding.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()
        self._loopback.run(self._holding.__aexit__(None, None, None))
        self._loopback.__exit__(kind, error, trace)

    def control(self, method: str, path: str, body: Any = None) -> requests.Response:
        url = f"{self.served.control}{path}"
        return self._session.request(method, url, json=body, timeout=WITHIN_S)

    def begin(self, kind: str, target: str, **params: Any) -> Json:
        body = {"kind": kind, "target": target, "params": params}
        answer = self.control("POST", "/sim/faults", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def end_all(self) -> Json:
        return dict(self.control("DELETE", "/sim/faults").json())

    def truth(self) -> dict[int, str]:
        broken = self.control("GET", "/sim/truth").json()["connections"]
        return {int(number): status for number, status in broken.items()}

    def kubernetes(self, path: str, **query: Any) -> requests.Response:
        return self._session.get(
            f"{self.served.kubernetes}{path}",
            params=query,
            headers={"Authorization": f"Bearer {TOKEN}"},
            verify=str(self.served.ca_file),
            timeout=WITHIN_S,
            stream=query.get("watch") is not None,
        )

    def consul(self, path: str) -> Any:
        # A new connection each time: a fault may have reset the ones there were.
        answer = requests.get(f"{self.served.consul}{path}", timeout=WITHIN_S)
        answer.raise_for_status()
        return answer.json()

    def pods(self, workload: str) -> list[Json]:
        selector = {"labelSelector": f"gws={workload}"}
        return list(self.kubernetes("/api/v1/pods", **selector).json()["items"])

    def ready(self, workload: str) -> int:
        """Ready addresses behind the workload's Service."""
        path = "/apis/discovery.k8s.io/v1/endpointslices"
        slices = self.kubernetes(path, labelSelector=f"gws={workload}").json()["items"]
        return sum(_ready(found) for found in slices)

    def readiness(self, workload: str, since: str) -> Iterator[int]:
        """Ready addresses behind the workload's Service after every change to them
        since a version, each once: what lasted a moment is told too."""
        path = "/apis/discovery.k8s.io/v1/endpointslices"
        asked = {"labelSelector": f"gws={workload}", "resourceVersion": since}
        with self.kubernetes(path, watch="1", **asked) as answer:
            for line in answer.iter_lines():
                yield _ready(json.loads(line)["object"])

    def version(self) -> str:
        """Where a watch begins that shall tell what happens from now on."""
        listed = self.kubernetes("/apis/discovery.k8s.io/v1/endpointslices").json()
        return str(listed["metadata"]["resourceVersion"])

    def page(self, workload: str, port: int, path: str) -> requests.Response:
        """A GET from the first pod of a workload."""
        ip = self.pods(workload)[0]["status"]["podIP"]
        return self._session.get(f"http://{ip}:{port}{path}", timeout=WITHIN_S)

    def refused(self, workload: str, port: int) -> bool:
        """Whether every pod of a workload refuses connections on a port."""
        return all(
            _refused(pod["status"]["podIP"], port) for pod in self.pods(workload)
        )

    def critical(self) -> dict[str, str]:
        """Service to output, of the checks that Consul calls critical."""
        checks = self.consul("/v1/health/state/critical")
        return {check["ServiceName"]: check["Output"] for check in checks}

    def until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not done():
            assert time.monotonic() < deadline, "not within the time allowed"


def _ready(found: Json) -> int:
    ends = found["endpoints"] or ()
    return sum(endpoint["conditions"]["ready"] for endpoint in ends)


def _refused(address: str, port: int) -> bool:
    """Ends a connection that is accepted from both sides: one that is still on its way
    in when its listener closes is leaked by asyncio."""
    try:
        with socket.create_connection((address, port), timeout=WITHIN_S) as made:
            made.shutdown(socket.SHUT_WR)
            made.recv(1)
    except ConnectionRefusedError:
        return True
    return False
