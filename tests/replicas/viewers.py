"""Viewers as browsers are: each follows the stream, comes back when it ends, and keeps
the picture that follows from what it was told."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.domain import wire
from tests.replicas.stage import API

Json = dict[str, Any]
PATIENCE_S = 40.0
"""Longer than the signs of life are apart."""


class Viewer:
    def __init__(
        self,
        url: str,
        path: str = f"{API}/stream",
        sees: Callable[[Json], None] = lambda picture: None,
    ) -> None:
        """`sees`: is shown each picture."""
        self._url, self._path, self._sees = urlsplit(url), path, sees
        self.picture: Json | None = None
        self.wholes = self.deltas = self.opened = 0
        self.lost: list[str] = []
        """Deltas that did not follow on what is known."""
        self._retry_s, self._last_id = 1.0, ""
        self._ending = threading.Event()
        self._line: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def version(self) -> int:
        return 0 if self.picture is None else int(self.picture["version"])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        line = self._line
        if line is not None and line.sock is not None:
            with suppress(OSError):
                # One of TLS would hand on what comes as it is from then on.
                socket.socket.shutdown(line.sock, socket.SHUT_RDWR)
        self._thread.join(30)

    def _run(self) -> None:
        while not self._ending.is_set():
            with suppress(OSError, http.client.HTTPException):
                self._follow()
            self._ending.wait(self._retry_s)

    def _follow(self) -> None:
        self._line = line = self._connect()
        try:
            headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
            line.request("GET", self._path, headers=headers)
            answer = line.getresponse()
            if answer.status != 200:
                return
            self.opened += 1
            for event in _events(answer):
                self._hear(event)
        finally:
            line.close()

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
        anybody = ssl._create_unverified_context()  # noqa: S323  a test's certificate
        return http.client.HTTPSConnection(
            host, port, timeout=PATIENCE_S, context=anybody
        )

    def _hear(self, event: dict[str, str]) -> None:
        if "retry" in event:
            self._retry_s = int(event["retry"]) / 1000
        if "data" not in event:
            return
        told = orjson.loads(event["data"])
        if event["event"] == "snapshot":
            self.wholes += 1
            self.picture = told
        elif self.picture is not None:
            self.deltas += 1
            if told["version"] != self.version + 1:
                self.lost.append(f"{self.version} to {told['version']}")
            self.picture = wire.apply(self.picture, told)
        self._last_id = event["id"]
        if self.picture is not None:
            self._sees(self.picture)


def _events(answer: http.client.HTTPResponse) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    while line := answer.readline().decode():
        name, _, value = line.rstrip("\n").partition(": ")
        if line == "\n":
            yield event
            event = {}
        elif name:
            event[name] = value


def shown(picture: Json | None) -> Json:
    """What two pictures of one version agree in, whatever way they came."""
    kept = dict(picture or {})
    kept["sources"] = [one | {"age_s": None} for one in kept.get("sources", ())]
    return kept
