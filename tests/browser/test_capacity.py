"""The capacity review in a browser: the lens on the map, the page, and what moves."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import objections
from tests.web.conftest import NOW, Live, picture, start
from tests.web.grown import Grown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
LONG_MS = 60_000
PLACES = "[...document.querySelectorAll('g[data-node] .body')].map(e => JSON.stringify(e.getBoundingClientRect()))"


@pytest.fixture(scope="module")
def reviewed() -> Iterator[Live]:
    """A deployment with a hundred days behind it."""
    for live in start("demo"):
        live.kept.grown = Grown(NOW - timedelta(days=100), growth=0.3)
        live.bus.publish(picture(), None)
        live.past.note(picture(), None)
        yield live


@pytest.fixture
def open_page(browser: Browser, reviewed: Live) -> Iterator[Any]:
    """Pages whose console stays clean."""
    said: list[str] = []
    pages: list[Page] = []

    def make(path: str, **context: Any) -> Page:
        context.setdefault("viewport", {"width": 1440, "height": 900})
        page = browser.new_context(**context).new_page()
        page.on(
            "console",
            lambda one: said.append(one.text) if one.type == "error" else None,
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(reviewed.url + path)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.context.close()
    assert said == []


def test_the_lens_says_load_headroom_and_days_where_everything_stands(
    open_page: Any,
) -> None:
    page = open_page("/map/demo")
    line = page.locator("g[data-connection='17']")
    expect(line).to_be_visible()
    before = page.evaluate(PLACES)
    page.keyboard.press("c")
    expect(line).to_have_attribute("data-fill", "free", timeout=LONG_MS)
    assert page.evaluate(PLACES) == before
    expect(line).to_have_attribute("data-load", "4")
    expect(line).to_have_attribute("aria-label", re.compile("capacity: p95"))
    assert "d" in line.locator("[data-part='value']").text_content()
    expect(page.locator(".lens-legend")).to_be_visible()
    assert page.url.endswith("?lens=capacity")
    # Statuses are still there: in the signs.
    expect(line.locator("use").first).to_have_attribute(
        "href", re.compile("#gws-sign-")
    )
    page.keyboard.press("c")
    expect(line).not_to_have_attribute("data-fill", "free")
    expect(page.locator(".lens-legend")).to_be_hidden()
    assert "lens" not in page.url
    assert page.evaluate(PLACES) == before


@pytest.mark.thorough
def test_the_page_shows_that_it_is_reckoning_and_then_the_review(
    open_page: Any,
) -> None:
    page = open_page("/capacity/demo?span=90d&agents=41")
    expect(page.locator(".cap-both")).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".plot .main-svg").first).to_be_visible(timeout=LONG_MS)
    assert page.locator("[data-cap-row]").count() == 54


@pytest.mark.thorough
def test_scripts_that_cannot_be_had_keep_nobody_waiting(
    browser: Browser, reviewed: Live
) -> None:
    """Those of Dash are the last ones; the review needs none of them."""
    page = browser.new_page()
    asked: list[str] = []
    page.route(
        "**/_dash-component-suites/**",
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    page.goto(f"{reviewed.url}/capacity/demo?span=90d")
    expect(page.locator(".cap-both")).to_be_visible(timeout=LONG_MS)
    assert asked
    page.close()


@pytest.mark.thorough
def test_a_choice_changes_the_address_and_the_page(open_page: Any) -> None:
    page = open_page("/capacity/demo")
    expect(page.locator(".cap-both")).to_be_visible(timeout=LONG_MS)
    page.get_by_label("Span").select_option("90d")
    expect(page.locator(".cap-span")).to_contain_text("2026-08-26", timeout=LONG_MS)
    assert "span=90d" in page.url
    page.locator("[data-cap-row='17'] a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-cap-subject='17']")).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".cap-detail")).to_be_focused()
    assert "c=17" in page.url
    page.reload()
    expect(page.locator("[data-cap-subject='17']")).to_be_visible(timeout=LONG_MS)
    page.get_by_label("Span").select_option("own")
    expect(page.locator("[name='from']")).to_be_focused()


def downloaded(page: Page, form: str) -> Path:
    link = page.locator(f".cap-files a[href*='capacity.{form}']")
    with page.expect_download(timeout=LONG_MS) as download:
        link.click()
    assert download.value.suggested_filename.endswith(f".{form}")
    return Path(download.value.path())


@pytest.mark.thorough
def test_the_report_that_the_page_hands_out_says_what_the_page_says(
    open_page: Any,
) -> None:
    page = open_page("/capacity/demo?span=90d")
    row = page.locator("[data-cap-row='17'] td.number")
    expect(row.first).to_be_visible(timeout=LONG_MS)
    shown = set(row.all_inner_texts())
    with downloaded(page, "csv").open(encoding="utf-8") as file:
        told = {one["text"] for one in csv.DictReader(file) if one["subject"] == "17"}
    assert shown <= told
    pages = pypdf.PdfReader(downloaded(page, "pdf")).pages
    printed = " ".join(" ".join(one.extract_text() for one in pages).split())
    assert all(text in printed for text in shown)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_nothing_is_to_be_objected_to(
    open_page: Any, scheme: str, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    page = open_page("/capacity/demo?span=90d", viewport=viewport, color_scheme=scheme)
    expect(page.locator(".plot .main-svg").first).to_be_visible(timeout=LONG_MS)
    assert objections(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page = open_page("/map/demo?lens=capacity", viewport=viewport, color_scheme=scheme)
    expect(page.locator("html[data-lens-drawn]")).to_be_attached(timeout=LONG_MS)
    assert objections(page) == ""
