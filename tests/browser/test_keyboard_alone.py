"""An outage is worked from its first sign to its report, and no mouse is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Download, Page, expect

from benchmarks.page import ALL_DRAWN
from benchmarks.stage import Stage
from tests.browser.map_page import BAD, WITHIN_MS, MapPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
expect.set_options(timeout=WITHIN_MS)
MOST_STOPS = 25
"""How often one presses Tab before one asks for a mouse."""
FOCUSED = "selector => Boolean(document.activeElement?.matches(selector))"
NOTES = "#gws-notes"


def reach(page: Page, selector: str, key: str = "Tab") -> None:
    """Go from stop to stop until the focus is where it is wanted."""
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED, selector):
            return
    at = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
    raise AssertionError(f"{MOST_STOPS} stops and no {selector}; at {at}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def follow(shown: MapPage, selector: str, key: str = "Tab") -> None:
    """To the link, and by it to another page that is live."""
    reach(shown.page, selector, key)
    with shown.page.expect_navigation():
        press(shown.page, "Enter")
    shown.page.evaluate(ALL_DRAWN)


def kept(page: Page) -> Download:
    """What the browser keeps once Enter is pressed."""
    with page.expect_download() as coming:
        press(page, "Enter")
    return coming.value


@pytest.fixture
def outage(stage: Stage, open_map: Callable[..., MapPage]) -> Iterator[MapPage]:
    """Redis is down, and somebody looks; nothing that is said is left behind."""
    stage.end_faults()
    shown = open_map(stage)
    stage.inject("pod_crash", "redis")
    shown.wait_until("connection", [12, 18, 24, 25], *BAD)
    expect(shown.page.locator("[data-incident]")).to_be_visible()
    yield shown
    stage.end_faults()
    path = f"{stage.url}/api/v1/deployments/{stage.deployment}/notes"
    for note in stage.snapshot()["notes"]:
        requests.delete(f"{path}/{note['id']}?by={note['by']}", timeout=10)


def find(shown: MapPage) -> None:
    """What is failing, and why: from the suspect to a connection's explanation."""
    page, panel = shown.page, shown.page.locator("#panel")
    reach(page, ".suspects [data-goto-node=redis]")
    press(page, "Enter")
    expect(panel.get_by_role("heading", name="Redis")).to_be_visible()
    press(page, "2", "4", "Enter")
    shown.wait_focus(24)
    expect(panel.locator("[data-explains='24'] .aloud")).to_contain_text("failing")
    reach(page, ".explain summary")
    press(page, "Enter")
    expect(panel.locator(".decides")).to_contain_text("rule")
    press(page, "Escape")
    shown.wait_panel_closed()


def take_in_hand(shown: MapPage) -> None:
    page = shown.page
    reach(page, "[data-acknowledge]", "Shift+Tab")
    press(page, "Enter")
    page.keyboard.type("Ana")
    press(page, "Enter")
    expect(page.locator("[data-seen]")).to_contain_text("acknowledged by Ana")
    # The stream may tell it sooner than the answer does, which closes the question.
    expect(page.locator("dialog[open]")).to_have_count(0)


def note(shown: MapPage) -> None:
    page = shown.page
    press(page, "n")
    expect(page.locator(f"{NOTES} textarea")).to_be_focused()
    page.keyboard.type("one pod after another")
    press(page, "Control+Enter")
    expect(page.locator(f"{NOTES} [data-note]")).to_contain_text("one pod after")
    press(page, "Escape")


def hold(shown: MapPage) -> None:
    """Freeze; and back to the present."""
    held = shown.page.locator("main[data-frozen]")
    press(shown.page, "f")
    expect(held).to_have_count(1)
    press(shown.page, "f")
    expect(held).to_have_count(0)


def keep_picture(shown: MapPage) -> None:
    page = shown.page
    press(page, "s")
    reach(page, "[data-share=png]", "ArrowDown")
    assert kept(page).suggested_filename.endswith(".png")
    press(page, "Escape")


def keep_numbers(shown: MapPage) -> None:
    follow(shown, "nav a[href*='/connections/']", "Shift+Tab")
    reach(shown.page, "[data-csv]")
    assert kept(shown.page).suggested_filename.endswith(".csv")


def keep_report(shown: MapPage) -> None:
    page, stage = shown.page, shown.stage
    incident = stage.snapshot()["incident"]
    page.goto(f"{stage.url}/incident/{stage.deployment}/{incident}")
    reach(page, "a[href$='.pdf']")
    assert kept(page).suggested_filename.endswith(".pdf")


def test_what_fails_and_why_is_found_and_held(outage: MapPage) -> None:
    find(outage)
    hold(outage)


@pytest.mark.thorough
def test_an_outage_is_worked_to_its_report(outage: MapPage) -> None:
    find(outage)
    take_in_hand(outage)
    note(outage)
    hold(outage)
    keep_picture(outage)
    keep_numbers(outage)
    keep_report(outage)
