"""The page of the fleet on a real socket: what the server sends, and one stream that the
test moves."""

from urllib.parse import parse_qsl

from app.domain import fleet as small
from app.domain.fleet import Member
from layouts.fleet import fleet_paint
from layouts.fleet_view import view
from layouts.pages import FLEET
from tests.layouts.served import HTML, JSON, Served, event


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


class FleetStage(Served):
    def __init__(self, fleet, now):
        self.fleet, self.now = fleet, now
        super().__init__()

    def first(self):
        return self.fleet

    def answered(self, address):
        path, _, query = address.partition("?")
        if path == "/api/v1/fleet":
            return self.fleet, JSON
        if path == "/fleet":
            return self.html(query), HTML
        return f"<title>{path}</title>", HTML

    def html(self, query):
        asked = view(dict(parse_qsl(query)))
        painted = fleet_paint(self.fleet, asked, self.now)
        return self.document(painted, FLEET, "Fleet")

    def become(self, *cards):
        """These cards are so from now on; every viewer is told the difference."""
        before = {card["id"]: card for card in self.fleet["deployments"]}
        news = [small.news(before[card["id"]], card) for card in cards]
        after = before | {card["id"]: card for card in cards}
        version = self.fleet["version"] + 1
        self.fleet = small.whole(version, self.fleet["at"], after.values(), "*")
        told = small.delta(self.fleet, [one for one in news if one])
        self.tell(event("delta", told))

    def turn(self, name, status, **more):
        """One deployment as a whole turns; `more`: other fields of its card."""
        (card,) = [one for one in self.fleet["deployments"] if one["id"] == name]
        self.become(card | {"status": status, "since": self.fleet["at"]} | more)
