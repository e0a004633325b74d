"""The four faces of every view: full, empty, failing, old. Each says which one it shows, and
none of them is taken for another."""

import json
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from app.domain.status import Status
from app.domain.timeline import Told
from layouts import wall
from layouts.document import first_paint
from layouts.fleet import fleet_paint
from layouts.fleet_view import View
from layouts.markup import VOID
from layouts.pages import CONNECTIONS, MAP, TIMELINE
from layouts.panel import panel
from layouts.timeline import timeline
from layouts.timeline_view import Seen
from layouts.timeline_view import View as Span
from tests.layouts.fleet_stage import fleet_of
from tests.layouts.test_pages import Reader
from tests.layouts.test_panel import texts

HOUR = timedelta(hours=1)
SILENT = {"script", "template", "style", "title"}


class Shown(HTMLParser):
    """The text that is seen, and nothing that is hidden."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.open = [], []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        if name not in VOID:
            self.open.append((name, name in SILENT or "hidden" in dict(attributes)))

    def handle_endtag(self, name):
        while self.open and self.open.pop()[0] != name:
            pass

    def handle_data(self, text):
        if not any(hidden for _, hidden in self.open):
            self.texts.append(text)


def text_of(markup):
    return " ".join("".join(Shown(markup).texts).split())


@pytest.fixture
def faces(well, empty, mixed):
    """A picture of each; the old one is one whose every source was lost an hour ago."""
    old = json.loads(json.dumps(well))
    for state in (*old["connections"], *old["nodes"]):
        state["status"] = Status.STALE
    old["status"] = Status.STALE
    for source in old["sources"]:
        source |= {"status": Status.FAILING, "error": "connection refused"}
    return {"full": well, "empty": empty, "failing": mixed, "old": old}


def on_map(topology, picture, now):
    return first_paint(topology, picture, MAP, now, name="Demo")


def in_table(topology, picture, now):
    return first_paint(topology, picture, CONNECTIONS, now, name="Demo")


def on_wall(topology, picture, now):
    return wall.page(
        topology, picture, now, name="Demo", theme="dark", build="1", asset=str
    )


def in_fleet(topology, picture, now):
    return fleet_paint(fleet_of({"demo": picture}, now), View(), now)


def in_panel(topology, picture, now):
    return " ".join(texts(panel(topology, picture, {"connection": 12}, now)))


def over_time(topology, picture, now):
    view = Span("demo", now - HOUR, now, now, "1h")
    shown = timeline(topology, Seen(Told((), ()), ()), view)
    return first_paint(topology, picture, TIMELINE, now, name="Demo", shown=shown)


VIEWS = {
    on_map: ("Nothing needs a look.", "No sources yet", "No pod is ready", "can't be heard"),
    in_table: ("Nothing needs a look.", "No sources yet", "No pod is ready", "can't be heard"),
    over_time: ("Nothing needs a look.", "No sources yet", "No pod is ready", "can't be heard"),
    on_wall: ("All is well", "No data", "Failing", "Stale"),
    in_fleet: ("The only one is well", "no data", "failing", "stale"),
    in_panel: ("fresh facts", "no witness has ever said anything", "3 of 3", "The last fact is from"),
}  # fmt: skip
"""What each says of itself: full, empty, failing, old."""


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
@pytest.mark.parametrize("face", ["full", "empty", "failing", "old"])
def test_every_view_says_which_face_it_shows(topology, now, faces, view, face):
    order = ["full", "empty", "failing", "old"]
    shown = text_of(view(topology, faces[face], now))
    said = [words in shown for words in VIEWS[view]]
    assert said[order.index(face)]
    assert not (said[0] and face != "full")


@pytest.mark.parametrize("view", [on_map, in_table], ids=lambda view: view.__name__)
@pytest.mark.parametrize("face", ["empty", "old"])
def test_what_is_not_known_is_never_shown_as_ok(topology, now, faces, view, face):
    drawn = Reader(view(topology, faces[face], now)).having("data-connection")
    assert {one["data-status"] for one in drawn} == {
        Status.NO_DATA if face == "empty" else Status.STALE
    }
