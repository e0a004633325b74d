"""A fault colours the picture; it must not move it under the eyes of those who look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

OBSERVED = """() => {
    window.gwsSizes = new Set();
    new ResizeObserver(([{ target }]) => {
        const { x, y, width, height } = target.getBoundingClientRect();
        window.gwsSizes.add([x, y, width, height].join(" "));
    }).observe(document.querySelector("svg.picture"));
}"""
SIZES = "() => [...window.gwsSizes]"


@pytest.mark.parametrize(
    "width",
    [*(pytest.param(one, marks=pytest.mark.thorough) for one in (1280, 1440)), 1920],
)
def test_an_outage_of_many_connections_moves_nothing(
    stage: Stage, open_map: Callable[..., MapPage], width: int
) -> None:
    shown = open_map(stage, viewport={"width": width, "height": 900})
    shown.page.evaluate(OBSERVED)
    stage.inject("pod_crash", "redis")
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [12, 17, 18, 24, 25], *BAD)
    expect(shown.page.locator("[data-incident]")).to_be_visible()
    stage.end_faults()
    shown.wait_calm()
    assert len(shown.page.evaluate(SIZES)) == 1
