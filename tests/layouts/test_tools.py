"""The map's own controls: only trouble, lifting, motion; nothing of it moves the picture."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OPACITY = (
    "(selector) => Number(getComputedStyle(document.querySelector(selector)).opacity)"
)
PLACES = """() => [...document.querySelectorAll('.picture .body, .picture .plate')]
    .map((el) => { const { x, y, width, height } = el.getBoundingClientRect(); return [x, y, width, height].join(); })"""
LIFTED = """() => [...document.querySelectorAll('.picture [data-lifted]')]
    .map((el) => el.dataset.connection || el.dataset.node).sort()"""
DOTS = """[...document.querySelectorAll('.picture .over')]
    .filter((el) => getComputedStyle(el).strokeDasharray.startsWith('0.1'))"""
TENANT = ("10", "platform-services", "tenant")


def line(number):
    return f'.picture [data-connection="{number}"]'


def box(name):
    return f'.picture [data-node="{name}"]'


def bad(open_page, stage, mixed, path="/map/demo", **context):
    page = open_page(path, **context)
    stage.become(mixed)
    expect(page.locator(line(12))).to_have_attribute("data-status", "failing")
    return page


def test_only_trouble_fades_what_is_well_and_moves_nothing(open_page, stage, mixed):
    page = bad(open_page, stage, mixed)
    before = page.evaluate(PLACES)
    page.keyboard.press("t")
    assert "only=trouble" in page.url
    expect(page.locator("[data-only-choice]")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(OPACITY, line(1)) < 0.2
    assert page.evaluate(OPACITY, line(12)) == 1
    assert page.evaluate(OPACITY, line(7)) == 1, "what nobody heard of is not well"
    assert page.evaluate(OPACITY, box("clients")) < 0.2
    assert page.evaluate(OPACITY, box("voice")) == 1, "25 ends there, and fails"
    expect(page.locator("[data-faded]")).to_have_text("20 of 31 faded")
    assert page.evaluate(PLACES) == before
    page.keyboard.press("t")
    assert "only" not in page.url
    assert page.evaluate(OPACITY, line(1)) == 1
    expect(page.locator("[data-faded]")).to_have_text("")


def test_an_address_with_only_trouble_follows_the_news(open_page, stage, mixed):
    page = bad(open_page, stage, mixed, "/map/demo?only=trouble")
    expect(page.locator("[data-faded]")).to_have_text("20 of 31 faded")
    stage.turn(1, "failing")
    expect(page.locator("[data-faded]")).to_have_text("19 of 31 faded")
    assert page.evaluate(OPACITY, line(1)) == 1


def test_only_trouble_leaves_rows_out_of_the_list(open_page, stage, mixed):
    page = open_page(width=390, height=844)
    stage.become(mixed)
    rows = page.locator("tr[data-connection]:visible")
    expect(rows).to_have_count(31)
    page.locator("[data-only-choice]").click()
    expect(rows).to_have_count(11)


def test_pointing_lifts_a_connection_and_its_ends(open_page):
    page = open_page()
    page.locator(f"{line(10)} .badge").hover()
    expect(page.locator(f"{line(10)}[data-lifted]")).to_have_count(1)
    assert page.evaluate(LIFTED) == sorted(TENANT)
    assert page.evaluate(OPACITY, line(1)) < 0.4
    page.mouse.move(5, 5)
    expect(page.locator("[data-lifted]")).to_have_count(0)
    assert page.evaluate(OPACITY, line(1)) == 1


def test_walking_to_a_box_lifts_all_its_connections(open_page):
    page = open_page()
    page.locator(box("redis")).evaluate("(el) => el.focus({focusVisible: true})")
    expect(page.locator("[data-lifted]")).to_have_count(9)
    assert {"12", "18", "24", "25", "redis", "workspace", "voice"} <= set(
        page.evaluate(LIFTED)
    )


def test_motion_is_off_until_chosen_and_only_where_requests_go(open_page, stage, mixed):
    page = bad(open_page, stage, mixed)
    moving = f"() => ({DOTS}).map((el) => el.parentElement.dataset.connection)"
    assert page.evaluate(moving) == []
    page.locator("[data-motion-choice]").click()
    flowing = set(page.evaluate(moving))
    offsets = (
        f"() => ({DOTS}).map((el) => getComputedStyle(el).strokeDashoffset).join()"
    )
    before = page.evaluate(offsets)
    page.wait_for_function(f"(before) => ({offsets})() !== before", arg=before)
    assert {"1", "12"} <= flowing
    assert not {"7", "16", "4", "26"} & flowing, "nothing is known to go there"
    page.reload()
    expect(page.locator("[data-motion-choice]")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_motion_is_never_against_the_system(open_page):
    page = open_page(reduced_motion="reduce")
    expect(page.locator("[data-motion-choice]")).to_be_disabled()
    page.evaluate("localStorage.setItem('gws-motion', 'on')")
    page.reload()
    assert page.evaluate(f"({DOTS}).length") == 0
    assert page.locator(".picture .over[style]").count() == 0


def test_on_a_telephone_the_controls_are_under_the_thumb(open_page):
    page = open_page(width=390, height=844)
    for button in page.locator(".map-tools button:visible").all():
        place = button.bounding_box()
        assert place["height"] >= 44
        assert place["y"] > 844 / 2
    assert page.locator(".map-tools button:visible").count() == 2
    page.locator("[data-switch]").click()
    assert page.locator(".map-tools button:visible").count() == 6
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_who_walks_by_keys_on_an_enlarged_picture_is_followed(open_page):
    page = open_page()
    page.locator(line(1)).focus()
    for _ in range(6):
        page.keyboard.press("+")
    seen = """(selector) => { const at = document.querySelector(selector).getBoundingClientRect(),
        room = document.querySelector('main').getBoundingClientRect();
        return at.left >= room.left && at.right <= room.right && at.top >= room.top && at.bottom <= room.bottom; }"""
    for number in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        assert page.evaluate(seen, f"{line(number)} .badge"), number
    before = page.locator(".picture").get_attribute("viewBox")
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator(".picture").get_attribute("viewBox") != before
    expect(page.locator(line(4))).to_be_focused()


def test_what_is_in_trouble_hardly_recedes_behind_what_is_lifted(
    open_page, stage, mixed
):
    page = bad(open_page, stage, mixed)
    page.locator(line(TENANT[0])).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".picture[data-lifting]")).to_have_count(1)
    assert page.evaluate(OPACITY, line(1)) < 0.3
    for number in (12, 13, 9, 7):
        assert page.evaluate(OPACITY, line(number)) >= 0.8


def test_a_window_that_gets_narrow_shows_the_list_and_back(open_page):
    page = open_page()
    page.set_viewport_size({"width": 600, "height": 900})
    expect(page.locator("tr[data-connection]:visible")).to_have_count(31)
    page.set_viewport_size({"width": 1600, "height": 900})
    expect(page.locator("g[data-connection]:visible")).to_have_count(31)


@pytest.mark.parametrize(("chosen", "side"), [(10, "left"), (1, "right")])
def test_the_panel_never_lies_over_what_it_explains(open_page, chosen, side):
    page = open_page(width=1280, height=800)
    page.evaluate(
        """() => document.body.insertAdjacentHTML('beforeend', '<aside class="panel">told</aside>')"""
    )
    page.locator(f"{line(chosen)} .badge").click()
    panel = page.locator(".panel").bounding_box()
    badge = page.locator(f"{line(chosen)} .badge").bounding_box()
    assert (panel["x"] == 0) == (side == "left")
    assert badge["x"] > panel["width"] or badge["x"] + badge["width"] < panel["x"]
