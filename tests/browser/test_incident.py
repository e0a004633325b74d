"""An outage of the simulated deployment is one incident on the page, and ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, THEMES, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize("theme", THEMES)
def test_an_outage_is_one_incident_that_everybody_can_read(
    stage: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    shown = open_map(stage, color_scheme=theme)
    place = shown.page.locator("[data-incident]")
    stage.inject("pod_crash", "redis")
    shown.wait_until("connection", [12, 18, 24, 25], *BAD)
    expect(place).to_be_visible()
    name = place.get_attribute("data-incident")
    place.locator("summary").click()
    for number in (12, 18, 24, 25):
        expect(place.locator(f"[data-goto='{number}']")).to_be_visible()
    assert objections(shown.page) == ""
    stage.end_faults()
    shown.wait_calm()
    expect(place).to_be_hidden()
    assert place.get_attribute("data-incident") == name
