"""The panel of the real demo: ages count on, and news never takes the reader's place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from benchmarks.page import until
from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
]
REMEMBER = """() => {
    const panel = document.querySelector("#panel");
    panel.querySelector(".close").focus();
    panel.scrollTop = 150;
    window.testAges = new Map([...panel.querySelectorAll("time[data-observed-at]")]
        .map((age) => [age, [age.dataset.observedAt, age.textContent]]));
    return panel.scrollTop; }"""
"""Go somewhere in the panel, and keep what its ages say; how far it is scrolled."""
COUNTED = """[...document.querySelectorAll("#panel time[data-observed-at]")].some((age) => {
    const [at, text] = window.testAges.get(age) || [];
    if (at === age.dataset.observedAt) return age.textContent !== text;
    window.testAges.set(age, [age.dataset.observedAt, age.textContent]);
    return false; })"""
"""An age of the same moment is told otherwise; the panel may have been drawn anew."""
PLACE = """() => [document.querySelector("#panel").scrollTop,
    document.activeElement.matches("#panel .close")]"""
UPDATED = re.compile("/_dash-update-component")


def test_an_age_counts_on_without_news(map_page: MapPage) -> None:
    map_page.choose(17)
    map_page.page.evaluate(REMEMBER)
    map_page.page.evaluate(until(COUNTED), None)


def test_the_regular_refresh_leaves_focus_and_scroll_alone(map_page: MapPage) -> None:
    map_page.choose(17)
    scrolled = map_page.page.evaluate(REMEMBER)
    assert scrolled > 0, "there is nothing to scroll"
    with map_page.page.expect_response(UPDATED, timeout=40_000) as answer:
        pass
    assert answer.value.ok
    map_page.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert map_page.page.evaluate(PLACE) == [scrolled, True]


@pytest.mark.thorough
def test_news_about_it_leaves_focus_and_scroll_alone(
    map_page: MapPage, stage: Stage
) -> None:
    map_page.choose(17)
    scrolled = map_page.page.evaluate(REMEMBER)
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    panel = map_page.page.locator("#panel")
    panel.get_by_text("no ready endpoint").first.wait_for()
    still, focused = map_page.page.evaluate(PLACE)
    assert focused
    assert still > 0, f"it was scrolled by {scrolled}"


@pytest.mark.thorough
def test_another_choice_is_read_from_its_beginning(map_page: MapPage) -> None:
    map_page.choose(17)
    assert map_page.page.evaluate(REMEMBER) > 0
    map_page.choose(12)
    map_page.page.locator("#panel").get_by_text("Data Collector").first.wait_for()
    assert map_page.page.evaluate(PLACE)[0] == 0


def test_the_first_line_can_be_read_aloud(map_page: MapPage, stage: Stage) -> None:
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    map_page.choose(17)
    line = map_page.page.locator("#panel .aloud")
    expect(line).to_have_text(re.compile(r"^failing for \d+ .+: .*no ready endpoint"))


@pytest.mark.thorough
def test_a_command_is_copied_and_says_so(map_page: MapPage) -> None:
    page = map_page.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-node='redis'][data-status]").first.focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Copy: Describe")
    width = button.bounding_box()
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    said = page.get_by_role("button", name="Copied").bounding_box()
    assert (width or {}).get("width") == (said or {}).get("width")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("kubectl --")
    assert " describe pods " in copied
    expect(button).to_be_visible()


@pytest.mark.thorough
def test_a_sheet_takes_the_focus_and_gives_it_back(
    stage: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(stage, viewport={"width": 390, "height": 844})
    shown.choose(17)
    expect(shown.page.locator("#panel h2")).to_be_focused()
    sheet = shown.page.locator("#panel").bounding_box()
    assert sheet is not None
    assert sheet["y"] + sheet["height"] == 844
    shown.page.locator("#panel .close").click()
    shown.wait_panel_closed()
    shown.wait_focus(17)


@pytest.mark.thorough
def test_a_slow_answer_is_told_and_shifts_nothing(map_page: MapPage) -> None:
    held: list[Route] | None = []

    def hold(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    map_page.choose(17)
    head = map_page.page.locator("#panel h2")
    before = head.bounding_box()
    map_page.page.route(UPDATED, hold)
    map_page.page.evaluate("document.dispatchEvent(new CustomEvent('gws-ask-again'))")
    expect(map_page.page.locator("#panel .asking")).to_have_text("Being asked for…")
    assert head.bounding_box() == before
    late, held = held, None
    for route in late:
        route.continue_()
    expect(map_page.page.locator("#panel .asking")).to_be_empty()


@pytest.mark.thorough
def test_no_answer_is_told_and_can_be_asked_for_again(map_page: MapPage) -> None:
    map_page.choose(17)
    map_page.page.route(UPDATED, lambda route: route.abort())
    map_page.connection(12).focus()
    map_page.page.keyboard.press("Enter")
    again = map_page.page.locator("#panel").get_by_role("button", name="Ask again")
    again.wait_for()
    expect(map_page.page.locator("#panel h2")).to_have_count(0)
    map_page.page.unroute(UPDATED)
    again.click()
    expect(map_page.page.locator("#panel h2")).to_contain_text("12")
    expect(again).to_have_count(0)
    map_page.forgive("Failed to load resource", "the server did not respond")
