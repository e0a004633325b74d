"""The charts of the real demo: opened, marked, themed, alive, closed again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from benchmarks.page import until
from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(120)]

NUMBER = 4
LINES = "#charts .plot .scatterlayer .js-line"
DRAWN = until(f"document.querySelector('{LINES}')", 30_000)
COLOURS = f"""() => [...new Set([...document.querySelectorAll("{LINES}")]
    .map((line) => getComputedStyle(line).stroke))]"""
INK = """() => { const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "var(--ink)";
    const ink = getComputedStyle(probe).color;
    probe.remove();
    return ink; }"""
NEWEST = "Math.max(...document.querySelector('#charts .plot').data[0].x)"
NARROW = {"width": 390, "height": 844}


def opened(shown: MapPage, by: str = "[data-charts=all]") -> Locator:
    """The charts of a connection, opened with the keyboard, once one of them is drawn."""
    shown.choose(NUMBER)
    shown.page.locator(f"#panel {by}").focus()
    shown.page.keyboard.press("Enter")
    shown.page.evaluate(DRAWN)
    return shown.page.locator("#charts")


def test_their_script_is_loaded_when_the_first_is_opened_and_not_before(
    map_page: MapPage,
) -> None:
    asked: list[str] = []
    map_page.page.on("request", lambda request: asked.append(request.url))
    map_page.choose(NUMBER)
    map_page.page.locator("#panel .spark").first.wait_for()
    assert not any("plotly" in url for url in asked)
    opened(map_page)
    assert len([url for url in asked if "plotly" in url]) == 1


def test_a_line_of_the_panel_leads_to_its_chart_and_escape_back_to_it(
    map_page: MapPage,
) -> None:
    charts = opened(map_page, "[data-charts=error_ratio]")
    expect(charts.get_by_role("heading", level=2)).to_be_focused()
    expect(charts.locator("[data-chart=errors]")).to_be_in_viewport()
    map_page.page.keyboard.press("Escape")
    expect(charts).to_be_hidden()
    expect(map_page.page.locator("#panel [data-charts=error_ratio]")).to_be_focused()
    expect(map_page.page.locator("#panel h2")).to_be_visible()


def test_they_follow_the_choice_and_go_with_it(map_page: MapPage) -> None:
    charts = opened(map_page)
    map_page.connection(12).focus()
    map_page.page.keyboard.press("Enter")
    expect(charts.get_by_role("heading", level=2)).to_contain_text("12")
    map_page.page.keyboard.press("Escape")
    expect(charts).to_be_hidden()


def test_limits_units_and_an_incident_are_drawn(
    stage: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(stage)
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    shown.choose(17)
    shown.page.locator("#panel [data-charts=all]").click()
    charts = shown.page.locator("#charts")
    first = charts.locator("figure").first
    expect(
        first.locator(".annotation-text").filter(has_text="degraded at")
    ).to_be_visible()
    named = first.locator(".annotation-text").filter(
        has_text=re.compile(r"^\d{4}-\d\d-\d\d-")
    )
    expect(named.first).to_be_visible(timeout=30_000)
    expect(charts.locator(".marked li").last).to_contain_text("incident")
    expect(
        charts.locator(".ytick").filter(has_text=re.compile("ms|/s|%")).first
    ).to_be_visible()
    stage.end_faults()
    shown.wait_calm()


def test_another_theme_is_followed_at_once(map_page: MapPage) -> None:
    opened(map_page)
    before = map_page.page.evaluate(COLOURS)
    for theme in ("dark", "light"):
        map_page.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        ink = map_page.page.evaluate(INK)
        map_page.page.evaluate(until(f"({COLOURS})().includes(given)"), ink)
    assert map_page.page.evaluate(COLOURS) == before


def test_they_grow_with_time_in_place(map_page: MapPage) -> None:
    opened(map_page)
    map_page.page.evaluate(
        "window.testPlot = document.querySelector('#charts .main-svg')"
    )
    newest = map_page.page.evaluate(NEWEST)
    map_page.page.evaluate(until(f"{NEWEST} > given", 60_000), newest)
    assert map_page.page.evaluate("window.testPlot.isConnected")


def test_every_number_that_is_drawn_is_in_the_table(map_page: MapPage) -> None:
    charts = opened(map_page)
    charts.locator("summary").click()
    drawn = map_page.page.evaluate(
        "[...new Set([...document.querySelectorAll('#charts .plot')].flatMap((plot) => plot.data.flatMap("
        "(line) => line.x.filter((_, at) => line.y[at] !== null))))].length"
    )
    assert abs(charts.locator("tbody tr").count() - drawn) <= 1
    expect(charts.locator("thead th").nth(1)).to_contain_text("Latency")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, NARROW])
def test_they_are_accessible(
    stage: Stage, open_map: Callable[..., MapPage], theme: str, size: Any
) -> None:
    shown = open_map(stage, color_scheme=theme, viewport=size)
    charts = opened(shown)
    charts.locator("summary").click()
    assert objections(shown.page, "#charts") == ""
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_who_is_not_answered_is_told_and_can_ask_again(map_page: MapPage) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=500, body="{}")

    map_page.page.route(f"**/charts/{map_page.stage.deployment}/*", refuse)
    map_page.choose(NUMBER)
    map_page.page.locator("#panel [data-charts=all]").click()
    charts = map_page.page.locator("#charts")
    expect(charts.get_by_text("The server could not make the charts.")).to_be_visible()
    map_page.page.unroute_all()
    charts.get_by_role("button", name="Ask again").click()
    map_page.page.evaluate(DRAWN)
    map_page.forgive("Failed to load resource")


def test_a_copied_address_shows_them_too(
    map_page: MapPage, open_map: Callable[..., MapPage]
) -> None:
    opened(map_page, "[data-charts=request_rate]")
    address = map_page.page.url
    assert "charts=request_rate" in address
    shown = open_map(map_page.stage, address.removeprefix(map_page.stage.url))
    shown.page.evaluate(DRAWN)
    shown.page.keyboard.press("Escape")
    expect(shown.page.locator("#charts")).to_be_hidden()
    assert "charts" not in shown.page.url
