"""On a telephone the same truth is a list, and nothing needs sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
]
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def narrow(stage: Stage, open_map: Callable[..., MapPage]) -> MapPage:
    return open_map(stage, viewport=TELEPHONE)


def test_nothing_is_wider_than_the_screen(narrow: MapPage) -> None:
    width = narrow.page.evaluate("document.documentElement.scrollWidth")
    assert width <= TELEPHONE["width"]


def test_every_connection_is_there_with_its_status(narrow: MapPage) -> None:
    assert {int(number) for number in narrow.statuses()} == set(range(1, 32))


@pytest.mark.thorough
def test_the_names_stand_in_one_line_and_numbers_are_left_to_the_wide_form(
    narrow: MapPage,
) -> None:
    left = """column => [...new Set([...document.querySelectorAll(
        `tbody [data-column="${column}"]`)].filter(e => e.offsetParent)
        .map(e => Math.round(e.getBoundingClientRect().left)))]"""
    assert len(narrow.page.evaluate(left, "ends")) == 1
    assert narrow.page.evaluate(left, "latency_mean_ms") == []


@pytest.mark.thorough
def test_a_fault_shows_there_too(narrow: MapPage, stage: Stage) -> None:
    stage.inject("pod_not_ready", "voicemail")
    narrow.wait_until("connection", [17], *BAD)
    assert narrow.connection(17).is_visible()
    stage.end_faults()
    narrow.wait_calm()
