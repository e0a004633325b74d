"""A fault of the simulated deployment on the timeline: a segment, an incident, a moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
import requests
from playwright.sync_api import expect

from app.domain.timeline_fold import LISTED
from benchmarks.stage import Json, Stage, wait_for
from tests.browser.map_page import BAD, MapPage
from tests.browser.test_accessibility import objections

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(180)]
LANE = "[data-lane='connection 17']"
LONG_MS = 30_000


def turned(stage: Stage, number: int) -> list[str]:
    """What the API says that a connection turned to."""
    turns = told(stage)["turns"]
    return [t["status"] for t in turns if t["connection"] == number]


def told(stage: Stage) -> Json:
    """The timeline, asked for no faster than one address may."""
    answers: list[requests.Response] = []

    def allowed() -> bool:
        answers.append(stage.get(f"/api/v1/deployments/{stage.deployment}/timeline"))
        return answers[-1].status_code != requests.codes.too_many_requests

    wait_for("the timeline may be asked for", allowed, every_s=1.0)
    return dict(answers[-1].json())


def listed(stage: Stage) -> bool:
    """Whether it is watched for long enough that what is new in a box has happened."""
    watched = told(stage)["watched"]
    if not watched:
        return False
    begin, end = (datetime.fromisoformat(watched[0][name]) for name in ("from", "to"))
    return end - begin > 2 * LISTED


@pytest.fixture
def faulty(stage: Stage) -> Stage:
    """Voicemail was not ready for a moment, and is again."""
    before = len(turned(stage, 17))
    stage.inject("pod_not_ready", "voicemail")
    wait_for("17 turns", lambda: set(turned(stage, 17)[before:]) & set(BAD) != set())
    stage.end_faults()
    wait_for("17 is well again", lambda: turned(stage, 17)[-1] not in BAD)
    return stage


def timeline(
    open_map: Callable[..., MapPage], stage: Stage, query: str = "", **more: object
) -> MapPage:
    shown = open_map(stage, f"/connections/{stage.deployment}", **more)
    shown.page.goto(f"{stage.url}/timeline/{stage.deployment}{query}")
    shown.page.locator("[data-timeline]").wait_for()
    return shown


def test_a_fault_appears_as_it_comes_and_leads_to_its_moment(
    stage: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = timeline(open_map, stage, "?span=15m")
    page = shown.page
    stage.inject("pod_not_ready", "voicemail")
    expect(
        page.locator("[data-tl-name='connection 17'][data-status='failing']")
    ).to_have_count(1, timeout=LONG_MS)
    expect(page.locator(".tl-incident[data-open]").first).to_be_attached(
        timeout=LONG_MS
    )
    stage.end_faults()
    expect(
        page.locator("[data-tl-name='connection 17'][data-status='ok']")
    ).to_have_count(1, timeout=LONG_MS)
    row = page.locator("[data-tl-rows] tr", has_text="Voicemail").first
    href = row.locator("a").get_attribute("href") or ""
    assert re.match(rf"/map/{stage.deployment}\?at=.*Z&", href)


def test_a_rollout_is_marked(stage: Stage, open_map: Callable[..., MapPage]) -> None:
    shown = timeline(open_map, stage, "?span=15m")
    wait_for("the lists are known", lambda: listed(stage))
    stage.inject("rolling_update", "workspace")
    rows = shown.page.locator("[data-tl-rows] tr", has_text="Workspace")
    for what in ("rollout begun", "rollout ended"):
        expect(rows.filter(has_text=what)).to_have_count(1, timeout=LONG_MS)
    mark = shown.page.locator("[data-lane='node workspace'] .tl-mark").first
    expect(mark).to_have_attribute("title", re.compile("rollout begun.*new pods"))
    stage.end_faults()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1920, 390])
def test_everybody_can_read_it(
    faulty: Stage, open_map: Callable[..., MapPage], theme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    shown = timeline(
        open_map, faulty, "?span=15m&open=1", color_scheme=theme, viewport=size
    )
    expect(shown.page.locator(LANE)).to_have_count(1)
    assert objections(shown.page) == ""


def test_on_a_telephone_news_waits_until_it_is_asked_for(
    stage: Stage, open_map: Callable[..., MapPage]
) -> None:
    size = {"width": 390, "height": 844}
    shown = timeline(open_map, stage, "?span=15m", viewport=size)
    row = shown.page.locator("[data-tl-rows] tr", has_text="Voicemail")
    known, tall = row.count(), height_of_lists(shown)
    before = len(turned(stage, 17))
    stage.inject("pod_not_ready", "voicemail")
    wait_for("17 turns", lambda: len(turned(stage, 17)) > before)
    news = shown.page.locator("[data-tl-news]")
    expect(news).to_be_visible(timeout=LONG_MS)
    expect(row).to_have_count(known)
    assert height_of_lists(shown) == tall
    stage.end_faults()
    news.click()
    expect(row).not_to_have_count(known)
    assert shown.page.locator(LANE).count() == 1
    assert height_of_lists(shown) > tall
    wait_for("17 is well again", lambda: turned(stage, 17)[-1] not in BAD)


def height_of_lists(shown: MapPage) -> float:
    box = shown.page.locator(".tl-right").bounding_box()
    assert box is not None
    return float(box["height"])


def test_nothing_moves_but_what_is_slid_along(
    faulty: Stage, open_map: Callable[..., MapPage]
) -> None:
    """Nobody's place is lost while time goes on."""
    shown = timeline(open_map, faulty, "?span=15m")
    slide = shown.page.locator("[data-tl-slide]")
    before = slide.bounding_box()
    moved = re.compile(r"translateX\(-(0\.[2-9]|[1-9])")
    expect(slide).to_have_attribute("style", moved, timeout=LONG_MS)
    after = slide.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"]
    assert after["height"] == before["height"]
    assert after["x"] < before["x"]
