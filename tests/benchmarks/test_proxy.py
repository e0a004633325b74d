"""The proxy of the benchmarks passes everything on and counts requests alone."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from benchmarks.proxy import counting


class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        # What comes down may look like a request, and is none.
        body = f"GET {self.path} HTTP/1.1\r\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def upstream() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_each_request_counts_once_over_kept_connections(upstream: str) -> None:
    with counting(upstream) as proxy:
        connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=30)
        for path in ("/one", "/two", "/three"):
            connection.request("GET", path)
            assert (
                connection.getresponse().read() == f"GET {path} HTTP/1.1\r\n".encode()
            )
        connection.close()
        assert proxy.requests() == 3
        assert proxy.received() > 3 * len("GET /one HTTP/1.1\r\n")
