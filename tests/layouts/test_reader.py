"""What the reader does: keys, choice, sorting, forms, theme, zoom."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


STORES = ("postgresql", "elasticsearch", "redis")


def connection(page, number):
    return page.locator(f'[data-connection="{number}"]')


def test_there_is_one_tab_stop_and_arrows_walk_in_number_order(open_page):
    page = open_page()
    connection(page, 1).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.connection") == "4"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.connection") == "3"
    assert page.locator('main [tabindex="0"]').count() == 1
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.node") == "ucs"


def test_digits_and_enter_jump_and_escape_closes(open_page):
    page = open_page()
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    expect(connection(page, 17)).to_be_focused()
    expect(connection(page, 17)).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("?c=17")
    page.keyboard.press("Escape")
    expect(connection(page, 17)).to_have_attribute("aria-pressed", "false")
    assert "?" not in page.url


def test_question_mark_shows_the_keys(open_page):
    page = open_page()
    page.keyboard.press("?")
    expect(page.locator("dialog[data-keys]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-keys]")).to_be_hidden()


def test_a_copied_address_shows_what_its_sender_saw(open_page):
    page = open_page("/map/demo?node=redis")
    expect(page.locator('[data-node="redis"]')).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_narrow_screen_shows_the_list_and_has_each_connection_once(open_page, stage):
    page = open_page(width=390, height=844)
    assert page.locator("tr[data-connection]").count() == 31
    assert page.locator("[data-connection]").count() == 31
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-switch]").click()
    assert page.locator("g[data-connection]").count() == 31
    assert page.locator("[data-connection]").count() == 31
    stage.turn(17, "failing")
    expect(connection(page, 17)).to_have_attribute("data-status", "failing")
    page.locator("[data-switch]").click()
    expect(page.locator('tr[data-connection="17"]')).to_have_attribute(
        "data-status", "failing"
    )


def test_the_table_sorts_by_click_and_by_key(open_page, stage, mixed):
    page = open_page("/connections/demo")
    stage.become(mixed)
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    head = page.locator("th[data-column=status]")
    head.locator("button").click()
    first = page.locator("tbody tr").first
    expect(first).to_have_attribute("data-connection", "8")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.locator("th[data-column=number] button").focus()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("data-connection", "1")
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("data-connection", "31")


def test_the_theme_follows_the_system_until_one_is_chosen(open_page):
    page = open_page()
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(16, 22, 29)"
    page.locator("[data-theme-choice]").select_option("light")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.reload()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_the_picture_zooms_by_keys_and_buttons(open_page):
    page = open_page()
    box = "document.querySelector('.picture').getAttribute('viewBox')"
    connection(page, 1).focus()
    page.keyboard.press("+")
    assert page.evaluate(box) == "160 90 1280 720"
    page.get_by_role("button", name="Show the whole picture").click()
    assert page.evaluate(box) == "0 0 1600 900"


WRITTEN = """() => [...document.querySelectorAll('[data-node]')].filter((node) => {
    const body = node.querySelector('.body').getBBox();
    return [...node.querySelectorAll('.name, .details')].some((t) => { const box = t.getBBox();
      return box.width && (box.x < body.x + 1 || box.x + box.width > body.x + body.width - 1
        || box.y < body.y || box.y + box.height > body.y + body.height); });
  }).map((n) => n.dataset.node)"""
"""The boxes out of which something written in them stands."""


@pytest.mark.parametrize(
    "version", ["100.0.001.0026-hotfix.17-20261124", "100.0.0.0846", "9.0.0, 9.0.1"]
)
def test_what_is_written_in_a_box_stays_in_it(open_page, stage, mixed, version):
    for node in mixed["nodes"]:
        node |= {"version": version, "memory": 999 * 2**20, "memory_limit": 1023 * 2**20,
                 "clients": 9999, "clients_limit": 65000} if node["id"] in STORES else {
                     "version": version}  # fmt: skip
    page = open_page()
    assert page.evaluate(WRITTEN) == []
    stage.become(mixed)
    expect(page.locator('[data-node="redis"] .details')).to_contain_text("4 restarts")
    assert page.evaluate(WRITTEN) == []
