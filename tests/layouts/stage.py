"""A page of ours on a real socket: what the server sends, and a stream that the test moves."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import layouts
from app.domain import wire
from layouts.document import document, first_paint
from layouts.pages import PAGES

ASSETS = Path(layouts.__file__).parent / "assets"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
NO_DASH = dict.fromkeys(
    ("config", "scripts", "renderer", "app_entry", "css", "metas"), ""
)
CSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"


class Stage:
    """A page of ours, its stream, and the hand that changes what it tells."""

    def __init__(self, topology, snapshot, now):
        self.topology, self.now, self.snapshot = topology, now, snapshot
        self.reachable = True
        self.viewers = []
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

    def html(self, path):
        page = next(p for p in PAGES if path.startswith(f"/{p.key}/"))
        painted = first_paint(self.topology, self.snapshot, page, self.now, name="Demo")
        return document(
            painted,
            NO_DASH,
            page=page,
            title="Demo",
            asset=lambda name: f"/assets/{name}",
        )

    def become(self, new):
        """The deployment is as `new` says; every viewer is told the difference."""
        new = new | {"version": self.snapshot["version"] + 1}
        news = wire.delta(self.snapshot, new)
        self.snapshot = new
        self._tell(event("delta", news))

    def turn(self, number, status, text="told by the test"):
        changed = json.loads(json.dumps(self.snapshot))
        state = next(c for c in changed["connections"] if c["number"] == number)
        reason = {
            "witness": "probe",
            "status": status,
            "text": text,
            "observed_at": changed["at"],
        }
        state |= {"status": status, "since": changed["at"], "reasons": [reason]}
        self.become(changed)

    def become_unheard(self, new):
        """The deployment is as `new` says, and the stream is dead without being closed."""
        self.snapshot = new | {"version": self.snapshot["version"] + 1}

    def cut(self):
        self.reachable = False
        self._tell(None)

    def _tell(self, message):
        for viewer in self.viewers:
            viewer.put(message)


class Handler(BaseHTTPRequestHandler):
    stage = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.endswith("/stream"):
            self.stream()
        elif path.endswith("/snapshot"):
            self.answer(json.dumps(self.stage.snapshot), "application/json")
        elif path.startswith("/assets/"):
            file = ASSETS / path.removeprefix("/assets/")
            self.answer(file.read_text(), TYPES[file.suffix])
        else:
            self.answer(self.stage.html(path), "text/html; charset=utf-8")

    def answer(self, text, kind, code=200):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(text.encode())

    def stream(self):
        if not self.stage.reachable:
            self.answer("", "text/plain", 503)
            return
        mine = queue.Queue()
        self.stage.viewers.append(mine)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        message = event("snapshot", self.stage.snapshot)
        while message is not None:
            self.wfile.write(message)
            message = mine.get()


def event(name, data):
    return f"retry: 200\nevent: {name}\nid: {data['version']}\ndata: {json.dumps(data)}\n\n".encode()
