"""The past on a slider: moved by keys and by pointer, played, and honest about gaps."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from app.domain.instants import instant
from layouts.replay import SPEEDS, strip
from layouts.strings_replay import SPANS
from tests.layouts.test_frozen import connection, of
from tests.layouts.test_pages import Reader

FIRST = "2026-11-24T09:50:00.000Z"
BAD = "2026-11-24T10:10:00.000Z"
AGAIN = "2026-11-24T10:20:00.000Z"
REST = "2026-11-24T10:40:00.000Z"
INCIDENT = {
    "id": "2026-11-24-1010-abcd", "kind": "outage", "worst": "failing",
    "start": BAD, "end": AGAIN, "text": "Since 10:10 UTC: 1 connection.",
}  # fmt: skip


def test_the_strip_is_closed_and_offers_every_span_and_speed():
    reader = Reader(strip("demo"))
    (section,) = reader.having("data-replay")
    assert "hidden" in section
    spans = [one["data-replay-span"] for one in reader.having("data-replay-span")]
    assert spans == [*SPANS]
    speeds = [one["value"] for one in reader.having("value") if "min" not in one]
    assert speeds == [str(speed) for speed in SPEEDS]


pytestmark = pytest.mark.browser


@pytest.fixture
def hour(stage, mixed, well):
    """12 is failing for ten minutes; later nobody looked for ten."""
    pictures = {FIRST: well, BAD: mixed, AGAIN: well, REST: well}
    stage.past = {
        at: of(one, at) | {"version": 300 + n}
        for n, (at, one) in enumerate(pictures.items())
    }
    stage.replay = {
        "first": FIRST, "from": FIRST, "to": stage.snapshot["at"],
        "gaps": [{"from": "2026-11-24T10:25:00.000Z", "to": "2026-11-24T10:35:00.000Z"}],
        "turns": [{"at": BAD, "count": 1}, {"at": AGAIN, "count": 2}],
        "incidents": [INCIDENT], "more": False, "trouble": None,
    }  # fmt: skip
    return stage


def at(page, instant):
    """Moves the slider there, as a pointer would."""
    page.locator("[data-replay-slider]").evaluate(
        """(el, at) => { el.value = String(Date.parse(at) / 1000);
            for (const name of ["input", "change"]) el.dispatchEvent(new Event(name)); }""",
        instant,
    )


def opened(open_page, query="", **more):
    page = open_page(f"/map/demo?span=1h{query}", **more)
    expect(page.locator("[data-replay]")).to_be_visible()
    expect(page.locator("[data-replay-to]")).to_have_count(1)
    return page


def test_keys_move_the_slider_and_the_whole_page_follows(open_page, hour):
    page = open_page()
    page.keyboard.press("r")
    page.locator("[data-replay-span='1h']").click()
    slider, main = page.locator("[data-replay-slider]"), page.locator("main")
    expect(page.locator("[data-replay-incidents] option")).to_have_count(2)
    slider.focus()
    page.keyboard.press("Home")
    expect(main).to_have_attribute("data-frozen", FIRST)
    for _ in range(4):
        page.keyboard.press("PageUp")
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    expect(main).to_have_attribute("data-frozen", BAD)
    expect(slider).to_have_attribute(
        "aria-valuetext",
        re.compile(r"^10:1(3:5|4:0)\d UTC, in incident 2026-11-24-1010-abcd, failing$"),
    )
    expect(page.locator("[data-frozen-bar]")).to_contain_text("Showing 10:10:00 UTC")
    expect(page.locator("[data-source='consul']").first).to_have_attribute(
        "data-status", "failing"
    )
    assert f"span=1h&at={BAD}" in page.url
    page.keyboard.press("End")
    expect(page.locator("[data-frozen-bar]")).to_be_hidden()
    expect(connection(page, 12)).to_have_attribute("data-status", "ok")


@pytest.mark.thorough
def test_a_gap_is_drawn_said_and_not_taken_for_what_was(open_page, hour):
    page = opened(open_page)
    expect(page.locator("[data-replay-lane='gaps'] i")).to_have_count(2)
    at(page, "2026-11-24T10:30:00Z")
    said = page.locator("[data-replay-said]")
    expect(said).to_have_text("Nothing was kept from 10:25:00 UTC to 10:35:00 UTC.")
    expect(page.locator("main")).to_have_attribute("data-gap", "")
    expect(page.locator("main")).to_have_attribute("data-frozen", AGAIN)
    at(page, "2026-11-24T10:41:00Z")
    expect(said).to_have_text("")
    expect(page.locator("main[data-gap]")).to_have_count(0)


@pytest.mark.thorough
def test_played_it_passes_the_fault_and_ends_at_the_present(open_page, hour):
    page = opened(open_page, prepare=lambda page: page.clock.install())
    page.locator("[data-replay-speed]").select_option("600")
    at(page, "2026-11-24T10:08:00Z")
    play = page.locator("[data-replay-play]")
    page.keyboard.press("p")
    expect(play).to_have_text("Pause")
    page.clock.run_for(400)
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    page.keyboard.press("p")
    expect(play).to_have_text("Play")
    expect(page.locator("main")).to_have_attribute("data-frozen", BAD)
    play.click()
    page.clock.run_for(10_000)
    expect(page.locator("[data-frozen-bar]")).to_be_hidden()
    expect(play).to_have_text("Play")


@pytest.mark.thorough
def test_an_incident_leads_to_its_moment_and_its_post_mortem(open_page, hour):
    page = opened(open_page)
    page.locator("[data-replay-to]").click()
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    way = page.locator("[data-replay-postmortem]")
    expect(way).to_have_attribute("href", "/incident/demo/2026-11-24-1010-abcd")
    compare = page.locator("[data-replay-compare]")
    expect(compare).to_have_attribute("href", f"/compare/demo?at={BAD}")
    page.keyboard.press("]")
    expect(page.locator("main")).to_have_attribute("data-frozen", AGAIN)
    expect(way).to_be_visible()


@pytest.mark.thorough
def test_a_link_opens_the_slider_at_its_moment(open_page, hour):
    page = opened(open_page, f"&at={BAD}")
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    expect(page.locator("[data-replay-at]")).to_have_text("10:10:00 UTC")
    page.locator("[data-replay-close]").click()
    expect(page.locator("[data-replay]")).to_be_hidden()
    expect(page.locator("[data-replay-open]")).to_be_focused()
    assert "span=" not in page.url
    expect(page.locator("main")).to_have_attribute("data-frozen", BAD)


def test_a_moment_near_the_end_is_not_told_as_the_present(open_page, hour, mixed):
    """A second before it, where a step of the slider is two."""
    end = datetime.fromisoformat(hour.snapshot["at"])
    near = str(instant(end - timedelta(seconds=1)))
    hour.past[near] = of(mixed, near) | {"version": 310}
    page = opened(open_page, f"&at={near}")
    expect(page.locator("[data-replay-at]")).to_have_text(f"{near[11:19]} UTC")


COVERED = """() => {
  const edges = (selector) => document.querySelector(selector).getBoundingClientRect();
  const bar = edges("[data-frozen-bar]");
  const under = [...document.querySelectorAll("g[data-node] .body")].filter((el) => {
    const box = el.getBoundingClientRect();
    return box.bottom > bar.top && box.top < bar.bottom && box.right > bar.left && box.left < bar.right;
  });
  return [under.length, edges(".bottom").bottom <= edges("[data-replay]").top + 1];
}"""


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (3840, 2160)])
def test_neither_the_bar_nor_the_slider_covers_what_is_shown(open_page, hour, size):
    page = opened(open_page, f"&at={BAD}", width=size[0], height=size[1])
    expect(page.locator("[data-frozen-bar]")).to_be_visible()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate(COVERED) == [0, True]
