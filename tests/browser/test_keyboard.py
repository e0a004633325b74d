"""Everything can be reached, opened and closed without a mouse."""

from __future__ import annotations

import pytest

from tests.browser.map_page import MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
]


def press(map_page: MapPage, *keys: str) -> None:
    for key in keys:
        map_page.page.keyboard.press(key)


def test_a_number_and_enter_lead_to_that_connection(map_page: MapPage) -> None:
    press(map_page, "1", "7", "Enter")
    map_page.wait_focus(17)


def test_the_arrows_walk_the_connections_in_number_order(map_page: MapPage) -> None:
    press(map_page, "9", "Enter")
    map_page.wait_focus(9)
    press(map_page, "Escape", "ArrowRight")
    map_page.wait_focus(10)
    press(map_page, "ArrowLeft", "ArrowLeft")
    map_page.wait_focus(8)


def test_the_map_is_one_tab_stop(map_page: MapPage) -> None:
    stops = map_page.page.locator("main [data-connection][tabindex='0']")
    assert stops.count() == 1


def test_enter_opens_the_details_and_escape_closes_them(map_page: MapPage) -> None:
    press(map_page, "1", "7", "Enter")
    map_page.wait_focus(17)
    map_page.choose(17)
    press(map_page, "Escape")
    map_page.wait_panel_closed()
    map_page.wait_focus(17)


def test_the_question_mark_shows_and_hides_the_keys(map_page: MapPage) -> None:
    keys = map_page.page.locator("dialog[data-keys]")
    press(map_page, "?")
    keys.wait_for(state="visible")
    press(map_page, "Escape")
    keys.wait_for(state="hidden")


def test_a_screen_reader_hears_number_ends_status_since_and_reason(
    map_page: MapPage,
) -> None:
    label = map_page.label(17)
    for part in ("17", "Workspace", "Voicemail", "ok", "since"):
        assert part in label
