"""The gravest open incident beside the suspects: said in words, in order, and live."""

import re

import pytest
from playwright.sync_api import expect

from app.domain.incidents_wire import summary
from layouts.document import first_paint
from layouts.pages import CONNECTIONS, MAP
from tests.domain.story import DEGRADED, FAILING, OK, Story, after
from tests.layouts.test_pages import Reader

HTML = "() => document.querySelector('.incident').outerHTML"
PAINTED = """(text) => new DOMParser().parseFromString(text, 'text/html')
    .querySelector('.incident').outerHTML"""


def told(*stories):
    """What a snapshot says of them."""
    opened = [summary(one, after(60)) for s in stories for one in s.book.open]
    return {"incident": opened[0]["id"] if opened else None, "incidents": opened}


def outage():
    story = Story().at(0, {"redis": FAILING, 12: FAILING})
    return story.at(1, {25: DEGRADED}).at(9, {12: OK})


def painted(topology, snapshot, now, page=MAP):
    return str(first_paint(topology, snapshot, page, now, name="Demo"))


def test_without_one_nothing_is_shown(topology, well, now):
    (found,) = Reader(painted(topology, well, now)).having("data-incident")
    assert "hidden" in found
    assert found["data-incident"] == ""


@pytest.mark.parametrize("shown", [MAP, CONNECTIONS], ids=lambda page: page.key)
def test_it_says_since_when_how_much_how_bad_and_in_which_order(
    topology, well, now, shown
):
    text = painted(topology, well | told(outage()), now, shown)
    (found,) = Reader(text).having("data-incident")
    assert "hidden" not in found
    assert found["data-status"] == "failing"
    assert "2 connections and 1 component, worst failing, 1 well again." in text
    list_ = text.split('class="cascade"')[1].split("</ol>")[0]
    places = [list_.index(word) for word in ("Redis</button>", ">12<", ">25<")]
    assert places == sorted(places)
    assert "GWS Data Collector Service to Redis" in list_
    assert "failing, well again at 12:00:09 UTC" in list_


def test_more_than_one_is_counted(topology, well, now):
    other = Story().at(5, {4: FAILING})
    assert "and 1 more" in painted(topology, well | told(outage(), other), now)


@pytest.mark.browser
def test_it_is_painted_live_as_the_server_would_paint_it(open_page, stage, well):
    page = open_page()
    place = page.locator("[data-incident]")
    expect(place).to_be_hidden()
    begun = Story().at(0, {"redis": FAILING})
    for news in (told(begun), told(outage(), Story().at(5, {4: FAILING}))):
        stage.become(well | news)
        expect(place).to_contain_text(news["incidents"][0]["text"])
        fresh = page.evaluate("() => fetch(location.href).then((r) => r.text())")
        assert page.evaluate(HTML) == page.evaluate(PAINTED, fresh)
    stage.become(well | told())
    expect(place).to_be_hidden()


@pytest.mark.browser
def test_its_cascade_opens_leads_to_the_connection_and_closes(open_page, stage, well):
    page = open_page()
    stage.become(well | told(outage()))
    expect(page.locator(".incident summary")).to_be_visible()
    page.locator(".incident summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cascade")).to_be_visible()
    page.locator(".cascade [data-goto='25']").click()
    expect(page).to_have_url(re.compile("c=25"))
    expect(page.locator("main [data-connection='25']")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".cascade")).to_be_hidden()
    expect(page.locator(".incident summary")).to_be_focused()
