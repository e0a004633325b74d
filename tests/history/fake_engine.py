"""A server on loopback that answers as a test says: the engine of the unit tests."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

Answer = tuple[int, bytes]
"""A status, and a body."""


@dataclass
class FakeEngine:
    """`answer`: what it says to a question; what it was asked stands in `asked`."""

    answer: Callable[[dict[str, str]], Answer]
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """The text of each push."""
    headers: list[dict[str, str]] = field(default_factory=list)


def vector(*rows: tuple[dict[str, str], float]) -> bytes:
    result = [{"metric": labels, "value": [0, str(value)]} for labels, value in rows]
    return answer("vector", result)


def matrix(*rows: tuple[dict[str, str], list[tuple[float, float]]]) -> bytes:
    result = [
        {"metric": labels, "values": [[at, str(value)] for at, value in samples]}
        for labels, samples in rows
    ]
    return answer("matrix", result)


def answer(kind: str, result: list[object]) -> bytes:
    data = {"resultType": kind, "result": result}
    return json.dumps({"status": "success", "data": data}).encode()


@contextmanager
def serving(say: Callable[[dict[str, str]], Answer]) -> Iterator[FakeEngine]:
    engine = FakeEngine(say)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            engine.headers.append(dict(self.headers))
            if self.headers.get("Content-Encoding") == "gzip":
                text = gzip.decompress(body).decode()
                engine.told.append(text)
                status, said = engine.answer({"path": self.path})
            else:
                question = {"path": self.path, **dict(parse_qsl(body.decode()))}
                engine.asked.append(question)
                status, said = engine.answer(question)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Not in the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    engine.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield engine
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
