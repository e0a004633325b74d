"""A day on the slider, and two of its moments side by side, in the whole application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.domain.instants import instant
from benchmarks.page import until
from benchmarks.past import BLIND, NAME, OUTAGES, UNWATCHED, Day, a_day
from benchmarks.stage import Stage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(300)]

FAILING, DEGRADED = OUTAGES
Open = Callable[..., Page]
ALL_THERE = "window.gwsLive?.newest && window.gwsPictures?.state().all"
ADDRESSED = """new URLSearchParams(location.search).get("at")
    === document.querySelector("main").dataset.at"""


@pytest.fixture(scope="module")
def day(stage: Stage) -> Iterator[Day]:
    with a_day(stage.snapshot()) as day:
        yield day


@pytest.fixture
def shown(browser: Browser, day: Day) -> Iterator[Open]:
    """Opens a page of the day; afterwards its console must be clean."""
    complaints: list[str] = []
    contexts = []

    def open_(path: str, width: int = 1600, height: int = 900, **more: str) -> Page:
        viewport = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=viewport, **more))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{day.url}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def moment(day: Day, minute: float) -> str:
    return str(instant(day.minute(0) + timedelta(minutes=minute)))


def ready(page: Page) -> None:
    """The whole day is here."""
    page.evaluate(until(ALL_THERE, 120_000))


def rest(page: Page, at: str) -> None:
    """Drags the slider there, by the pointer."""
    slider = page.locator("[data-replay-slider]")
    box = slider.bounding_box()
    assert box is not None
    share = slider.evaluate(
        "(el, at) => (Date.parse(at) / 1000 - el.min) / (el.max - el.min)", at
    )
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 9, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + share * (box["width"] - 16), middle, steps=20)
    page.mouse.up()


def test_a_drag_shows_what_was_and_the_link_holds_it(day: Day, shown: Open) -> None:
    page = shown(f"/map/{NAME}?span=24h")
    ready(page)
    number, bad, begin, end = FAILING
    rest(page, moment(day, (begin + end) / 2))
    line = page.locator(f"main [data-connection='{number}']").first
    expect(line).to_have_attribute("data-status", bad.value)
    page.evaluate(until(ADDRESSED))
    seen = page.locator("main").get_attribute("data-at")
    other = shown(page.url.removeprefix(day.url))
    expect(other.locator("main")).to_have_attribute("data-at", str(seen))
    expect(other.locator("[data-replay]")).to_be_visible()


def test_blindness_is_shown_as_it_was(day: Day, shown: Open) -> None:
    page = shown(f"/map/{NAME}?span=24h")
    ready(page)
    rest(page, moment(day, sum(BLIND) / 2))
    consul = page.locator("[data-blind='consul']")
    expect(consul).to_contain_text("the token may not read")
    rest(page, moment(day, BLIND[1] + 30))
    expect(consul).to_be_hidden()


def test_an_hour_unwatched_is_a_gap(day: Day, shown: Open) -> None:
    page = shown(f"/map/{NAME}?span=24h&at={moment(day, sum(UNWATCHED) / 2)}")
    ready(page)
    rest(page, moment(day, sum(UNWATCHED) / 2))
    expect(page.locator("[data-replay-said]")).to_contain_text("Nothing was kept")
    expect(page.locator("main[data-gap]")).to_have_count(1)


def test_played_at_600_it_reaches_the_outage(day: Day, shown: Open) -> None:
    number, bad, begin, _ = FAILING
    page = shown(f"/map/{NAME}?span=24h&at={moment(day, begin - 12)}")
    ready(page)
    page.locator("[data-replay-speed]").select_option("600")
    page.locator("[data-replay-play]").click()
    line = page.locator(f"main [data-connection='{number}']").first
    expect(line).to_have_attribute("data-status", bad.value)
    page.keyboard.press("p")
    expect(page.locator("[data-replay-play]")).to_have_text("Play")


def test_two_moments_list_what_is_worse_and_lead_to_both(day: Day, shown: Open) -> None:
    number, _, begin, _ = FAILING
    then, bad = moment(day, begin - 5), moment(day, begin + 5)
    page = shown(f"/compare/{NAME}?at={bad}&with={then}")
    worse = page.locator("[data-how='worse'] [data-differs]")
    expect(worse).to_have_count(1)
    expect(worse).to_contain_text("ok → failing")
    worse.get_by_role("button").click()
    expect(page.locator(f"[data-connection='{number}'][data-found]")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("[data-found]")).to_have_count(0)
    links = page.get_by_role("link", name="Open on the map")
    addresses = links.evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert [one.split("?at=")[0] for one in addresses] == [f"/map/{NAME}"] * 2


def test_the_times_that_are_typed_are_the_readers_own(day: Day, shown: Open) -> None:
    page = shown(f"/compare/{NAME}", timezone_id="Asia/Kolkata")
    wanted = day.minute(600).replace(microsecond=0)
    local = wanted + timedelta(hours=5, minutes=30)
    page.locator("input[name='at']").fill(f"{local:%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Show").click()
    page.evaluate(until("location.search.includes('at=')"))
    assert str(instant(wanted)) in page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_the_slider_and_the_comparison_are_accessible(
    day: Day, shown: Open, theme: str, size: tuple[int, int]
) -> None:
    then = moment(day, FAILING[2] + 5)
    page = shown(f"/map/{NAME}?span=24h&at={then}", *size, color_scheme=theme)
    ready(page)
    page.locator("[data-replay-to]").first.wait_for()
    assert objections(page) == ""
    for path in (f"/compare/{NAME}", "/fleet", f"/wall/{NAME}"):
        other = shown(f"{path}?at={then}", *size, color_scheme=theme)
        found = Axe().run(other)
        assert found.violations_count == 0, found.generate_report()
