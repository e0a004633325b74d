"""A page of ours on a real socket: what the server sends, and a stream that the test moves."""

import json
import queue
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import layouts
from app.domain import wire
from app.domain.replay import played
from layouts.document import document, first_paint
from layouts.pages import PAGES

ASSETS = Path(layouts.__file__).parent / "assets"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
NO_DASH = dict.fromkeys(
    ("config", "scripts", "renderer", "app_entry", "css", "metas"), ""
)
CSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'"


class Stage:
    """A page of ours, its stream, and the hand that changes what it tells."""

    def __init__(self, topology, snapshot, now):
        self.topology, self.now, self.snapshot = topology, now, snapshot
        self.reachable = True
        self.viewers = []
        self.past = {}
        """By their moments."""
        self.replay = {}
        """What is told of the slider."""
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

    def html(self, path):
        page = next(p for p in PAGES if path.startswith(f"/{p.key}/"))
        asked = parse_qs(urlsplit(path).query)
        (value,) = asked.get("v", [""])
        (at,) = asked.get("at", [None])
        snapshot = self.past[at] if at else self.snapshot
        frozen = datetime.fromisoformat(at) if at else None
        painted = first_paint(
            self.topology, snapshot, page, self.now, name="Demo", value=value,
            frozen=frozen,
        )  # fmt: skip
        return document(
            painted,
            NO_DASH,
            page=page,
            title="Demo",
            asset=lambda name: f"/assets/{name}",
        )

    def of(self, at):
        """The picture of a moment: the newest made by then."""
        kept = {self.snapshot["at"]: self.snapshot} | self.past
        made = max((one for one in kept if one <= at), default=None)
        return kept.get(made)

    def played(self, begin, end):
        """All pictures of a span, one after another."""
        first = max((at for at in self.past if at <= begin), default=None)
        made = [at for at in sorted(self.past) if begin < at <= end or at == first]
        pictures = list(played(self.past[at] for at in made))
        return {"from": begin, "to": end, "step_s": 1, "pictures": pictures}

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
        asked = parse_qs(urlsplit(self.path).query)
        if path.endswith("/stream"):
            self.stream()
        elif path.endswith("/moments"):
            found = [{"at": at, "turned": True} for at in sorted(self.stage.past)]
            self.answer(json.dumps({"moments": found}), "application/json")
        elif path.endswith("/replay"):
            self.answer(json.dumps(self.stage.replay), "application/json")
        elif path.endswith("/pictures"):
            told = self.stage.played(asked["from"][0], asked["to"][0])
            self.answer(json.dumps(told), "application/json")
        elif path.endswith("/snapshot") and "at" in asked:
            found = self.stage.of(asked["at"][0])
            code = 200 if found else 404
            self.answer(json.dumps(found), "application/json", code)
        elif path.endswith("/snapshot"):
            self.answer(json.dumps(self.stage.snapshot), "application/json")
        elif path.startswith("/assets/"):
            file = ASSETS / path.removeprefix("/assets/")
            self.answer(file.read_text(), TYPES[file.suffix])
        else:
            self.answer(self.stage.html(self.path), "text/html; charset=utf-8")

    def answer(self, text, kind, code=200):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        for name, value in self.stage.headers.items():
            self.send_header(name, value)
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
