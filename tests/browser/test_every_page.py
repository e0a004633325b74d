"""What holds of every page, in every theme and at every size: axe has nothing to object to,
no text is too small, nothing is cut off, nothing moves by itself, nothing blinks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from benchmarks.page import until
from benchmarks.stage import Stage, open_stage, wait_for
from tests.browser.shifts import CALM, shifts, told, worst
from tests.browser.test_wall import two_deployments

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(180)]
THEMES = ("light", "dark", "contrast")
SIZES = ((390, 844), (1920, 1080), (3840, 2160))
BROKEN = "document.querySelector('[data-connection=\"24\"][data-status=failing]')"
PANEL = "document.querySelector('#panel h2')"
CHART = "document.querySelector('#charts .plot .main-svg')"
PAGES = {
    "map": ("/map/{id}", BROKEN),
    "panel": ("/map/{id}?c=24", PANEL),
    "box": ("/map/{id}?node=redis", PANEL),
    "charts": ("/map/{id}?c=6&charts=all", CHART),
    "connections": ("/connections/{id}", BROKEN),
    "timeline": ("/timeline/{id}", "document.querySelector('[data-tl-tracks] i')"),
    "fleet": ("/fleet", "document.querySelector('[data-card][data-status=failing]')"),
    "wall": ("/wall/{id}?theme={theme}", BROKEN),
    "code": ("/wall", "document.querySelector('[data-code][data-shown]')"),
    "incident": ("/incident/{id}/{incident}", "document.querySelector('.printed')"),
    "debug": ("/debug", "document.querySelector('.debug details[open]')"),
    "no deployment": ("/map/nosuch", "document.querySelector('.plain')"),
    "no moment": ("/map/{id}?at=yesterday", "document.querySelector('.plain')"),
    "no picture": ("/map/{id}?at=2020-01-01T00:00:00Z", "document.querySelector('.plain')"),
    "no incident": ("/incident/{id}/2020-01-01-0000-none", "document.querySelector('.plain')"),
    "no page": ("/nosuch", "document.querySelector('.plain')"),
}  # fmt: skip
"""Each with what holds once it is there."""
LEAST_PX = 12
SMALL = """least => [...document.body.querySelectorAll("*")]
    .filter(element => !element.closest("template, script, style, noscript, .unseen, [aria-hidden=true]")
        && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        && element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map(element => [parseFloat(getComputedStyle(element).fontSize) * (element.getScreenCTM?.()?.a ?? 1), element])
    .filter(([size]) => size < least - 0.05)
    .map(([size, element]) => `${size.toFixed(1)} px: ${element.outerHTML.slice(0, 90)}`)"""
WIDER = "document.documentElement.scrollWidth - innerWidth"
ENDLESS = """document.getAnimations().filter(one => one.effect.getTiming().iterations > 3)
    .map(one => `${one.animationName}: ${one.effect.target.outerHTML.slice(0, 90)}`)"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two deployments in which Redis is down for as long as it takes."""
    with open_stage(tmp_path_factory.mktemp("pages"), two_deployments) as stage:
        stage.inject("pod_crash", "redis")
        wait_for("an incident", lambda: bool(stage.snapshot()["incident"]))
        yield stage


@pytest.fixture
def shown(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def visit(page: Page, stage: Stage, name: str, theme: str) -> None:
    """The page in that theme, once there is what it is for."""
    path, there = PAGES[name]
    incident = stage.snapshot()["incident"]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.add_init_script(f"localStorage.setItem('gws-theme', '{theme}')")
    asked = path.format(id=stage.deployment, incident=incident, theme=theme)
    page.goto(f"{stage.url}{asked}")
    page.evaluate(until(there))


EVERY = list(itertools.product(PAGES, THEMES, SIZES))


@pytest.mark.parametrize(
    ("name", "theme", "size"), EVERY, ids=[f"{n}-{t}-{s[0]}" for n, t, s in EVERY]
)
def test_a_page_is_fit_to_be_looked_at(
    stage: Stage, shown: Page, name: str, theme: str, size: tuple[int, int]
) -> None:
    shown.set_viewport_size({"width": size[0], "height": size[1]})
    visit(shown, stage, name, theme)
    moved = shifts(shown)
    assert worst(moved) < CALM, told(moved)
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    assert shown.evaluate(SMALL, LEAST_PX) == []
    assert shown.evaluate(WIDER) <= 0
    assert shown.evaluate(ENDLESS) == []
