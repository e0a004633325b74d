"""The page of the fleet as it is painted: order, words, small maps, what is asked for."""

import json
import re
from datetime import timedelta

import pytest

from app.cli.history import HISTORY
from app.cli.reload import CONFIG
from app.domain import fleet as small
from app.domain.fleet import OURS, SIGHTS
from app.pipeline.casebook import RECORDS
from app.pipeline.numbering import OURSELVES
from layouts import fleet_says, fleet_top
from layouts import strings_fleet as words
from layouts.fleet import fleet_paint, nothing
from layouts.fleet_card import card
from layouts.fleet_view import LARGE_UP_TO, View, sections, settled, shown, view
from tests.layouts.fleet_stage import fleet_of
from tests.layouts.test_pages import Reader

PLACES = {
    "east": ("eu", "pair"),
    "west": ("us", "pair"),
    "north": ("eu", None),
    "south": (None, None),
}


@pytest.fixture
def fleet(mixed, well, now):
    """One that fails, two that are well, one without a picture."""
    snapshots = {"south": well, "east": mixed, "west": well, "north": None}
    return fleet_of(snapshots, now, PLACES)


def by_id(fleet):
    return {one["id"]: one for one in fleet["deployments"]}


def cards(text):
    """Every card that is painted: its id, and whether it is shown."""
    found = Reader(text).having("data-card")
    return {one["data-card"]: "hidden" not in one for one in found}


def said(text):
    return re.sub(r"<[^>]+>", "", text)


def test_the_worst_stand_first_and_equals_as_they_are_configured(fleet, now):
    painted = cards(fleet_paint(fleet, View(), now))
    assert list(painted) == ["east", "north", "south", "west"]
    assert all(painted.values())


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("", {"": ["east", "north", "south", "west"]}),
        ("region", {"eu": ["east", "north"], "": ["south"], "us": ["west"]}),
        ("group", {"pair": ["east", "west"], "": ["north", "south"]}),
    ],
)
def test_sections_stand_as_their_worst_card_does(fleet, now, by, found):
    parts = sections(fleet["deployments"], by, now)
    there = {part.key: [one["id"] for one in part.cards] for part in parts}
    assert list(there.items()) == list(found.items())


def test_a_section_tells_how_many_of_it_need_a_look(fleet, now):
    text = said(fleet_paint(fleet, View(by="group"), now))
    assert "pair look at 1 of 2" in text
    assert "Without a group look at 1 of 2" in text


def test_one_list_needs_no_heading_and_has_a_name(fleet, now):
    reader = Reader(fleet_paint(fleet, View(), now))
    assert [name for name, _ in reader.elements].count("section") == 1
    lists = [found for name, found in reader.elements if name == "ul"]
    assert words.LIST in [found.get("aria-label") for found in lists]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (View(), {"east", "west", "north", "south"}),
        (View("EAS"), {"east"}),
        (View("pair"), {"east", "west"}),
        (View("pair us"), {"west"}),
        (View("nobody"), set()),
        (View(trouble=True), {"east", "north"}),
        (View("eu", trouble=True), {"east", "north"}),
        (View("us", trouble=True), set()),
    ],
)
def test_what_is_looked_for_is_shown(fleet, now, asked, found):
    assert {
        one["id"] for one in fleet["deployments"] if shown(one, asked, now)
    } == found
    painted = fleet_paint(fleet, asked, now)
    assert {name for name, there in cards(painted).items() if there} == found
    (empty,) = Reader(painted).having("data-empty")
    assert ("hidden" in empty) == bool(found)


@pytest.mark.parametrize(
    ("asked", "said_"),
    [
        (View("x"), words.NONE_SHOWN),
        (View("x", trouble=True), words.NONE_OF_BOTH),
        (View(trouble=True), "Nothing needs a look: all 4 deployments are well."),
    ],
)
def test_an_empty_page_says_why(fleet, asked, said_):
    assert nothing(fleet, asked) == said_


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ({}, View()),
        ({"q": " a b ", "by": "region", "trouble": "1", "size": "large"},
         View("a b", "region", True, "large")),
        ({"by": "colour", "trouble": "yes", "size": "huge"}, View()),
    ],
)  # fmt: skip
def test_an_address_says_how_to_show_them(address, meant):
    assert view(address) == meant


def test_what_is_left_open_is_settled_by_what_there_is(fleet):
    few, many = fleet["deployments"], fleet["deployments"] * LARGE_UP_TO
    assert settled(View(), few) == View(size="large")
    assert settled(View(), many) == View(size="compact")
    assert settled(View(size="large", by="region"), many).by == "region"
    bare = [one | {"region": None} for one in few]
    assert settled(View(by="region"), bare).by == ""


def test_only_what_there_is_can_be_grouped_by(fleet, well, now):
    both = fleet_paint(fleet, View(), now)
    assert "By region" in both
    assert "By group" in both
    alone = fleet_paint(fleet_of({"a": well}, now), View(), now)
    assert 'name="by"' not in alone


def test_the_tab_key_stops_at_the_first_card_that_is_shown(fleet, now):
    painted = fleet_paint(fleet, View("pair us"), now)
    stops = re.findall(r'href="/map/(\w+)" tabindex="0"', painted)
    assert stops == ["west"]


@pytest.mark.parametrize(
    ("snapshots", "status", "text"),
    [
        (["mixed", "well", None], "failing", "Look at 2 of 3"),
        (["well", "well"], "ok", "All 2 are well"),
        (["well"], "ok", "The only one is well"),
    ],
)
def test_the_top_sums_up(request, now, snapshots, status, text):
    named = {
        f"d{n}": name and request.getfixturevalue(name)
        for n, name in enumerate(snapshots)
    }
    assert fleet_top.summary(fleet_of(named, now), now) == (status, text)


def test_the_totals_count_deployments(fleet, now):
    found = Reader(fleet_top.header(fleet, now)).having("data-count")
    there = [one["data-count"] for one in found if "data-none" not in one]
    assert there == ["failing", "no_data", "ok"]


def test_a_card_says_all_that_is_to_be_known_before_its_map(fleet, now):
    east = by_id(fleet)["east"]
    text = said(card(east, now)).replace("\n", " ")
    for part in ("failing", "for 11 min", "East", "eu · pair", "5 failing", "15 ok",
                 "No pod is ready; it explains 12", "Consul: consul: 403",
                 "data under 30 s old"):  # fmt: skip
        assert part in text, part
    label = fleet_says.label(east, now)
    assert label.startswith("East, eu · pair: failing since 10:31:15 UTC; 5 failing, ")
    assert "token may not read health" in label


def test_an_incident_is_told_where_nobody_is_suspected(fleet):
    east = by_id(fleet)["east"] | {"suspect": None}
    assert fleet_says.told(east) == ""
    grave = east | {"incident": {"id": "i", "worst": "failing", "text": "Since 10:42"}}
    assert fleet_says.told(grave) == "Since 10:42"


@pytest.mark.parametrize(
    ("passed", "age", "why"),
    [
        (0, "data under 30 s old", ""),
        (28, "data under 30 s old", ""),
        (31, "data 32 s old", ""),
        (120, "data 2 min old", "Nothing heard for 2 min: shown as last seen"),
    ],
)
def test_old_data_is_called_old(fleet, now, passed, age, why):
    later = now + timedelta(seconds=passed)
    west = by_id(fleet)["west"]
    assert fleet_says.age(west, later) == age
    assert fleet_says.why(west, later) == why
    assert (fleet_says.sight(west, later) == "old") == bool(why)
    assert ('data-sight="old"' in card(west, later)) == bool(why)


def test_one_that_shows_the_past_needs_a_look_however_well_it_was(fleet, now):
    fresh = {"heard_at": (now + timedelta(hours=1)).isoformat()}
    cards = [one | fresh for one in fleet["deployments"]]
    south, east, west, north = cards
    old = west | {"heard_at": now.isoformat()}
    later = now + timedelta(hours=1)
    (part,) = sections([south, east, old, north], "", later)
    assert [one["id"] for one in part.cards] == ["east", "west", "north", "south"]
    alone = fleet | {"deployments": [old, south]}
    assert fleet_top.summary(alone, later) == ("stale", "Look at 1 of 2")
    grave = east | {"heard_at": now.isoformat()}
    assert fleet_says.standing(grave, later) == "failing"


def test_what_can_not_be_seen_says_why(fleet, now):
    found = by_id(fleet)
    north = found["north"]
    assert fleet_says.why(north, now) == (
        "No picture yet: waiting for the first answer of consul"
    )
    assert fleet_says.age(north, now) == "no data yet"
    troubles = [
        {"name": "kubernetes", "status": "failing", "error": "401"},
        {"name": "consul", "status": "failing", "error": None},
    ]
    blind = found["west"] | {"sight": "blind", "sources": troubles}
    assert fleet_says.why(blind, now + timedelta(hours=1)) == (
        "Can't be seen: Kubernetes: 401 (and 1 more)"
    )
    partly = found["west"] | {"sight": "partial", "sources": troubles[1:]}
    assert fleet_says.why(partly, now) == "Consul: in trouble"
    assert fleet_says.unwell(partly, now)


def test_names_are_escaped(fleet, now):
    odd = by_id(fleet)["east"] | {"name": "<b>", "region": '"', "suspect": "<i>"}
    text = card(odd, now)
    assert "<b>" not in text.replace("<b>5</b>", "").split('class="fleet-counts"')[0]
    assert "&lt;i&gt;" in text


def test_the_words_for_the_browser_are_json_that_can_not_end_the_script(fleet, now):
    text = fleet_paint(fleet, View(), now)
    (found,) = re.findall(
        r'<script type="application/json" id="gws-words">(.*?)</script>', text
    )
    told = json.loads(found)
    assert told["ranks"]["failing"] == 7
    assert len(told["map"]["lines"]) == 31


def test_the_sources_that_are_our_own_are_those_of_this_process():
    assert {CONFIG, HISTORY, RECORDS, OURSELVES} == OURS


def test_every_sight_there_can_be_is_one_that_the_page_knows(fleet, now):
    assert set(SIGHTS) == {"clear", "partial", "blind", "waiting"}
    assert {fleet_says.sight(one, now) for one in fleet["deployments"]} <= set(SIGHTS)
    assert small.NUMBERS == tuple(range(1, 32))
