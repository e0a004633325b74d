"""Servers that refuse everybody, and repeat in their refusal what they were sent."""

from __future__ import annotations

import contextlib
import http.server
import json
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


class _Http(http.server.BaseHTTPRequestHandler):
    """401 with every header, in the words of whoever is asked."""

    def do_GET(self) -> None:
        told = "; ".join(f"{name}: {value}" for name, value in self.headers.items())
        body = {
            "kind": "Status", "code": 401, "reason": "Unauthorized", "message": told,
            "error": told, "errors": [told],
        }  # fmt: skip
        answer = json.dumps(body).encode()
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET

    def log_message(self, *_args: object) -> None:
        """It keeps no log."""


class _Redis(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.request.recv(4096):
            said = " ".join(line.decode(errors="replace").split())
            with contextlib.suppress(OSError):
                self.request.sendall(f"-ERR unknown: {said}\r\n".encode())


class _Postgresql(socketserver.BaseRequestHandler):
    """Asks for the password in the clear, and says it when it refuses."""

    def handle(self) -> None:
        with contextlib.suppress(OSError, struct.error):
            (code,) = struct.unpack("!4xi", self.request.recv(4096)[:8])
            if code in (80877103, 80877104):  # TLS, GSS
                self.request.sendall(b"N")
                self.request.recv(4096)
            self.request.sendall(b"R" + struct.pack("!ii", 8, 3))
            password = self.request.recv(4096)[5:-1].decode(errors="replace")
            text = f"password authentication failed: {password}"
            fields = b"SFATAL\0VFATAL\0C28P01\0M" + text.encode() + b"\0\0"
            self.request.sendall(b"E" + struct.pack("!i", 4 + len(fields)) + fields)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    status = 401


@contextmanager
def talkative() -> Iterator[dict[str, int]]:
    """Their ports: `http` refuses, `broken` fails, `redis`, `postgresql`."""
    kinds = {"http": _Http, "broken": _Http, "redis": _Redis, "postgresql": _Postgresql}
    with ExitStack() as stack:
        ports = {}
        for name, handler in kinds.items():
            server = stack.enter_context(_Server(("127.0.0.1", 0), handler))
            server.status = 500 if name == "broken" else 401
            stack.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            ports[name] = server.server_address[1]
        yield ports
