"""Witnesses on the map of the real demo: quiet while all is well, plain when they differ."""

from __future__ import annotations

import pytest

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
]


def marks(map_page: MapPage, number: int) -> dict[str, str]:
    """What the marks that are drawn at a connection say, by initial."""
    cells = map_page.connection(number).locator(".witnesses > g:visible")
    return {
        cell.inner_html().split("</text>")[0][-1]: cell.get_attribute("data-status")
        or ""
        for cell in cells.all()
    }


def test_no_mark_is_drawn_while_all_is_well(map_page: MapPage) -> None:
    drawn = map_page.page.locator("main .witnesses:visible, main .at-odds:visible")
    assert drawn.count() == 0


@pytest.mark.thorough
def test_a_disagreement_is_seen_at_the_badge_and_told(
    map_page: MapPage, stage: Stage
) -> None:
    stage.inject("consul_critical", "workspace")
    map_page.wait_until("connection", [6], *BAD)
    map_page.connection(6).locator(".at-odds:visible").wait_for()
    assert marks(map_page, 6) == {"K": "ok", "C": "failing", "T": "ok", "P": "ok"}
    assert "witnesses disagree" in map_page.label(6)

    stage.end_faults()
    map_page.wait_calm()
    map_page.connection(6).locator(".at-odds").wait_for(state="hidden")


@pytest.mark.thorough
def test_an_old_word_is_marked_though_nothing_turns(
    map_page: MapPage, stage: Stage
) -> None:
    stage.inject("consul_acl_denied", "consul")
    map_page.connection(17).locator(".witnesses:visible").wait_for(timeout=60_000)
    said = marks(map_page, 17)
    assert said["C"] == "stale"
    assert {said[name] for name in "KP"} == {"ok"}
    assert map_page.bad() == set()
