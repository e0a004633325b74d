"""axe-core finds nothing to object to, in either theme, whatever the page shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, THEMES, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("theme", THEMES),
]


def objections(page: Page, within: str | None = None) -> str:
    """What axe finds, in its own words; empty when there is nothing. `within`: a
    selector of the only part to look at."""
    page.locator("#panel").wait_for(state="attached")  # Dash has said "Loading..."
    found = Axe().run(page, within)
    return "" if found.violations_count == 0 else str(found.generate_report())


@pytest.mark.thorough  # as with a fault and the panel open
def test_the_map_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme)
    assert objections(shown.page) == ""


@pytest.mark.thorough
def test_the_map_in_high_contrast_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme, contrast="more")
    assert objections(shown.page) == ""


@pytest.mark.thorough
def test_the_map_with_only_trouble_shown_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    path = f"/map/{stage.deployment}?only=trouble&v=rate"
    shown = open_map(stage, path, color_scheme=theme)
    assert objections(shown.page) == ""


def test_the_map_with_a_fault_and_its_panel_open_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme)
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    shown.choose(17)
    assert objections(shown.page) == ""
    stage.end_faults()
    shown.wait_calm()


@pytest.mark.thorough
def test_what_opens_over_the_map_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme)
    stage.inject("consul_critical", "workspace")
    shown.wait_until("connection", [6], *BAD)
    shown.connection(6).locator(".badge").hover()
    shown.page.locator("#gws-card").wait_for(state="visible")
    assert objections(shown.page, "#gws-card") == ""
    shown.page.locator("[data-sources-button]").click()
    assert objections(shown.page, "header") == ""
    shown.page.keyboard.press("Escape")
    shown.page.keyboard.press("?")
    assert objections(shown.page, "dialog") == ""
    stage.end_faults()
    shown.wait_calm()


@pytest.mark.thorough
def test_the_list_of_connections_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    path = f"/connections/{stage.deployment}"
    shown = open_map(stage, path, color_scheme=theme)
    assert objections(shown.page) == ""


def test_the_narrow_form_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    narrow = {"width": 390, "height": 844}
    shown = open_map(stage, color_scheme=theme, viewport=narrow)
    assert objections(shown.page) == ""
