"""A TCP proxy on loopback that counts the HTTP requests going up through it, and the
bytes coming down."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

REQUEST: Final = re.compile(rb"(?:^|\r\n\r\n)[A-Z]+ \S+ HTTP/1\.1\r\n")


class CountingProxy(socketserver.ThreadingTCPServer):
    """Passes bytes both ways.

    None of the requests counted has a body, so one begins a piece of the stream or
    follows the empty line that ended the one before.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        parts = urlsplit(upstream)
        self.upstream = (str(parts.hostname), int(parts.port or 80))
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._lock = threading.Lock()
        self._requests = 0
        self._received = 0

    def count_down(self, chunk: bytes) -> None:
        with self._lock:
            self._received += len(chunk)

    def received(self) -> int:
        """Bytes of the answers, with their heads."""
        with self._lock:
            return self._received

    def count(self, chunk: bytes) -> None:
        with self._lock:
            self._requests += len(REQUEST.findall(chunk))

    def requests(self) -> int:
        with self._lock:
            return self._requests


class _Passage(socketserver.BaseRequestHandler):
    server: CountingProxy

    def handle(self) -> None:
        with socket.create_connection(self.server.upstream) as upstream:
            down = threading.Thread(
                target=_pass,
                args=(upstream, self.request, self.server.count_down),
                daemon=True,
            )
            down.start()
            _pass(self.request, upstream, self.server.count)
            down.join()


def _pass(
    source: socket.socket, sink: socket.socket, count: Callable[[bytes], None]
) -> None:
    try:
        while chunk := source.recv(65536):
            count(chunk)
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return  # either end went away, and with it the passage


@contextmanager
def counting(upstream: str) -> Iterator[CountingProxy]:
    """A proxy in front of `upstream`, gone at the end."""
    with CountingProxy(upstream) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
