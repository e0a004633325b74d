"""A hundred deployments on a desk, a wall and a telephone; accessible in every theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.layouts.conftest import FLEET_PLACES
from tests.layouts.fleet_stage import fleet_of
from tests.layouts.test_fleet_live import card

pytestmark = pytest.mark.browser


def many(well, mixed, now, count=100):
    """A hundred deployments, some of which are not well."""
    found = {f"d{n:03}": mixed if n % 9 == 4 else well for n in range(count)}
    found["d007"] = None
    places = {
        name: (f"region-{n % 5}", f"pair-{n // 2}") for n, name in enumerate(found)
    }
    return fleet_of(found, now, places)


def test_a_hundred_stand_on_one_screen(open_fleet, fleet_stage, well, mixed, now):
    fleet_stage.fleet = many(well, mixed, now)
    page = open_fleet(width=1920, height=1080)
    below = page.evaluate("""() => [...document.querySelectorAll('[data-card]')]
        .filter((el) => el.getBoundingClientRect().bottom > innerHeight).length""")
    assert below == 0
    main = "document.querySelector('main')"
    assert page.evaluate(f"{main}.scrollHeight <= {main}.clientHeight")
    assert page.locator("[data-card]").count() == 100


def test_on_a_telephone_they_are_a_list(open_fleet, fleet_stage, well, mixed, now):
    fleet_stage.fleet = many(well, mixed, now)
    page = open_fleet(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    lefts = page.evaluate("""() => [...new Set([...document.querySelectorAll('[data-card]')]
        .map((el) => Math.round(el.getBoundingClientRect().left)))]""")
    assert len(lefts) == 1
    expect(page.locator("[data-card] .fleet-map").first).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("query", "width"),
    [("", 1600), ("?by=group&size=compact", 1600), ("?q=nobody", 1600), ("", 390)],
)
def test_it_is_accessible(
    open_fleet, fleet_stage, well, mixed, now, theme, query, width
):
    found = {"east": mixed, "west": well, "north": None, "south": well}
    fleet_stage.fleet = fleet_of(found, now, FLEET_PLACES)
    page = open_fleet(query, width=width, color_scheme=theme)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("query", ["", "?size=compact"])
def test_no_text_is_smaller_than_twelve_pixels(open_fleet, query):
    page = open_fleet(query)
    sizes = page.evaluate("""() => [...document.querySelectorAll('main *, form *')]
        .filter((el) => el.textContent && !(el instanceof SVGElement))
        .map((el) => parseFloat(getComputedStyle(el).fontSize))""")
    assert min(sizes) >= 12


def test_a_wall_shows_the_hundred_twice_as_large(
    open_fleet, fleet_stage, well, mixed, now
):
    fleet_stage.fleet = many(well, mixed, now)
    page = open_fleet(width=3840, height=2160)
    below = page.evaluate("""() => [...document.querySelectorAll('[data-card]')]
        .filter((el) => el.getBoundingClientRect().bottom > innerHeight).length""")
    assert below == 0
    assert card(page, "d000").bounding_box()["width"] > 340
