"""Freeze, go back, and hand a moment to somebody else, on the real thing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(180)]


def frozen_at(shown: MapPage) -> str:
    return str(shown.page.locator("main").get_attribute("data-frozen"))


def test_a_frozen_page_stays_well_while_a_fault_happens(
    map_page: MapPage, open_map: Callable[..., MapPage], stage: Stage
) -> None:
    map_page.page.keyboard.press("f")
    seen = map_page.statuses()
    stage.inject("pod_not_ready", "voicemail")
    live = open_map(stage)
    live.wait_until("connection", [17], *BAD)
    turned = map_page.page.locator("[data-turned]")
    turned.filter(has_text="17").wait_for()
    assert map_page.statuses() == seen
    map_page.page.keyboard.press("f")
    map_page.wait_until("connection", [17], *BAD)


def test_a_link_to_a_moment_shows_somebody_else_the_same(
    map_page: MapPage, open_map: Callable[..., MapPage], stage: Stage
) -> None:
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    map_page.page.keyboard.press("f")
    seen = {of: map_page.statuses(of) for of in ("connection", "node", "source")}
    values = map_page.page.locator(".picture .value").all_inner_texts()
    path = map_page.page.url.removeprefix(stage.url)
    stage.end_faults()
    other = open_map(stage, path)
    assert frozen_at(other) == frozen_at(map_page)
    assert {of: other.statuses(of) for of in seen} == seen
    assert other.page.locator(".picture .value").all_inner_texts() == values
    other.page.keyboard.press("Escape")
    other.wait_calm()


def test_the_panel_is_of_the_moment(map_page: MapPage, stage: Stage) -> None:
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    map_page.choose(17)
    map_page.page.locator("[data-freeze]").click()
    panel = map_page.page.locator("#panel")
    panel.get_by_text("Why this colour?").click()
    panel.get_by_text("Rules and facts of the past are not kept").wait_for()
    assert panel.locator("[data-maintain]").count() == 0
    stage.end_faults()
    map_page.page.locator("[data-turned]").wait_for(state="attached")
    assert panel.locator(".aloud").first.inner_text().split()[0] in BAD
    map_page.page.get_by_role("button", name="Back to live").click()
    panel.locator("[data-maintain]").wait_for()


def test_stepping_back_finds_the_fault_that_is_over(
    map_page: MapPage, stage: Stage
) -> None:
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    stage.end_faults()
    map_page.wait_calm()
    for _step in range(40):
        before = frozen_at(map_page)
        map_page.page.keyboard.press("[")
        map_page._wait(
            "document.querySelector('main').dataset.frozen !== given", before
        )
        if 17 in map_page.bad():
            break
    assert 17 in map_page.bad()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_what_is_frozen_and_the_menu_are_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    shown = open_map(stage, color_scheme=theme, viewport=viewport)
    shown.page.keyboard.press("f")
    shown.page.locator("[data-frozen-bar]").wait_for()
    assert objections(shown.page) == ""
    shown.page.keyboard.press("s")
    shown.page.locator("#gws-share-menu").wait_for()
    assert objections(shown.page) == ""
