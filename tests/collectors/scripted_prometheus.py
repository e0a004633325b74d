"""A local HTTP server that answers a Prometheus's questions as a test says."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from app.domain.locate import locator
from app.domain.named import Names
from app.domain.reading import Reading
from app.domain.topology import standard
from collectors.base import Clock, Report
from collectors.prometheus import (
    LAST_HOUR,
    PrometheusAddress,
    PrometheusCollector,
    Wanted,
)
from collectors.prometheus_hour import Remember, forget

PICTURE = standard()
NAMES = Names(PICTURE, locator(PICTURE))
AT = 1_795_000_000
TRACES = Wanted(("otel",))
CALL = {"client": "gws-app-workspace", "server": "gws-platform-voice"}


def now() -> datetime:
    return datetime.fromtimestamp(AT, UTC)


def vector(*rows: tuple[dict[str, str], float]) -> dict[str, Any]:
    result = [{"metric": labels, "value": [AT, str(value)]} for labels, value in rows]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def matrix(*rows: tuple[dict[str, str], dict[int, float]]) -> dict[str, Any]:
    result = [
        {"metric": labels, "values": [[at, str(value)] for at, value in told.items()]}
        for labels, told in rows
    ]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


Past = Callable[[dict[str, str]], tuple[int, Any]]
"""From what was asked to a status and an answer."""


class Engine(http.server.ThreadingHTTPServer):
    """Answers a query by the first of `answers` whose key is in it, else by nothing;
    one about a range likewise from `past`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Any] = {}
        self.status = 200
        self.asked: list[tuple[str, str | None]] = []
        self.past: dict[str, dict[str, Any] | Past] = {}
        self.past_status = 200
        self.ranges: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/api/v1/query_range":
            self.server.ranges.append(asked)
            found = self._first(self.server.past, asked["query"]) or matrix()
            told = found(asked) if callable(found) else (self.server.past_status, found)
            self._say(*told)
        else:
            assert parts.path == "/api/v1/query"
            authorization = self.headers.get("Authorization")
            self.server.asked.append((asked["query"], authorization))
            found = self._first(self.server.answers, asked["query"]) or vector()
            self._say(self.server.status, found)

    def _first(self, answers: dict[str, Any], query: str) -> Any:
        return next((told for key, told in answers.items() if key in query), None)

    def _say(self, status: int, answer: Any) -> None:
        body = answer if isinstance(answer, bytes) else orjson.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def running_engine() -> Iterator[Engine]:
    with Engine() as engine:
        thread = threading.Thread(target=engine.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield engine
        finally:
            engine.shutdown()
            thread.join()


def asking(
    address: PrometheusAddress,
    wanted: Wanted = TRACES,
    report: Report = lambda reading: None,
    clock: Clock = now,
    remember: Remember = forget,
    interval_s: float = 15.0,
) -> PrometheusCollector:
    return PrometheusCollector(
        address,
        wanted,
        lambda: NAMES,
        report,
        clock,
        interval_s=interval_s,
        remember=remember,
    )


def live(collector: PrometheusCollector) -> list[Reading]:
    """What was asked about now, without the try about the last hour."""
    return [r for r in collector.ask_once() if r.feed.name != LAST_HOUR]
