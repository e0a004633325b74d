"""What every stage has: our files on a real socket, and one stream that a test moves."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.web.assets import content
from layouts.document import NO_DASH, document

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
HTML, JSON = "text/html; charset=utf-8", "application/json"
CSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'"


class Served:
    """A stage says by `answered(address)` what it answers itself, `(told, kind[, code])`,
    and by `first()` what a viewer of its stream is told first."""

    def __init__(self):
        self.reachable = True
        self.viewers = []
        self.headers = {}
        """Sent with every answer."""
        handler = type("Handler", (Handler,), {"stage": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.cut()
        self.server.shutdown()
        self.server.server_close()

    def cut(self):
        self.reachable = False
        self.tell(None)

    def tell(self, message):
        for viewer in self.viewers:
            viewer.put(message)

    def document(self, painted, page, title):
        return document(
            painted,
            NO_DASH,
            page=page,
            title=title,
            asset=lambda name: f"/assets/{name}",
        )


class Handler(BaseHTTPRequestHandler):
    stage = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.endswith("/stream"):
            self.stream()
        elif path.startswith("/assets/"):
            name = path.removeprefix("/assets/")
            self.answer(content(name).decode(), TYPES[Path(name).suffix])
        elif path == "/api/v1/me":
            self.answer({}, JSON)  # Nobody has to sign in.
        else:
            self.answer(*self.stage.answered(self.path))

    def answer(self, told, kind, code=200):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        for name, value in self.stage.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((told if isinstance(told, str) else json.dumps(told)).encode())

    def stream(self):
        if not self.stage.reachable:
            self.answer("", "text/plain", 503)
            return
        mine = queue.Queue()
        self.stage.viewers.append(mine)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        message = event("snapshot", self.stage.first())
        while message is not None:
            self.wfile.write(message)
            message = mine.get()


def event(name, data):
    return f"retry: 200\nevent: {name}\nid: {data['version']}\ndata: {json.dumps(data)}\n\n".encode()
