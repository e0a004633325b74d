"""Nothing moves by itself: not while a page loads, not while a fault comes and goes, not
when a source goes blind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage
from tests.browser.shifts import CALM, shifts, told, worst

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(180)]
PAGES = ("map", "connections")
SORTED = ".overview ul { visibility: hidden; }"
"""Chromium does not count what can't be seen. The list of what is not well is in the order
of gravity, so that its entries give way to a worse one; everything else stands still."""
ASKED = "?status=failing,degraded,ok&sort=status&columns=status,since,reason,data"


def assert_still(shown: MapPage) -> None:
    found = shifts(shown.page)
    assert worst(found) < CALM, told(found)


@pytest.mark.parametrize("page", [*PAGES, f"connections{ASKED}"])
def test_a_page_stands_still_while_it_loads(
    stage: Stage, open_map: Callable[..., MapPage], page: str
) -> None:
    name, _, asked = page.partition("?")
    shown = open_map(stage, f"/{name}/{stage.deployment}?{asked}")
    shown.page.locator("#panel").wait_for(state="attached")
    shown.wait_pictures(2)
    assert_still(shown)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [1440, 1920])
def test_a_fault_that_comes_and_goes_moves_nothing(
    stage: Stage, open_map: Callable[..., MapPage], page: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    shown = open_map(stage, f"/{page}/{stage.deployment}", viewport=size)
    shown.page.add_style_tag(content=SORTED)
    shown.wait_calm()
    stage.inject("pod_crash", "redis")
    shown.wait_until("connection", [12, 18, 24, 25], *BAD)
    stage.end_faults()
    shown.wait_calm()
    assert_still(shown)


@pytest.mark.parametrize("page", PAGES)
def test_a_blind_source_moves_nothing(
    stage: Stage, open_map: Callable[..., MapPage], page: str
) -> None:
    shown = open_map(stage, f"/{page}/{stage.deployment}")
    shown.page.add_style_tag(content=SORTED)
    shown.wait_calm()
    stage.inject("consul_down", "consul")
    banner = shown.page.locator('[data-blind="consul"]')
    banner.wait_for(state="visible")
    stage.end_faults()
    banner.wait_for(state="hidden")
    shown.wait_calm()
    assert_still(shown)
