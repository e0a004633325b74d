"""A TV and an operator, each with a browser: the code is typed, and the TV goes there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.page import ALL_DRAWN
from benchmarks.stage import Stage
from tests.browser.map_page import MapPage
from tests.browser.test_accessibility import Axe, objections

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(180)]
TV = {"width": 1920, "height": 1080}
FORM = "dialog[data-let-in-form]"


@pytest.fixture
def tv(browser: Browser, stage: Stage):
    """A browser of its own, at the address that stands in its manual."""
    context = browser.new_context(viewport=TV)
    page = context.new_page()
    page.goto(f"{stage.url}/wall")
    yield page
    context.close()


def code_on(tv: Page) -> str:
    expect(tv.locator("[data-code][data-shown]")).to_be_visible()
    return tv.locator("[data-code]").inner_text()


def test_a_tv_is_let_in_and_goes_to_its_wall_by_itself(
    stage: Stage, map_page: MapPage, tv: Page
) -> None:
    assert Axe().run(tv).violations_count == 0
    desk = map_page.page
    desk.get_by_role("button", name="Let a TV in").click()
    form = desk.locator(FORM)
    form.get_by_label("Code on the TV").fill("AAA AAA")
    expect(form.get_by_role("checkbox").first).to_be_checked()
    form.get_by_role("button", name="Let it in").click()
    expect(form.get_by_role("alert")).to_contain_text("no TV waits with this code")
    form.get_by_label("Code on the TV").fill(code_on(tv).lower())
    form.get_by_label("Theme").select_option("light")
    form.get_by_role("button", name="Let it in").click()
    expect(form.get_by_role("status")).to_contain_text("The TV was let in")
    tv.wait_for_url(f"{stage.url}/wall/{stage.deployment}?theme=light")
    tv.evaluate(ALL_DRAWN)
    assert "gws_wall" not in tv.evaluate("document.cookie")
    # It is known from now on: the address in its manual leads there without a code.
    tv.goto(f"{stage.url}/wall")
    tv.wait_for_url(f"{stage.url}/wall/{stage.deployment}?theme=light")
    map_page.forgive("404")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_is_accessible_and_closes_by_escape(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme)
    button = shown.page.get_by_role("button", name="Let a TV in")
    button.focus()
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_label("Code on the TV")).to_be_focused()
    assert objections(shown.page, FORM) == ""
    shown.page.keyboard.press("Escape")
    expect(shown.page.locator(FORM)).to_be_hidden()
    expect(button).to_be_focused()


def test_a_tv_that_waits_outlives_a_restart_with_a_new_code(
    stage: Stage, tv: Page
) -> None:
    before = code_on(tv)
    assert stage.server.stop() == 0
    stage.start_server()
    expect(tv.locator("[data-code]")).not_to_have_text(before, timeout=60_000)
    assert len(code_on(tv)) == 7
