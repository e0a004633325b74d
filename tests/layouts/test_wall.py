"""The wall as the server paints it: word, incident, picture, the worst, and its words."""

import re
from xml.etree import ElementTree

import pytest

from app.domain.screens import View
from app.domain.status import Status
from layouts import strings_wall, wall, wall_code, wall_parts
from layouts.let_in import button, form
from layouts.markup import for_scripts
from layouts.wall_document import plain
from layouts.wall_picture import draw
from tests.layouts.test_pages import Reader

STEPS = [
    {"connection": 12, "node": None},
    {"connection": 18, "node": None},
    {"connection": None, "node": "redis"},
]
INCIDENT = {
    "id": "2026-11-24-1042-k7qd", "start": "2026-11-24T10:38:30.000Z",
    "status": "failing", "worst": "failing", "text": "Since 10:38", "cascade": STEPS,
}  # fmt: skip
JANE = {"by": "Jane", "at": "2026-11-24T10:40:00.000Z"}


def shown(topology, snapshot, now, **changed):
    options = {"name": "Demo & Co", "theme": "dark", "build": "b1"} | changed
    return wall.page(topology, snapshot, now, asset=lambda n: f"/assets/{n}", **options)


def text_of(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def test_the_word_since_when_and_the_name_come_first(topology, mixed, now):
    page = shown(topology, mixed, now)
    main = text_of(page[page.index("<main") :])
    assert main.startswith("Demo & Co".replace("&", "&amp;") + " Failing since 10:31")
    assert "for 11 min" in main[:60]


def test_all_well_is_said_since_the_last_part_became_so(topology, well, now):
    top = text_of(wall_parts.top(well, now, "Demo"))
    assert top.startswith("Demo All is well since 10:4")
    idle = well | {"status": "idle"}
    assert "All is well" in wall_parts.top(idle, now, "Demo")


def test_before_the_first_picture_there_is_nothing_to_count(topology, empty, now):
    assert wall_parts.since(empty) is None
    assert text_of(wall_parts.top(empty, now, "Demo")) == "Demo No data"
    assert wall_parts.sight(empty) == "Nothing was heard yet"
    beside = wall_parts.beside(topology, empty, now)
    assert re.search("<p[^>]*data-none hidden>", beside)


def test_every_status_has_a_word_for_the_room():
    assert set(strings_wall.HEADLINES) == {status.value for status in Status}


def test_the_incident_says_who_is_suspected_how_long_and_how_much(mixed, now):
    banner = wall_parts.banner(mixed | {"incidents": [INCIDENT]}, now)
    assert 'data-wall-incident="2026-11-24-1042-k7qd"' in banner
    said = text_of(banner)
    assert said.startswith(mixed["suspects"][0]["text"])
    assert said.endswith("Open for 4 min 2 connections, 1 component")
    assert " hidden" not in banner.split(">")[0]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({}, ""),
        ({"acknowledged": None, "assigned": None}, "nobody has acknowledged it yet"),
        ({"acknowledged": JANE, "assigned": None}, "acknowledged by Jane"),
        ({"acknowledged": JANE, "assigned": "Ada"}, "acknowledged by Jane, assigned to Ada"),
        ({"acknowledged": None}, "nobody has acknowledged it yet"),
    ],
)  # fmt: skip
def test_who_has_it_in_hand_is_said_where_that_is_kept(kept, said):
    assert wall_parts.handled(INCIDENT | kept) == said


def test_one_of_a_kind_is_counted_in_the_singular():
    assert wall_parts.counted({"cascade": STEPS[:1]}) == "1 connection"
    assert wall_parts.counted({"cascade": STEPS[2:]}) == "1 component"


def test_without_an_incident_its_room_is_empty(well, mixed, now):
    assert " hidden" in wall_parts.banner(well, now).split(">")[0]
    alone = mixed | {"suspects": [], "incidents": [INCIDENT]}
    assert "No single cause found." in wall_parts.banner(alone, now)


def test_the_worst_come_first_and_the_rest_is_counted(topology, mixed, now):
    listed = wall_parts.worst(mixed)
    assert [one["number"] for one in listed[:6]] == [8, 12, 18, 24, 25, 3]
    beside = wall_parts.beside(topology, mixed, now)
    assert len(re.findall("<li[^>]*data-slot", beside)) == wall_parts.SLOTS
    assert f"and {len(listed) - wall_parts.SLOTS} more" in beside
    assert "GWS Workspace Service to Redis" in beside
    assert "connect timed out, 3 of 3" in beside


def test_when_all_is_well_the_list_says_so(topology, well, now):
    beside = wall_parts.beside(topology, well, now)
    assert (
        len(re.findall(r"<li[^>]*data-slot[^>]* hidden>", beside)) == wall_parts.SLOTS
    )
    assert "Every connection is well." in beside


def test_what_can_not_be_seen_well_is_named(mixed, well):
    blind = mixed | {
        "sources": [
            {"name": "consul", "status": "failing"},
            {"name": "probe", "status": "ok"},
            {"name": "a new one", "status": "no_data"},
        ]
    }
    assert wall_parts.sight(blind) == "Not seen well: Consul, a new one"
    assert wall_parts.sight(well) == "All sources heard"


def test_the_picture_has_each_connection_and_box_with_status_and_label(topology, mixed):
    drawing = ElementTree.fromstring(draw(topology, mixed))
    named = {
        el.get("data-connection"): el
        for el in drawing.iter()
        if el.get("data-connection")
    }
    wanted = {str(c["number"]): c["status"] for c in mixed["connections"]}
    assert {n: el.get("data-status") for n, el in named.items()} == wanted
    assert (
        named["12"]
        .get("aria-label")
        .startswith("12, GWS Data Collector Service to Redis: failing")
    )
    assert len([el for el in drawing.iter() if el.get("data-node")]) == len(
        topology.boxes
    )


def test_a_box_that_the_picture_has_no_place_for_is_left_to_the_list(topology, well):
    from dataclasses import replace

    strange = replace(topology.boxes[0], id="a-box-of-their-own")
    wider = replace(topology, boxes=(*topology.boxes, strange))
    assert "a-box-of-their-own" not in draw(wider, well)


@pytest.mark.parametrize(
    ("view", "path"),
    [
        (View(("a",)), "/wall/a"),
        (View(("a",), 30, "dark", False), "/wall/a"),
        (View(("a", "b", "c"), 30, "light", True), "/wall/a?with=b,c&rotate=30s&theme=light&sound=on"),
        (View(("a", "b")), "/wall/a?with=b"),
    ],
)  # fmt: skip
def test_the_address_holds_every_option_that_is_not_the_usual_one(view, path):
    assert wall.address(view) == path


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(topology, mixed, now):
    for page in (
        shown(topology, mixed, now),
        wall_code.page(lambda name: f"/assets/{name}"),
        plain("Not here.", lambda name: f"/assets/{name}"),
    ):
        reader = Reader(page)
        for name, found in reader.elements:
            assert "style" not in found and name != "style"
            for key in ("src", "href"):
                assert not re.match(r"https?:|//", found.get(key) or "")
            if name == "script" and "src" not in found:
                assert found["type"] == "application/json"


def test_words_can_not_end_their_element():
    assert "</script>" not in for_scripts({"a": "</script>"}, "x").removesuffix(
        "</script>"
    )


def test_the_form_that_lets_a_tv_in_is_labelled_and_asks_for_no_name():
    page = form()
    for said in ("Code on the TV", "It shows", "Let it in", "Take turns", "Theme"):
        assert said in page
    assert 'aria-label="Let a TV in"' in button()
