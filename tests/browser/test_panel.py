"""The panel of the real demo: ages count on, and news never takes the reader's place."""

from __future__ import annotations

import re

import pytest

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
COUNTED = """[...window.testAges].some(([age, [at, text]]) =>
    age.isConnected && age.dataset.observedAt === at && age.textContent !== text)"""
"""An age of the same moment is told otherwise."""
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


def test_another_choice_is_read_from_its_beginning(map_page: MapPage) -> None:
    map_page.choose(17)
    assert map_page.page.evaluate(REMEMBER) > 0
    map_page.choose(12)
    map_page.page.locator("#panel").get_by_text("Data Collector").first.wait_for()
    assert map_page.page.evaluate(PLACE)[0] == 0
