"""A scripted API server on a real socket, for the tests of the Kubernetes collector.

A test says what each question (`"list pods"`, `"watch pods"`) is answered with; a
question without a script is answered as a quiet, empty cluster would.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

KINDS = {
    "pods": "Pod",
    "deployments": "Deployment",
    "statefulsets": "StatefulSet",
    "replicasets": "ReplicaSet",
    "services": "Service",
    "endpointslices": "EndpointSlice",
    "events": "Event",
    "horizontalpodautoscalers": "HorizontalPodAutoscaler",
}


@dataclass(frozen=True)
class Asked:
    """One request, read whole."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float

    @property
    def plural(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def name(self) -> str:
        return f"{'watch' if 'watch' in self.query else 'list'} {self.plural}"


class Exchange:
    """One answer, written piece by piece."""

    def __init__(self, asked: Asked, sock: socket.socket, closing: threading.Event):
        self.asked = asked
        self._sock = sock
        self._closing = closing

    def raw(self, data: bytes) -> None:
        self._sock.sendall(data)

    def answer(self, body: bytes | dict, status: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status} Told", *(f"{k}: {v}" for k, v in told.items())]
        self.raw("\r\n".join([*lines, "", ""]).encode() + data)

    def open_stream(self, *extra: str) -> None:
        lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", *extra]
        self.raw("\r\n".join([*lines, "Transfer-Encoding: chunked", "", ""]).encode())

    def chunk(self, data: bytes) -> None:
        self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def line(self, kind: str, obj: object) -> None:
        self.chunk(json.dumps({"type": kind, "object": obj}).encode() + b"\n")

    def end_stream(self) -> None:
        self.raw(b"0\r\n\r\n")

    def cut(self) -> None:
        """Close in the middle, as a server that dies does."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Reset, as a firewall does; what the client has not read yet is lost."""
        linger = struct.pack("ii", 1, 0)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        os.close(self._sock.detach())

    def hang(self) -> None:
        """Say nothing more, for as long as the test runs."""
        self._closing.wait()

    def until(self, event: threading.Event) -> None:
        """Go on once the test allows it."""
        assert event.wait(20) or self._closing.is_set()


Script = Callable[[Exchange], None]


class ApiServer:
    """Answers each question with its scripts in turn; the last one is kept."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._scripts: dict[str, list[Script]] = defaultdict(list)
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self.asked: list[Asked] = []

    def on(self, question: str, *scripts: Script) -> None:
        self._scripts[question] = list(scripts)

    def count(self, question: str) -> int:
        return sum(one.name == question for one in self.asked)

    def wait_for(self, question: str, times: int = 1, timeout_s: float = 30) -> Asked:
        """The so-manieth asking of this question."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: self.count(question) >= times, timeout_s
            )
        assert came, f"{question} asked {self.count(question)} times, not {times}"
        return [one for one in self.asked if one.name == question][times - 1]

    def close(self) -> None:
        self._closing.set()
        for sock in [self._socket, *self._open]:
            _shut(sock)
        for thread in self._threads:
            thread.join(30)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket) -> None:
        sock = raw
        try:
            if self._tls:
                sock = self._tls.wrap_socket(raw, server_side=True)
                self._open.append(sock)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with sock.makefile("rb") as file:
                while (asked := _read(file)) is not None:
                    self._script(asked)(Exchange(asked, sock, self._closing))
        except (OSError, ValueError):
            pass
        finally:
            _shut(sock)

    def _script(self, asked: Asked) -> Script:
        with self._changed:
            self.asked.append(asked)
            self._changed.notify_all()
            scripts = self._scripts[asked.name]
            if not scripts:
                return quiet
            return scripts.pop(0) if len(scripts) > 1 else scripts[0]


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    sock.close()


def _read(file) -> Asked | None:
    first = file.readline().decode("latin-1").split()
    if len(first) < 3:
        return None
    headers = {}
    while line := file.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    target = urlsplit(first[1])
    return Asked(
        unquote(target.path), dict(parse_qsl(target.query)), headers, monotonic()
    )


def listing(plural: str, *objects: dict, version: str = "100", more: str = "") -> dict:
    """A list as an API server gives it."""
    meta = {"resourceVersion": version} | ({"continue": more} if more else {})
    return {
        "kind": f"{KINDS[plural]}List",
        "apiVersion": "v1",
        "metadata": meta,
        "items": list(objects),
    }


def listed(plural: str, *objects: dict, version: str = "100", more: str = "") -> Script:
    body = listing(plural, *objects, version=version, more=more)
    return lambda exchange: exchange.answer(body)


def status(code: int, reason: str, message: str) -> dict:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
    }


def refused(code: int, reason: str, message: str, **headers: str) -> Script:
    body = status(code, reason, message)
    return lambda exchange: exchange.answer(body, code, **headers)


def streamed(*lines: tuple[str, object], end: str = "hang") -> Script:
    """A watch that says these lines, then ends, is cut, or stays silent."""

    def script(exchange: Exchange) -> None:
        exchange.open_stream()
        for kind, obj in lines:
            exchange.line(kind, obj)
        {
            "hang": exchange.hang,
            "end": exchange.end_stream,
            "cut": exchange.cut,
            "reset": exchange.reset,
        }[end]()

    return script


def bookmark(version: str) -> tuple[str, dict]:
    return ("BOOKMARK", {"metadata": {"resourceVersion": version}})


def quiet(exchange: Exchange) -> None:
    """An empty cluster in which nothing happens."""
    if exchange.asked.name.startswith("list"):
        exchange.answer(listing(exchange.asked.plural))
    else:
        exchange.open_stream()
        exchange.hang()


def pod(name: str = "gws-app-workspace-blue-0", version: str = "101", **status) -> dict:
    """A pod of the Workspace box."""
    return {
        "metadata": {
            "name": name,
            "namespace": "gws",
            "resourceVersion": version,
            "labels": {"gws": "gws-app-workspace"},
        },
        "spec": {"containers": [{"name": "main", "image": "i"}], "nodeName": "n1"},
        "status": {"phase": "Running", "podIP": "10.0.0.1"} | status,
    }


@pytest.fixture
def server():
    one = ApiServer()
    yield one
    one.close()
