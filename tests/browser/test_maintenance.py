"""Maintenance by the form of the panel: begun, shown, ended; by keyboard, and for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from benchmarks.stage import Stage
from tests.browser.map_page import THEMES, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
]
FORM = "dialog[data-maintain-form]"


def open_form(map_page: MapPage) -> Locator:
    """The form for connection 17, by the button of its panel."""
    map_page.choose(17)
    map_page.page.get_by_role("button", name="Maintenance…").click()
    return map_page.page.locator(FORM)


def fill(form: Locator) -> None:
    """All but until when."""
    form.get_by_label("Why").fill("new switch")
    form.get_by_label("Your name").fill("Jane")


def test_an_hour_on_17_is_begun_and_ended_by_the_form(map_page: MapPage) -> None:
    page, form = map_page.page, open_form(map_page)
    fill(form)
    form.get_by_label("1 hour").check()
    form.get_by_role("button", name="Begin maintenance").click()
    form.wait_for(state="hidden")
    map_page.wait_until("connection", [17], "maintenance")
    assert "by Jane: new switch" in map_page.label(17)
    assert "maintenance" not in map_page.statuses("node").values()

    page.get_by_role("button", name="End maintenance").click()
    assert form.get_by_label("Your name").input_value() == "Jane"
    assert "by Jane: new switch" in (form.text_content() or "")
    form.get_by_role("button", name="End maintenance").click()
    form.wait_for(state="hidden")
    map_page.wait_until("connection", [17], "ok", "idle")
    page.locator("#panel [data-maintain-end]").wait_for(state="detached")


@pytest.mark.thorough
def test_escape_closes_the_form_before_the_panel(map_page: MapPage) -> None:
    page = map_page.page
    map_page.choose(17)
    button = page.get_by_role("button", name="Maintenance…")
    button.focus()
    page.keyboard.press("Enter")
    form = page.locator(FORM)
    form.wait_for(state="visible")
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    form.wait_for(state="hidden")
    assert page.locator("#panel h2").is_visible()
    assert button.evaluate("button => button === document.activeElement")
    page.keyboard.press("Escape")
    map_page.wait_panel_closed()
    map_page.wait_focus(17)


@pytest.mark.thorough
def test_what_the_server_refuses_is_told_in_the_form(map_page: MapPage) -> None:
    form = open_form(map_page)
    fill(form)
    form.locator("[name=until]").fill("2020-01-01T00:00")
    form.get_by_role("button", name="Begin maintenance").click()
    form.get_by_role("alert").get_by_text("the end must lie ahead").wait_for()
    map_page.forgive("422")
    assert map_page.statuses()["17"] != "maintenance"


@pytest.mark.parametrize("theme", THEMES)
def test_the_form_is_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme)
    open_form(shown)
    assert objections(shown.page, FORM) == ""
    shown.page.keyboard.press("Escape")
    assert objections(shown.page) == ""
