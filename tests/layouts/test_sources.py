"""How well the sources are heard: one line, chips for trouble, the list of them all."""

import re

import pytest
from playwright.sync_api import expect

from layouts.sources import sources, summary


def state(name, status="ok"):
    return {"name": name, "status": status, "error": None, "last_success": None}


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([], ("no_data", "No sources yet", "")),
        ([state("consul")], ("ok", "1 source, heard", "")),
        ([state("consul"), state("probe")], ("ok", "2 sources, all heard", "")),
        ([state("consul", "no_data"), state("probe")],
         ("no_data", "1 of 2 sources not heard yet", "(Consul)")),
        ([state("consul", "degraded"), state("probe", "failing"), state("redis")],
         ("failing", "2 of 3 sources in trouble", "(Consul, Probe)")),
        ([state("consul", "degraded"), state("probe", "no_data")],
         ("degraded", "1 of 2 sources in trouble", "(Consul)")),
        ([state("elsewhere", "failing")],
         ("failing", "1 of 1 source in trouble", "(elsewhere)")),
    ],
)  # fmt: skip
def test_one_line_sums_them_up(states, told):
    assert summary(states) == told


def test_those_in_trouble_stand_there_under_their_names(mixed, now):
    chips = re.findall(r'<li data-chip="([a-z]+)"[^>]*>', sources(mixed, now))
    shown = re.findall(r'<li data-chip="([a-z]+)"(?![^>]* hidden)', sources(mixed, now))
    assert "kubernetes" in chips
    assert shown == ["consul"]


browser_only = pytest.mark.browser


@browser_only
def test_the_line_opens_the_list_and_escape_closes_it_alone(open_page):
    page = open_page("/map/demo?c=17")
    button = page.get_by_role("button", name="4 sources, all heard")
    items = page.locator("[data-source]:visible")
    expect(items).to_have_count(0)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(items).to_have_count(4)
    page.keyboard.press("Escape")
    expect(items).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    assert page.url.endswith("?c=17"), "what is chosen stays chosen"


@browser_only
def test_the_list_closes_when_the_reader_turns_elsewhere(open_page):
    page = open_page()
    button = page.locator("[data-sources-button]")
    items = page.locator("[data-source]:visible")
    button.click()
    items.first.click()
    expect(items).to_have_count(4)
    page.get_by_role("link", name="Connections", exact=True).focus()
    expect(items).to_have_count(0)
    button.click()
    expect(items).to_have_count(4)
    page.locator("h1").click()
    expect(items).to_have_count(0)


@browser_only
def test_trouble_is_seen_without_opening_anything(open_page, stage, mixed, well):
    page = open_page()
    chips = page.locator("[data-chip]:visible")
    expect(chips).to_have_count(0)
    stage.become(mixed)
    expect(chips).to_have_count(1)
    expect(chips).to_contain_text("Consul")
    trouble = "1 of 4 sources in trouble (Consul)"
    expect(page.get_by_role("button", name=trouble)).to_be_visible()
    page.locator("[data-sources-button]").click()
    told = page.locator('[data-source="consul"] [data-part="error"]')
    expect(told).to_contain_text("403 from http://consul:8500")
    stage.become(well)
    expect(chips).to_have_count(0)


LINES = """() => { const seen = [...document.querySelectorAll('.top > *, .tools nav, .sources > button, [data-chip]')]
    .filter((el) => el.getClientRects().length && !el.matches('.skip')).map((el) => el.getBoundingClientRect());
  const rows = [];
  for (const { top, bottom } of seen.sort((a, b) => a.top - b.top)) {
    const row = rows.at(-1);
    if (row && top < row.bottom - 2) row.bottom = Math.max(row.bottom, bottom);
    else rows.push({ bottom });
  }
  return rows.length; }"""
"""How many lines the header has: what overlaps in height is one."""


def every_source(snapshot, troubled):
    """Twelve sources, as many as there can be; so many of them in trouble."""
    names = ("kubernetes", "consul", "scrape", "probe", "redis", "postgresql",
             "elasticsearch", "alertmanager", "prometheus", "records", "config",
             "observatory")  # fmt: skip
    one = snapshot["sources"][0]
    states = [
        one | {"name": name, "status": "failing" if i < troubled else "ok"}
        for i, name in enumerate(names)
    ]
    return snapshot | {"sources": states}


BY_NAME = {1920: 2, 1280: 1, 390: 2}
"""How many in trouble stand there by their names; more are told by their number."""


@browser_only
@pytest.mark.parametrize("troubled", [0, 1, 2, 12])
@pytest.mark.parametrize(("width", "lines"), [(1920, 1), (1280, 1), (390, 3)])
def test_the_header_keeps_to_its_lines_and_shows_every_trouble(
    open_page, stage, mixed, troubled, width, lines
):
    stage.snapshot = every_source(mixed, troubled)
    page = open_page(width=width, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.top').scrollWidth") <= width
    assert page.evaluate(LINES) <= lines
    chips = page.locator("[data-chip]:visible")
    expect(chips).to_have_count(0 if troubled > BY_NAME[width] else troubled)
    line = page.locator("[data-summary]")
    if chips.count() == 0:
        assert line.bounding_box()["width"] > 100, "nothing says how many"
    for part in [line, *chips.all()]:
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
