"""Why this colour? Asked in the real demo, by keyboard: rules, limits, facts, news."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from benchmarks.page import until
from benchmarks.stage import Stage
from tests.browser.map_page import BAD, THEMES, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
EXPLAIN = "**/explain"
FAILED = "Failed to load resource"
"""What the console says of an answer that is an error."""

PLACE = """() => {
    const panel = document.querySelector("#panel");
    return [Math.round(document.querySelector("[data-marked]").getBoundingClientRect().top),
        document.activeElement.textContent, getSelection().toString(), panel.scrollTop > 0]; }"""
MARK = """() => {
    const place = document.querySelector("[data-explain] .decides span");
    place.dataset.marked = "";
    document.querySelector("[data-explain]").scrollIntoView({ block: "start" });
    getSelection().selectAllChildren(place);
    window.testAnswers = performance.getEntriesByType("resource").length; }"""
ASKED_AGAIN = """performance.getEntriesByType("resource").slice(window.testAnswers)
    .filter(({ name, responseEnd }) => name.endsWith("/explain") && responseEnd).length >= 2"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


def opened(shown: MapPage, number: int) -> Locator:
    """The explanation, opened with the keyboard alone."""
    shown.choose(number)
    fold = shown.page.locator(f"[data-explain='{number}']")
    fold.locator("summary").focus()
    shown.page.keyboard.press("Enter")
    return fold


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "size",
    [
        pytest.param(WIDE, id="wide"),
        pytest.param(NARROW, id="narrow", marks=pytest.mark.thorough),
    ],
)
def test_it_tells_the_rule_that_decides_the_limits_and_each_fact(
    stage: Stage, open_map: Callable[..., MapPage], theme: str, size: Any
) -> None:
    shown = open_map(stage, color_scheme=theme, viewport=size)
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    fold = opened(shown, 17)
    expect(fold).to_contain_text("no ready endpoint")
    expect(fold.locator(".decides")).to_contain_text("which colours at once")
    for title in ("Held against its limits", "What would change it", "About Voicemail"):
        expect(fold.get_by_role("heading", name=title)).to_be_visible()
    expect(fold.get_by_text("degraded at 1 s, failing at 5 s")).to_be_visible()
    assert fold.locator(".fact time[data-observed-at]").count() > 10
    first = fold.locator("p").first
    expect(first).to_have_class("decides")
    assert objections(shown.page, "#panel") == ""
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    stage.end_faults()
    shown.wait_calm()
    expect(fold.locator(".decides")).to_contain_text("no rule objects")


@pytest.mark.thorough
def test_news_leaves_focus_scroll_and_marked_text_alone(map_page: MapPage) -> None:
    fold = opened(map_page, 17)
    expect(fold.locator(".decides")).to_be_visible()
    map_page.page.evaluate(MARK)
    before = map_page.page.evaluate(PLACE)
    assert before[1:] == ["Why this colour?", before[2], True]
    assert before[2]
    map_page.page.evaluate(until(ASKED_AGAIN, 15_000), None)
    map_page.page.evaluate(PAINTED)
    assert map_page.page.evaluate(PLACE) == before


@pytest.mark.thorough
def test_what_cannot_be_told_is_said_and_asked_again(map_page: MapPage) -> None:
    page = map_page.page
    page.route(EXPLAIN, lambda route: route.fulfill(status=503, json={}))
    fold = opened(map_page, 17)
    expect(fold.get_by_role("status")).to_contain_text("Nothing was judged yet")
    cut(page, lambda route: route.abort())
    expect(fold.get_by_role("status")).to_contain_text("does not answer")
    page.unroute(EXPLAIN)
    expect(fold.locator(".decides")).to_contain_text("no rule objects")
    expect(fold.get_by_role("status")).to_have_count(0)
    cut(page, lambda route: route.fulfill(status=404, json={}))
    expect(fold.get_by_role("status")).to_contain_text("has no such connection")
    expect(fold.locator(".decides")).to_be_visible()  # what was told stays
    map_page.forgive(FAILED)


def cut(page: Any, answer: Callable[[Route], None]) -> None:
    page.unroute(EXPLAIN)
    page.route(EXPLAIN, answer)
