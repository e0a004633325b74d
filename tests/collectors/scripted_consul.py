"""A local HTTP server that behaves as a healthy Consul until a test says otherwise."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

CHECKS = "/v1/health/state/any"
CATALOG = "/v1/catalog/services"
LEADER = "/v1/status/leader"
PEERS = "/v1/status/peers"
AUTOPILOT = "/v1/operator/autopilot/health"

SELF = "/v1/agent/self"
METRICS = "/v1/agent/metrics"
AGENT: dict[str, Any] = {
    "Config": {
        "Datacenter": "dc1",
        "NodeName": "node-a",
        "Server": True,
        "Version": "1.8.7",
    },
    "DebugConfig": {"ConsulRaftLeaderLeaseTimeout": "2.5s"},
}

Step = Callable[["Request"], None]


def check(id_: str = "w1", status: str = "passing", **fields: Any) -> dict[str, Any]:
    """One row of `/v1/health/state/any`."""
    return {
        "Node": "node-a",
        "CheckID": id_,
        "Name": "health",
        "Status": status,
        "Output": "",
        "ServiceID": id_,
        "ServiceName": "gws-app-workspace",
        "ServiceTags": ["blue"],
    } | fields


def told_of(
    counters: Mapping[str, float] | None = None,
    samples: Mapping[str, float] | None = None,
    gauges: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """An answer of `/v1/agent/metrics`; a sample's mean is its greatest."""
    return {
        "Timestamp": "2026-11-24 10:00:00 +0000 UTC",
        "Gauges": [
            {"Name": name, "Value": value, "Labels": {}}
            for name, value in (gauges or {}).items()
        ],
        "Points": [],
        "Counters": [
            {"Name": name, "Count": 1, "Sum": value, "Labels": {}}
            for name, value in (counters or {}).items()
        ],
        "Samples": [
            {"Name": name, "Count": 1, "Max": value, "Mean": value, "Labels": {}}
            for name, value in (samples or {}).items()
        ],
    }


class Request(BaseHTTPRequestHandler):
    """One question that the collector asked, and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # as Consul does
    server: Scripted

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        step = self.server.consul.next_step(parts.path, self)
        step(self)

    def json(
        self,
        body: Any,
        *,
        index: int | str | None = None,
        status: int = 200,
        leader: bool = True,
    ) -> None:
        self.text(json.dumps(body), "application/json", index, status, leader)

    def text(
        self,
        body: str,
        kind: str = "text/plain; charset=utf-8",
        index: int | str | None = None,
        status: int = 200,
        leader: bool = True,
        **headers: str,
    ) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Consul-Knownleader", str(leader).lower())
        if index is not None:
            self.send_header("X-Consul-Index", str(index))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def raw(self, content: bytes) -> None:
        """Exactly these bytes, then the end of the connection."""
        self.wfile.write(content)
        self.cut()

    def cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        """Say nothing until the other side gives up or the server ends."""
        self.server.consul.ended.wait(30)
        self.close_connection = True

    def trickle(self, head: bytes) -> None:
        """A byte now and then, for as long as somebody listens."""
        self.close_connection = True
        try:
            self.wfile.write(head)
            while not self.server.consul.ended.wait(0.1):
                self.wfile.write(b"x")
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        """The tests' output is not the place for it."""


class Scripted(ThreadingHTTPServer):
    daemon_threads = True
    consul: ScriptedConsul

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A collector that hangs up is what many tests are about."""

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.consul.connections.append(connection)
        return connection, address


class ScriptedConsul(AbstractContextManager["ScriptedConsul"]):
    """A healthy Consul; `script` puts other answers before its own."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.ended = threading.Event()
        self.questions: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.connections: list[socket.socket] = []
        self.checks: list[dict[str, Any]] = [check()]
        self.catalog: dict[str, list[str]] = {"consul": [], "gws-app-workspace": []}
        self.leader = "127.0.0.1:8300"
        self._index = 10
        self._changed = threading.Condition()
        self._steps: dict[str, list[Step]] = {}
        self._always: dict[str, Step] = {}
        self._server = Scripted(("127.0.0.1", 0), Request)
        self._server.consul = self
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "https" if tls else "http"
        self.port = self._server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> ScriptedConsul:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        with self._changed:
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self.cut_all()

    def script(self, path: str, *steps: Step, always: Step | None = None) -> None:
        """Answer the next questions so, and, with `always`, every later one too."""
        self._steps.setdefault(path, []).extend(steps)
        if always:
            self._always[path] = always

    def heal(self, path: str) -> None:
        self._steps.pop(path, None)
        self._always.pop(path, None)

    def change(self, checks: list[dict[str, Any]], index: int | None = None) -> float:
        """A change of the checks; the moment (monotonic) at which it happened."""
        with self._changed:
            self.checks = checks
            self._index = self._index + 1 if index is None else index
            at = time.monotonic()
            self._changed.notify_all()
        return at

    def cut_all(self) -> None:
        """Cut every connection, as a restarted proxy would."""
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def asked(self, path: str) -> list[dict[str, str]]:
        """The parameters of every question to this path so far."""
        return [asked for place, asked, _ in self.questions if place == path]

    def wait_asked(self, path: str, times: int) -> None:
        """Until so many questions to this path have arrived."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.asked(path)) >= times, 10)
        assert arrived, f"{path} was not asked {times} times within 10 s"

    def next_step(self, path: str, request: Request) -> Step:
        with self._changed:
            self.questions.append((path, request.asked, dict(request.headers)))
            self._changed.notify_all()
            # With the lock: what is scripted later is for the question after this one.
            steps = self._steps.get(path)
            if steps:
                return steps.pop(0)
            return self._always.get(path) or self._healthy(path)

    def _healthy(self, path: str) -> Step:
        return {
            CHECKS: self._blocking(lambda: self.checks),
            CATALOG: self._blocking(lambda: self.catalog),
            LEADER: lambda request: request.json(self.leader),
            PEERS: lambda request: request.json([self.leader]),
            AUTOPILOT: lambda request: request.json(
                {"Healthy": True, "FailureTolerance": 0}
            ),
            SELF: lambda request: request.json(AGENT),
            METRICS: lambda request: request.json(
                told_of(
                    samples={
                        "consul.raft.leader.lastContact": 100,
                        "consul.raft.commitTime": 4.5,
                    }
                )
            ),
        }.get(path, lambda request: request.text("", status=404))

    def _blocking(self, body: Callable[[], Any]) -> Step:
        def step(request: Request) -> None:
            asked = int(request.asked.get("index", "0"))
            wait_s = int(request.asked.get("wait", "0ms").removesuffix("ms")) / 1000
            with self._changed:
                if asked == self._index:
                    self._changed.wait_for(
                        lambda: self._index != asked or self.ended.is_set(), wait_s
                    )
                index, told = self._index, body()
            request.json(told, index=index)

        return step
