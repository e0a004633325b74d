"""A page of ours on a real socket: what the server sends, and a stream that the test moves."""

import json
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from app.domain import wire
from app.domain.replay import played
from layouts.document import first_paint
from layouts.pages import PAGES
from tests.layouts.served import HTML, JSON, Served, event


class Stage(Served):
    """A page of ours, its stream, and the hand that changes what it tells."""

    def __init__(self, topology, snapshot, now):
        self.topology, self.now, self.snapshot = topology, now, snapshot
        self.past = {}
        """By their moments."""
        self.replay = {}
        """What is told of the slider."""
        super().__init__()

    def first(self):
        return self.snapshot

    def answered(self, address):
        path, asked = address.split("?")[0], parse_qs(urlsplit(address).query)
        if path.endswith("/moments"):
            return {
                "moments": [{"at": at, "turned": True} for at in sorted(self.past)]
            }, JSON
        if path.endswith("/replay"):
            return self.replay, JSON
        if path.endswith("/pictures"):
            return self.played(asked["from"][0], asked["to"][0]), JSON
        if path.endswith("/snapshot") and "at" in asked:
            found = self.of(asked["at"][0])
            return found, JSON, 200 if found else 404
        if path.endswith("/snapshot"):
            return self.snapshot, JSON
        return self.html(address), HTML

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
        return self.document(painted, page, "Demo")

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
        self.tell(event("delta", news))

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
