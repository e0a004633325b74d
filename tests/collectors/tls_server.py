"""An HTTPS server on loopback that answers as told, and files that are replaced."""

from __future__ import annotations

import http.server
import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.collectors.kubernetes_authority import Authority


@contextmanager
def https(context: ssl.SSLContext, bodies: Mapping[str, bytes]) -> Iterator[int]:
    """Its port. `bodies`: what is answered by the end of a path."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = urlsplit(self.path).path
            found = [body for end, body in bodies.items() if path.endswith(end)]
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(b"".join(found))))
            self.end_headers()
            self.wfile.write(b"".join(found))

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, address: object) -> None:
            """A client that does not trust us hangs up, as it should."""

    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


def replace(file: Path, content: str | bytes) -> None:
    """At once, as Kubernetes and whoever is careful does."""
    new = file.with_name(f"{file.name}.new")
    new.write_bytes(content.encode() if isinstance(content, str) else content)
    os.chmod(new, 0o600)
    os.replace(new, file)


def authority_in(folder: Path) -> Authority:
    folder.mkdir()
    return Authority(folder)
