"""The table on the running dashboard: search, CSV, keys, and every face accessible."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from benchmarks.stage import Stage, wait_for
from tests.browser.map_page import BAD, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(180)]
TELEPHONE = {"width": 390, "height": 844}
EVERYTHING = "number,ends,status,since,reason,witnesses,protocol,request_rate,data,classification"
STILL = ("number", "from", "to", "status", "protocol", "port", "data", "classification")
"""What does not differ between two moments in which all is well."""

OpenTable = Callable[..., MapPage]


@pytest.fixture
def open_table(stage: Stage, open_map: Callable[..., MapPage]) -> OpenTable:
    def make(asked: str = "", **context: Any) -> MapPage:
        shown = open_map(stage, f"/connections/{stage.deployment}{asked}", **context)
        shown.wait_calm()
        return shown

    return make


def row(shown: MapPage, number: int) -> Locator:
    return shown.page.locator(f"tr[data-connection='{number}']")


def numbers(shown: MapPage) -> list[int]:
    rows = shown.page.locator("tr[data-connection]:not([hidden])")
    told = rows.evaluate_all("all => all.map(row => Number(row.dataset.connection))")
    return [int(number) for number in told]


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_is_failing_and_why_is_found_on_the_table_by_keys_alone(
    stage: Stage, open_table: OpenTable
) -> None:
    shown = open_table()
    keyboard = shown.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Enter")  # the way past the header
    expect(shown.page.locator("main")).to_be_focused()
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    keyboard.press("t")
    expect(row(shown, 17)).to_be_visible()
    assert 17 in numbers(shown)
    assert len(numbers(shown)) < 31
    keyboard.type("17")
    keyboard.press("Enter")
    shown.wait_focus(17)
    panel = shown.page.locator("#panel")
    expect(panel.locator(".aloud")).to_be_visible()
    assert (
        shown.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        == "solid"
    )
    stage.end_faults()
    shown.wait_calm()
    shown.wait_focus(17)
    keyboard.press("Escape")
    shown.wait_panel_closed()
    shown.wait_focus(17)


def test_what_is_failing_and_why_is_found_on_the_map_by_keys_alone(
    stage: Stage, map_page: MapPage
) -> None:
    keyboard = map_page.page.keyboard
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    way = map_page.page.locator("[data-mirror='17'] button")
    expect(way).to_be_visible()
    keyboard.press("Tab")
    skip = map_page.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keyboard.press("Enter")
    for _ in range(12):  # the picture, its zoom, then what is not well
        keyboard.press("Tab")
        if map_page.page.evaluate("document.activeElement.dataset.goto === '17'"):
            break
    expect(way).to_be_focused()
    keyboard.press("Enter")
    map_page.wait_focus(17)
    expect(map_page.page.locator("#panel")).to_contain_text("voicemail")
    keyboard.press("Escape")
    map_page.wait_panel_closed()
    map_page.wait_focus(17)


def test_the_download_and_the_api_say_the_same(
    stage: Stage, open_table: OpenTable
) -> None:
    shown = open_table(f"?columns={EVERYTHING}")
    button = shown.page.locator("[data-csv]")
    expect(button).to_be_enabled()
    with shown.page.expect_download() as told:
        button.click()
    mine = read(Path(told.value.path()).read_bytes().decode())
    path = f"/api/v1/deployments/{stage.deployment}/connections.csv"
    answer = stage.get(f"{path}?columns={EVERYTHING}")
    theirs = read(answer.text)
    assert list(mine[0]) == list(theirs[0])
    still = [[[row[name] for name in STILL] for row in rows] for rows in (mine, theirs)]
    assert still[0] == still[1]


def test_news_of_a_fault_finds_its_way_into_a_search(
    stage: Stage, open_table: OpenTable
) -> None:
    shown = open_table("?status=failing,degraded")
    expect(shown.page.locator("[data-none-match]")).to_be_visible()
    stage.inject("pod_not_ready", "voicemail")
    expect(row(shown, 17)).to_be_visible(timeout=15_000)
    expect(shown.page.locator("[data-tally]")).to_contain_text("of 31 shown")
    stage.end_faults()
    shown.wait_calm()
    expect(shown.page.locator("[data-none-match]")).to_be_visible(timeout=15_000)


def test_numbers_say_how_old_they_are_when_the_server_is_lost(
    stage: Stage, open_table: OpenTable
) -> None:
    shown = open_table()
    measured = shown.page.locator("tr[data-connection] [data-age-of=measured] time")
    wait_for("a number with its age", lambda: measured.count() > 5)
    shown.page.context.set_offline(True)
    assert stage.server.stop() == 0
    expect(shown.page.locator("[data-lost]")).to_be_visible(timeout=20_000)
    old = shown.page.locator("tr[data-old] .old-age:not(:empty)")
    expect(old.first).to_be_visible(timeout=20_000)
    shown.page.context.set_offline(False)
    stage.start_server()
    expect(shown.page.locator("[data-lost]")).to_be_hidden(timeout=30_000)
    expect(shown.page.locator("tr[data-old]")).to_have_count(0, timeout=30_000)
    shown.forgive("ERR_", "the server did not respond")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "asked", ["", "?q=nothing+like+it", "?status=ok&sort=-status&columns=status,data"]
)
def test_every_face_is_accessible(
    open_table: OpenTable, theme: str, asked: str
) -> None:
    shown = open_table(asked, color_scheme=theme)
    shown.page.locator("[data-columns] summary").click()
    assert objections(shown.page) == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_table_with_a_fault_is_accessible(
    stage: Stage, open_table: OpenTable, theme: str
) -> None:
    shown = open_table("?sort=status", color_scheme=theme)
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    shown.choose(17)
    assert objections(shown.page) == ""
    stage.end_faults()
    shown.wait_calm()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_telephone_it_is_cards_with_the_same_tools(
    open_table: OpenTable, theme: str
) -> None:
    shown = open_table(viewport=TELEPHONE, color_scheme=theme)
    width = "document.documentElement.scrollWidth"
    assert shown.page.evaluate(width) <= TELEPHONE["width"]
    shown.page.locator("input[name=q]").fill("voicemail")
    assert numbers(shown) == [17]
    expect(row(shown, 17).locator("[data-column=witnesses]")).to_be_visible()
    assert objections(shown.page) == ""


def test_nothing_is_written_smaller_than_twelve_pixels(open_table: OpenTable) -> None:
    shown = open_table()
    small = """() => [...document.querySelectorAll("body *")].filter(el =>
        [...el.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
        && el.getClientRects().length && parseFloat(getComputedStyle(el).fontSize) < 12
    ).map(el => el.outerHTML)"""
    assert shown.page.evaluate(small) == []
