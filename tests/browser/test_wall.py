"""The wall in a real browser: legible, true, and back by itself whatever was cut."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from benchmarks.page import until
from benchmarks.stage import Json, Stage, open_stage
from tests.browser.conftest import quick
from tests.browser.map_page import BAD, MapPage
from tests.browser.test_accessibility import Axe

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(240)]
SCREENS = [(1920, 1080), (3840, 2160)]
MUST, MAY = 0.023, 0.014
"""Shares of the screen's height: capitals of what must be read, and of all text."""
MEASURED = """selectors => {
    const paint = document.createElement("canvas").getContext("2d");
    const high = element => {
        const style = getComputedStyle(element), matrix = element.getScreenCTM?.();
        paint.font = `${style.fontWeight} 1000px ${style.fontFamily}`;
        const capitals = paint.measureText("H").actualBoundingBoxAscent / 1000;
        return capitals * parseFloat(style.fontSize) * (matrix ? matrix.a : 1) / innerHeight;
    };
    return selectors.flatMap(selector => [...document.querySelectorAll(selector)]
        .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .filter(element => element.checkVisibility() && !element.closest(".unseen"))
        .map(element => [selector, element.textContent.trim().slice(0, 30), high(element)]));
}"""
MUST_BE_READ = [
    ".headline strong", ".headline time", ".suspect", "[data-part=opened]", ".wall-clock time",
    ".wall-age", ".wall-worst .number", ".wall-worst strong", ".wall-picture .number",
]  # fmt: skip
ALL_TEXT = [
    "main h1", "main p", "main span", "main strong", "main time", "main li",
    ".wall-picture text",
]  # fmt: skip
OUTSIDE = """() => [...document.querySelectorAll("main :is(h1, p, time, strong, rect, text)")]
    .filter(element => element.checkVisibility() && !element.closest(".unseen"))
    .map(element => element.getBoundingClientRect())
    .filter(box => box.width && (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight))
    .length"""
SHOWS = "document.querySelector('main').dataset.deployment === given"


def two_deployments(config: Json) -> None:
    """The same simulated deployment watched twice, as `second` as well."""
    quick(config)
    other = copy.deepcopy(config["deployments"][0])
    other |= {"id": "second", "name": "Second"}
    config["deployments"].append(other)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("wall"), two_deployments) as stage:
        yield stage


@pytest.fixture
def open_wall(
    stage: Stage, open_map: Callable[..., MapPage]
) -> Iterator[Callable[..., MapPage]]:
    stage.end_faults()

    def make(asked: str = "", **context: object) -> MapPage:
        context.setdefault("viewport", {"width": 1920, "height": 1080})
        return open_map(stage, f"/wall/{stage.deployment}{asked}", **context)

    yield make
    stage.end_faults()


def outage(stage: Stage, shown: MapPage) -> None:
    """Redis is gone, and the wall says so."""
    stage.inject("pod_crash", "redis")
    shown.wait_until("connection", [12, 18, 24, 25], *BAD)
    expect(shown.page.locator("[data-wall-incident]")).to_be_visible()


def objections(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else str(found.generate_report())


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_during_an_outage_all_is_legible_at_five_metres(
    stage: Stage, open_wall: Callable[..., MapPage], screen: tuple[int, int]
) -> None:
    size = {"width": screen[0], "height": screen[1]}
    shown = open_wall(viewport=size, screen=size)
    outage(stage, shown)
    read = shown.page.evaluate(MEASURED, MUST_BE_READ)
    assert {selector for selector, _, _ in read} == set(MUST_BE_READ)
    assert [one for one in read if one[2] < MUST] == []
    seen = shown.page.evaluate(MEASURED, ALL_TEXT)
    assert [one for one in seen if one[2] < MAY] == []
    assert shown.page.evaluate(OUTSIDE) == 0


def test_the_incident_names_its_suspect_and_goes_when_it_is_over(
    stage: Stage, open_wall: Callable[..., MapPage]
) -> None:
    shown = open_wall()
    shown.wait_calm()
    board = "document.querySelector('.board').getBoundingClientRect().toJSON()"
    before = shown.page.evaluate(board)
    outage(stage, shown)
    banner = shown.page.locator("[data-wall-incident]")
    expect(banner).to_contain_text("Redis")
    expect(banner).to_contain_text("Open for")
    expect(shown.page.locator("[data-overall]")).to_contain_text("Failing")
    expect(shown.page.locator("[data-slot]").first).to_contain_text("Redis")
    assert shown.page.evaluate(board) == before
    stage.end_faults()
    shown.wait_calm()
    expect(banner).to_be_hidden()
    expect(shown.page.locator("[data-overall]")).to_contain_text("All is well")
    expect(shown.page.locator("[data-none]")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_wall_is_accessible_well_and_failing(
    stage: Stage, open_wall: Callable[..., MapPage], theme: str
) -> None:
    shown = open_wall(f"?theme={theme}")
    assert shown.page.locator("html").get_attribute("data-theme") == theme
    shown.wait_calm()
    assert objections(shown.page) == ""
    outage(stage, shown)
    shown.page.keyboard.press("a")
    expect(shown.page.locator("[data-settings]")).to_be_visible()
    assert objections(shown.page) == ""


def test_the_clock_tells_the_time_of_the_zone_that_is_asked_for(
    open_wall: Callable[..., MapPage],
) -> None:
    shown = open_wall("?zone=Asia/Tokyo")
    expect(shown.page.locator("[data-zone]")).to_contain_text("UTC+9")
    here = open_wall(timezone_id="Europe/Berlin")
    expect(here.page.locator("[data-zone]")).to_contain_text("UTC+")


def test_three_restarts_of_the_server_are_outlived_and_told(
    stage: Stage, open_wall: Callable[..., MapPage]
) -> None:
    shown = open_wall()
    lost = shown.page.locator("[data-lost]")
    for _ in range(3):
        assert stage.server.stop() == 0
        expect(lost).to_be_visible(timeout=20_000)
        expect(lost).to_contain_text("No news for")
        expect(lost).to_contain_text("The picture is of")
        stage.start_server()
        expect(lost).to_be_hidden(timeout=20_000)
        shown.wait_pictures(1)
    stage.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    shown.forgive("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    shown.forgive("ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "503")


def test_the_page_takes_up_a_new_release_by_itself(
    stage: Stage, open_wall: Callable[..., MapPage]
) -> None:
    shown = open_wall()
    shown.wait_calm()
    build = shown.page.locator("html").get_attribute("data-build") or ""
    shown.page.evaluate(
        "document.documentElement.dataset.build = 'of the last release'"
    )
    # Its own stream says the build anew as it is opened anew.
    with shown.page.expect_navigation(timeout=60_000):
        shown.page.evaluate("window.gwsWallLink.follows(['second'])")
    assert shown.page.locator("html").get_attribute("data-build") == build


def test_deployments_take_turns_and_the_picture_is_that_of_the_name(
    stage: Stage, open_wall: Callable[..., MapPage]
) -> None:
    shown = open_wall("?with=second,not-there&rotate=5s")
    for wanted, name in (
        ("second", "Second"),
        (stage.deployment, ""),
        ("second", "Second"),
    ):
        shown.page.evaluate(until(SHOWS, 60_000), wanted)
        expect(shown.page.locator("h1")).to_contain_text(name)
        shown.wait_pictures(1)
    expect(shown.page.locator("[data-turns] li")).to_have_count(2)
    expect(shown.page.locator("[data-turns-note]")).to_contain_text("next:")


def test_a_failing_deployment_is_shown_at_once_and_held_longer(
    open_wall: Callable[..., MapPage],
) -> None:
    page = open_wall().page
    decide = """changed => window.gwsWallTurns.decide({shown: "a", since: 0, everyMs: 30000,
        ids: ["a", "b", "c"], urgent: [], ...changed, failing: new Set(changed.failing)}, changed.now)"""

    def next_one(now: int, **changed: object) -> object:
        return page.evaluate(decide, {"now": now, **changed})

    assert next_one(29_000) is None
    assert next_one(30_000) == "b"
    assert next_one(31_000, shown="c") == "a"
    assert next_one(4_000, urgent=["c"], failing=["c"]) is None
    assert next_one(5_000, urgent=["c"], failing=["c"]) == "c"
    assert next_one(31_000, failing=["a"]) is None
    assert next_one(90_000, failing=["a"]) == "b"
    assert next_one(90_000, ids=["a"]) is None


def test_a_new_failing_sounds_and_an_acknowledged_one_does_not(
    stage: Stage, open_wall: Callable[..., MapPage]
) -> None:
    shown = open_wall("?sound=on")
    shown.forgive("AudioContext")
    shown.page.mouse.click(5, 5)
    shown.page.evaluate(until("window.gwsWallSound.ready()"))
    turned = """([before, after]) => {
        const of = told => told && {deployment: "d", nodes: [], incidents: told.incidents || [],
            connections: told.failing.map(number => ({number, status: "failing"}))};
        return window.gwsWallSound.turned(of(before), of(after));
    }"""
    well, bad = {"failing": []}, {"failing": [17]}
    acked = {"failing": [17], "incidents": [{"acknowledged": {"by": "jane"}}]}
    assert shown.page.evaluate(turned, [well, bad]) is True
    assert shown.page.evaluate(turned, [bad, {"failing": [17, 18]}]) is True
    assert shown.page.evaluate(turned, [None, bad]) is False
    assert shown.page.evaluate(turned, [bad, bad]) is False
    assert shown.page.evaluate(turned, [well, acked]) is False
    shown.wait_calm()
    shown.page.evaluate("""() => document.addEventListener("gws-wall-rang",
        () => { window.rang = (window.rang || 0) + 1; })""")
    stage.inject("pod_crash", "redis")
    shown.page.evaluate(until("window.rang === 1"))


def test_settings_come_with_a_key_go_into_the_address_and_go_away(
    open_wall: Callable[..., MapPage],
) -> None:
    page = open_wall().page
    settings = page.locator("[data-settings]")
    page.keyboard.press("Tab")
    expect(settings).to_be_visible()
    settings.get_by_label("Theme").select_option("light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    settings.get_by_label("Second").check()
    settings.get_by_label("Take turns").select_option("30s")
    assert page.url.endswith("?theme=light&with=second&rotate=30s")
    expect(page.locator("[data-turns]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(settings).to_be_hidden()
    page.mouse.move(40, 40)
    page.mouse.move(60, 60)
    expect(settings).to_be_visible()
    page.mouse.click(80, 80)
    expect(settings).to_be_hidden(timeout=60_000)
    expect(page.locator("html[data-idle]")).to_have_count(1, timeout=60_000)


def test_without_a_wake_lock_a_still_film_keeps_the_screen_awake(
    open_wall: Callable[..., MapPage],
) -> None:
    page = open_wall().page
    page.add_init_script("delete Navigator.prototype.wakeLock")
    page.reload()
    page.evaluate(until("window.gwsWallScreen.awake === 'awakeByVideo'"))
    assert page.evaluate("!document.querySelector('video').paused")
