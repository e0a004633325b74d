"""The timeline in a browser: it moves with time, zooms, leads to moments, says what fails."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from app.domain.timeline import Told, Watch
from layouts.document import first_paint
from layouts.pages import TIMELINE
from layouts.timeline import timeline
from layouts.timeline_view import LENGTHS, Seen, View
from tests.domain.film import NINE, TWELVE, Film
from tests.domain.story import DEGRADED, FAILING, OK, Story, redis
from tests.layouts.conftest import NOW
from tests.layouts.stage import Stage

pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}


def at(minutes):
    return NOW + timedelta(minutes=minutes)


def shifted(film, minutes):
    """The film's turns as if it had begun so many minutes before now."""
    by = at(minutes) - film.reel.began
    turns = tuple(replace(turn, at=turn.at + by) for turn in film.turns)
    return Told(turns, (Watch(film.reel.began + by, NOW),))


class Lanes(Stage):
    """The page of the timeline, over a film that the test shows."""

    refuses = 0
    length = "1h"

    def __init__(self, *given):
        super().__init__(*given)
        film = Film().at(0).at(1200, {NINE: DEGRADED}).at(1800, {TWELVE: FAILING})
        self.told = shifted(film.at(2400, {TWELVE: OK}), -50)
        one = Story().at(0, {12: FAILING}, redis(12)).at(600, {12: OK}).over
        self.incidents = (replace(one, start=at(-20), end=at(-10)),)
        self.asked = []

    def answered(self, address):
        if self.refuses and "part=1" in address:
            return "", "text/plain", self.refuses
        return super().answered(address)

    def html(self, path):
        query = {
            name: values[0] for name, values in parse_qs(urlsplit(path).query).items()
        }
        self.asked.append(query)
        main = timeline(
            self.topology, Seen(self.told, self.incidents), self.view(query)
        )
        if "part" in query:
            return main
        painted = first_paint(
            self.topology, self.snapshot, TIMELINE, self.now, name="Demo", shown=main
        )
        return self.document(painted, TIMELINE, "Demo")

    def view(self, query):
        moment = type(NOW).fromisoformat
        length = query.get("span", self.length)
        given = {
            "worst_first": query.get("order") != "number",
            "open": "open" in query,
            "back": length,
        }
        if "from" in query:
            return View(
                "demo", moment(query["from"]), moment(query["to"]), NOW, **given
            )
        return View("demo", NOW - LENGTHS[length], NOW, NOW, length, **given)


@pytest.fixture
def stage(topology, well, now):
    stage = Lanes(topology, well, now)
    yield stage
    stage.close()


@pytest.fixture
def page(open_page):
    return open_page("/timeline/demo?span=1h", 1920, 1080)


def query(page):
    return {
        name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()
    }


def drag(page, begin, end):
    box = page.locator("[data-tl-tracks]").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + begin * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + (begin + end) / 2 * box["width"], y)
    page.mouse.move(box["x"] + end * box["width"], y)


def length(page):
    asked = query(page)
    moment = type(NOW).fromisoformat
    return (moment(asked["to"]) - moment(asked["from"])).total_seconds()


def test_dragging_zooms_and_one_comes_back(page):
    drag(page, 0.25, 0.5)
    expect(page.locator("[data-tl-brush]")).to_be_visible()
    page.mouse.up()
    expect(page).to_have_url(re.compile("from="))
    assert length(page) == pytest.approx(900, abs=20)
    back = page.locator("[data-tl-back]")
    back.click()
    expect(back).to_be_hidden()
    assert query(page) == {"span": "1h"}
    page.go_back()
    expect(back).to_be_visible()


def test_a_click_leads_to_that_moment_with_the_lane_chosen(page):
    lane = page.locator("[data-lane='connection 12']")
    box = lane.bounding_box()
    page.route(
        "**/map/**", lambda route: route.fulfill(body="there", content_type="text/html")
    )
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + 12)
    page.wait_for_url(re.compile("/map/demo"))
    asked = query(page)
    assert asked["c"] == "12"
    moment = type(NOW).fromisoformat(asked["at"])
    assert abs((moment - at(-15)).total_seconds()) < 60


def test_a_mark_or_a_bracket_leads_where_it_says(page):
    page.route(
        "**/map/**", lambda route: route.fulfill(body="there", content_type="text/html")
    )
    page.locator(".tl-incident").click(position={"x": 6, "y": 12})
    page.wait_for_url(re.compile("/map/demo"))
    assert query(page)["at"].startswith("2026-11-24T10:22:30")


def test_the_cross_hair_says_when_who_and_how(page):
    box = page.locator("[data-lane='connection 12']").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 12)
    tip = page.locator(".tl-tip")
    expect(tip).to_contain_text("UTC")
    expect(tip).to_contain_text("to Redis")
    expect(tip).to_contain_text("failing")


def test_all_of_it_by_keys(page):
    plot = page.locator("[data-tl-plot]")
    plot.focus()
    page.keyboard.press("ArrowLeft")
    told = page.locator("[data-announce]")
    expect(told).to_contain_text("12, GWS Data Collector Service to Redis")
    expect(told).to_contain_text("ok")
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
        if "failing" in told.text_content():
            break
    expect(told).to_contain_text("failing")
    page.keyboard.press("ArrowDown")
    expect(told).to_contain_text("9, ")
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("from="))
    assert length(page) == pytest.approx(1800, abs=20)
    before = query(page)["from"]
    page.keyboard.press("Shift+ArrowLeft")
    expect(page).not_to_have_url(re.compile(re.escape(before)))
    page.keyboard.press("0")
    expect(page.locator("[data-tl-back]")).to_be_hidden()
    page.route(
        "**/map/**", lambda route: route.fulfill(body="there", content_type="text/html")
    )
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/map/demo"))
    assert query(page)["c"] == "9"


def test_what_turns_appears_as_it_comes(page, stage):
    assert page.locator("[data-lane='connection 17']").count() == 0
    film = Film().at(0).at(2400, {NINE: FAILING})
    stage.told = shifted(film, -50)
    stage.turn(17, "failing")
    expect(
        page.locator("[data-tl-name='connection 9'][data-status='failing']")
    ).to_have_count(1)


def test_folded_lanes_open_and_the_order_changes_in_place(page):
    page.get_by_role("link", name="1 component was well").click()
    expect(page.locator("[data-lane='node redis']")).to_be_visible()
    page.get_by_role("link", name="By number").click()
    first = page.locator("[data-lane]").first
    expect(first).to_have_attribute("data-lane", "connection 9")
    assert query(page) == {"span": "1h", "open": "1", "order": "number"}


def test_the_list_is_filtered_and_stays_so(page, stage):
    rows = page.locator("[data-tl-rows] tr:visible")
    expect(rows).to_have_count(3)
    page.get_by_role("searchbox").fill("redis failing")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="6 h").click()
    expect(page).to_have_url(re.compile("span=6h"))
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.get_by_text("No turn matches this filter.")).to_be_visible()


def test_what_cannot_be_loaded_is_said_with_what_to_do(open_page, stage):
    page = open_page("/timeline/demo?span=1h", 1920, 1080, expected=("503",))
    stage.refuses = 503
    page.get_by_role("link", name="6 h").click()
    alert = page.locator("[data-tl-failed]")
    expect(alert).to_contain_text("the server answered 503")
    expect(page.locator("[data-lane='connection 12']")).to_be_visible()
    stage.refuses = 0
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_be_hidden()
    assert query(page)["span"] == "6h"


def test_cut_off_it_stands_still_and_says_so(open_page, stage):
    page = open_page("/timeline/demo?span=1h", 1920, 1080, expected=("503", "ERR_"))
    stage.cut()
    expect(page.locator("[data-lost]")).to_be_visible()
    expect(page.locator("[data-timeline][data-old]")).to_have_count(1)


def test_times_are_the_readers_own(browser, stage):
    context = browser.new_context(
        timezone_id="Europe/Berlin", viewport={"width": 1600, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{stage.address}/timeline/demo?span=1h")
    cell = page.locator("[data-tl-rows] time").first
    expect(cell).to_have_attribute("title", re.compile(r"2026-11-24 10:\d\d:\d\d UTC"))
    expect(cell).to_contain_text("11:")
    context.close()


def test_on_a_telephone_the_words_come_first_and_nothing_is_too_wide(open_page):
    page = open_page("/timeline/demo?span=1h", **TELEPHONE)
    words, lanes = page.locator(".tl-right"), page.locator(".tl-chart")
    assert words.bounding_box()["y"] < lanes.bounding_box()["y"]
    main = page.locator("main").bounding_box()
    assert main["width"] <= TELEPHONE["width"]
    assert (
        page.evaluate("document.querySelector('.timeline').scrollWidth")
        <= TELEPHONE["width"]
    )
