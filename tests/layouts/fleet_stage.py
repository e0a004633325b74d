"""The page of the fleet on a real socket: what the server sends, and one stream that the
test moves."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from app.domain import fleet as small
from app.domain.fleet import Member
from layouts.document import NO_DASH, document
from layouts.fleet import fleet_paint
from layouts.fleet_view import view
from layouts.pages import FLEET
from tests.layouts.stage import ASSETS, CSP, TYPES, event


def fleet_of(snapshots, now, places=()):
    """The fleet of these snapshots, by id; `None`: there is no picture yet. `places`:
    region and group of each."""
    where = dict(places)
    cards = [
        small.card(
            Member(name, name.title(), *where.get(name, (None, None))),
            snapshot,
            "waiting for the first answer of consul",
        )
        for name, snapshot in snapshots.items()
    ]
    return small.whole(1, now.isoformat().replace("+00:00", "Z"), cards, "*")


class FleetStage:
    def __init__(self, fleet, now):
        self.fleet, self.now, self.reachable = fleet, now, True
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

    def html(self, query):
        asked = view(dict(parse_qsl(query)))
        painted = fleet_paint(self.fleet, asked, self.now)
        return document(
            painted,
            NO_DASH,
            page=FLEET,
            title="Fleet",
            asset=lambda name: f"/assets/{name}",
        )

    def become(self, *cards):
        """These cards are so from now on; every viewer is told the difference."""
        before = {card["id"]: card for card in self.fleet["deployments"]}
        news = [small.news(before[card["id"]], card) for card in cards]
        after = before | {card["id"]: card for card in cards}
        version = self.fleet["version"] + 1
        self.fleet = small.whole(version, self.fleet["at"], after.values(), "*")
        told = small.delta(self.fleet, [one for one in news if one])
        self._tell(event("delta", told))

    def turn(self, name, status, **more):
        """One deployment as a whole turns; `more`: other fields of its card."""
        (card,) = [one for one in self.fleet["deployments"] if one["id"] == name]
        self.become(card | {"status": status, "since": self.fleet["at"]} | more)

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
        address = urlsplit(self.path)
        if address.path.endswith("/stream"):
            self.stream()
        elif address.path == "/api/v1/fleet":
            self.answer(json.dumps(self.stage.fleet), "application/json")
        elif address.path.startswith("/assets/"):
            file = ASSETS / address.path.removeprefix("/assets/")
            self.answer(file.read_text(), TYPES[file.suffix])
        elif address.path == "/fleet":
            self.answer(self.stage.html(address.query), "text/html; charset=utf-8")
        else:
            self.answer(f"<title>{address.path}</title>", "text/html; charset=utf-8")

    def answer(self, text, kind, code=200):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", f"{CSP}; form-action 'self'")
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
        message = event("snapshot", self.stage.fleet)
        while message is not None:
            self.wfile.write(message)
            message = mine.get()
