"""The simulated API server on a real socket, and watches that are read one by one."""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from app.simulator.kubernetes_access import Access
from app.simulator.kubernetes_api import KubernetesApi
from app.simulator.kubernetes_watch import Streams
from tests.simulator.cluster_at import Still
from tests.simulator.loopback import Loopback

TOKEN = "letters-and-digits"
PODS = "/api/v1/namespaces/gws/pods"
WITHIN_S = 30.0


class Server:
    def __init__(self, loopback: Loopback, bookmark_every_s: float = 60.0) -> None:
        self.loopback = loopback
        self.still = Still()
        self.store = self.still.cluster.store
        self.access = Access({TOKEN: "viewer"})
        self.streams = Streams(self.store, time.monotonic, bookmark_every_s)
        self.api = KubernetesApi(self.store, self.access, self.streams)
        self.url = loopback.served(self.api.app())
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {TOKEN}"

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(f"{self.url}{path}", params=query, timeout=WITHIN_S)

    def watch(self, path: str, **query: Any) -> Watch:
        return Watch(
            self.session.get(
                f"{self.url}{path}",
                params={"watch": "1"} | query,
                stream=True,
                timeout=WITHIN_S,
            )
        )

    def crash(self, workload: str) -> None:
        """On the loop's own thread, as the simulation does it."""

        async def crash() -> None:
            cluster = self.still.cluster
            cluster.crash(cluster.works[workload].living()[0], "Error")

        self.loopback.run(crash())


class Watch:
    """An open watch, one event at a time."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self._lines = response.iter_lines(chunk_size=1)

    def next(self) -> Any:
        return json.loads(next(self._lines))

    def rest(self) -> list[Any]:
        return [json.loads(line) for line in self._lines]

    def close(self) -> None:
        self.response.close()
