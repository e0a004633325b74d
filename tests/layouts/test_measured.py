"""The picture as a browser lays it out: on every screen, however much there is to say,
nothing covers anything, and everything is large enough to read."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.domain.topology import standard
from layouts.strings_map import VALUE_CHOICES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

MEASURE = Path(__file__).with_name("measure.js").read_text()
SCREENS = (
    (1280, 720),
    (1440, 900),
    (1600, 900),
    (1920, 1080),
    (2560, 1440),
    (3840, 2160),
)
WITNESSES = ("kubernetes", "consul", "traffic", "probe", "backend", "alerts")
LONG = (
    {"latency_p95_ms": 999.0, "request_rate": 9999.0, "error_ratio": 1.0, "connections_active": 9900.0},
    {"latency_p95_ms": None, "latency_mean_ms": 999.0, "request_rate": 0.01, "error_ratio": 0.0001, "connections_active": 999.0},
    {"latency_p95_ms": None, "latency_mean_ms": None, "request_rate": 10000.0, "error_ratio": None, "connections_active": None},
)  # fmt: skip


OPTIONAL = {box.id for box in standard().boxes if box.optional}


def loud(snapshot, status):
    """Whatever can be said is said, at its longest."""
    for i, state in enumerate(snapshot["connections"]):
        state |= {"status": status, "flapping": 12, "metrics": state["metrics"] | LONG[i % 3],
                  "witnesses": dict.fromkeys(WITNESSES, "ok") | {"probe": "failing"},
                  "observed_at": "2026-11-24T09:43:00.000Z"}  # fmt: skip
    for node in snapshot["nodes"]:
        own = status if status != "absent" or node["id"] in OPTIONAL else "ok"
        node |= {"status": own, "ready": 10, "desired": 12, "restarts": 1234,
                 "memory": 999 * 2**20, "memory_limit": 1023 * 2**20, "clients": 9999,
                 "clients_limit": 65000, "version": "100.0.001.0026-hotfix.17",
                 "witnesses": {"kubernetes": "ok", "consul": "failing"}}  # fmt: skip
    return snapshot


def shown(open_page, stage, snapshot, **context):
    page = open_page(**context)
    stage.become(snapshot)
    expect(page.locator("main")).to_have_attribute("data-version", "422")
    return page


def complaints(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    return page.evaluate(MEASURE)


@pytest.mark.parametrize(
    "status",
    [
        "failing",
        *(
            pytest.param(s, marks=pytest.mark.thorough)
            for s in ("degraded", "stale", "absent")
        ),
    ],
)
def test_nothing_covers_anything_however_much_is_said(open_page, stage, mixed, status):
    page = shown(open_page, stage, loud(mixed, status))
    for screen in SCREENS:
        assert complaints(page, *screen) == [], screen


def test_whatever_value_is_chosen_has_room(open_page, stage, mixed):
    page = shown(open_page, stage, loud(mixed, "failing"))
    for choice in VALUE_CHOICES:
        page.locator("[data-value-choice]").select_option(choice)
        assert complaints(page, 1280, 800) == [], choice


@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_as_it_is_on_most_days(open_page, stage, mixed, theme):
    page = shown(open_page, stage, mixed)
    page.locator("[data-theme-choice]").select_option(theme)
    for screen in SCREENS:
        assert complaints(page, *screen) == [], screen


COVERED = """() => { const tools = document.querySelector('.map-tools').getBoundingClientRect();
    return [...document.querySelectorAll('.picture .body, .picture .plate, .picture text')]
      .map((el) => el.getBoundingClientRect())
      .filter((b) => b.width && b.left < tools.right && tools.left < b.right && b.top < tools.bottom && tools.top < b.bottom).length; }"""


@pytest.mark.parametrize("screen", SCREENS)
def test_the_controls_stand_on_free_ground(open_page, screen):
    page = open_page("/map/demo?only=trouble", width=screen[0], height=screen[1])
    assert page.evaluate(COVERED) == 0


def test_nothing_else_is_too_small_to_read(open_page):
    page = open_page("/connections/demo")
    small = """() => [...document.querySelectorAll('body *')].filter((el) => el.checkVisibility()
        && [...el.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && !el.closest('script, style')
        && parseFloat(getComputedStyle(el).fontSize) < 12).map((el) => el.outerHTML.slice(0, 80))"""
    assert page.evaluate(small) == []
