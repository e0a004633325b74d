"""The themes as a browser applies them: chosen, or as the system asks for."""

import pytest

from tests.layouts.test_contrast import THEMES, contrast

pytestmark = pytest.mark.browser

COLOURS = """() => { const of = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
    return { ground: of('body', 'backgroundColor'), ink: of('.picture .number', 'fill'), plate: of('.plate', 'fill'),
             card: of('.body', 'fill'), name: of('.name', 'fill'), line: of('[data-status=ok] > .line', 'stroke') }; }"""
THICK = "() => parseFloat(getComputedStyle(document.querySelector('[data-status=ok] > .line')).strokeWidth)"


def hexed(colour):
    red, green, blue = (int(part) for part in colour[4:-1].split(","))
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize(
    ("system", "theme"), [("light", "white"), ("dark", "black")]
)  # fmt: skip
@pytest.mark.parametrize("asked", [True, False], ids=["system", "chosen"])
def test_high_contrast_by_choice_and_by_the_system(open_page, system, theme, asked):
    page = open_page(color_scheme=system, contrast="more" if asked else "no-preference")
    thin = page.evaluate(THICK)
    if not asked:
        page.locator("[data-theme-choice]").select_option("contrast")
        assert page.evaluate(THICK) > thin
    seen = page.evaluate(COLOURS)
    assert hexed(seen["ground"]) == THEMES[theme]["ground"]
    assert hexed(seen["line"]) == THEMES[theme]["ok"]
    assert page.evaluate(THICK) == 3


def test_a_chosen_theme_stands_against_a_system_that_asks_for_more(open_page):
    page = open_page(contrast="more")
    page.locator("[data-theme-choice]").select_option("dark")
    assert hexed(page.evaluate(COLOURS)["ground"]) == THEMES["dark"]["ground"]


@pytest.mark.parametrize("theme", ["", "dark", "contrast"])
def test_forced_colours_leave_the_map_legible(open_page, theme):
    page = open_page(forced_colors="active")
    page.locator("[data-theme-choice]").select_option(theme)
    seen = {name: hexed(colour) for name, colour in page.evaluate(COLOURS).items()}
    assert contrast(seen["ink"], seen["plate"]) >= 7
    assert contrast(seen["name"], seen["card"]) >= 7
    assert contrast(seen["line"], seen["ground"]) >= 4.5
