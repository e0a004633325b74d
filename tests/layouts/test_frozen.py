"""A page that stands still says so, shows the moment and nothing later, and leads back."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from layouts.document import first_paint
from layouts.pages import CONNECTIONS, MAP
from tests.layouts.test_pages import Reader

THEN = "2026-11-24T10:36:30.000Z"
BEFORE = "2026-11-24T10:20:00.000Z"
BOXES = """() => ['header', '.looks', 'main', '.picture', '.bottom', '.clock', '.tools nav', '.sources']
    .flatMap((at) => [...document.querySelectorAll(at)]).map((el) => { const box = el.getBoundingClientRect();
        return [el.className.baseVal ?? el.className, box.x, box.y, box.width, box.height]; })"""


def connection(page, number):
    return page.locator(f'[data-connection="{number}"]')


def of(snapshot, at):
    return snapshot | {"at": at}


def test_a_frozen_page_is_painted_as_of_its_moment(topology, mixed, now):
    then = now - timedelta(minutes=6)
    said = first_paint(topology, of(mixed, THEN), MAP, now, name="Demo", frozen=then)
    reader = Reader(said)
    (main,) = reader.having("data-frozen")
    assert main["data-frozen"] == main["data-at"] == THEN
    assert main["data-now"] == "2026-11-24T10:42:30.000Z"
    (bar,) = reader.having("data-frozen-bar")
    assert "hidden" not in bar
    assert "live is 6 min ahead" in said
    (freeze,) = reader.having("data-freeze")
    assert freeze["aria-pressed"] == "true"


def test_a_live_page_has_no_bar_to_see(topology, mixed, now):
    reader = Reader(first_paint(topology, mixed, MAP, now, name="Demo"))
    assert reader.having("data-frozen") == []
    (bar,) = reader.having("data-frozen-bar")
    assert "hidden" in bar


pytestmark = pytest.mark.browser


@pytest.mark.parametrize("shown", [MAP, CONNECTIONS], ids=lambda page: page.key)
def test_frozen_it_shows_what_was_while_a_fault_happens(open_page, stage, shown):
    page = open_page(shown.path("demo"))
    page.locator("[data-freeze]").click()
    bar = page.locator("[data-frozen-bar]")
    expect(bar).to_be_visible()
    stage.turn(17, "failing", "connect timed out")
    stage.turn(24, "degraded")
    turned = page.locator("[data-turned]")
    expect(turned).to_have_text("2 connections have turned bad since: 17, 24")
    expect(connection(page, 17)).to_have_attribute("data-status", "ok")
    expect(page.locator("main")).to_have_attribute("data-version", "421")
    page.get_by_role("button", name="Back to live").click()
    expect(connection(page, 17)).to_have_attribute("data-status", "failing")
    expect(page.locator("main")).to_have_attribute("data-version", "423")
    expect(bar).to_be_hidden()
    expect(page.locator("[data-freeze]")).to_be_focused()


def test_what_turned_and_is_well_again_is_still_told(open_page, stage):
    page = open_page()
    page.keyboard.press("f")
    stage.turn(17, "failing")
    stage.turn(17, "ok")
    expect(page.locator("[data-turned]")).to_have_text(
        "1 connection has turned bad since: 17"
    )


def test_the_address_names_the_moment_while_it_is_frozen(open_page, stage):
    page = open_page("/map/demo?c=17")
    page.keyboard.press("f")
    expect(page.locator("main")).to_have_attribute("data-frozen", stage.snapshot["at"])
    assert page.url.endswith(f"/map/demo?c=17&at={stage.snapshot['at']}")
    links = page.locator("header nav a").evaluate_all("(all) => all.map((a) => a.href)")
    assert all("at=2026-11-24T10" in link for link in links)
    page.keyboard.press("f")
    expect(page.locator("[data-frozen-bar]")).to_be_hidden()
    assert page.url.endswith("/map/demo?c=17")


def test_ages_stand_still_and_the_lead_of_live_goes_on(open_page):
    page = open_page(prepare=lambda page: page.clock.install())
    page.keyboard.press("f")
    since = page.locator("[data-overall] time")
    shown = since.inner_text()
    page.clock.run_for(130_000)
    expect(page.locator("[data-ahead]")).to_have_text("live is 2 min ahead")
    assert since.inner_text() == shown
    expect(page.locator("[data-clock]")).to_have_text("10:42:30 UTC")
    expect(page.locator("[data-live]")).to_have_text("Frozen")


@pytest.mark.parametrize("size", [(1600, 900), (1280, 800), (390, 844)])
def test_nothing_moves_when_it_freezes_and_thaws(open_page, stage, size):
    page = open_page(width=size[0], height=size[1])
    before = page.evaluate(BOXES)
    page.locator("[data-freeze]").click()
    stage.turn(17, "failing")
    expect(page.locator("[data-turned]")).not_to_be_empty()
    assert page.evaluate(BOXES) == before
    page.keyboard.press("f")
    expect(page.locator("[data-frozen-bar]")).to_be_hidden()


def test_escape_closes_what_is_open_before_it_leads_back(open_page):
    page = open_page()
    page.keyboard.press("f")
    for key in ("1", "7", "Enter"):
        page.keyboard.press(key)
    expect(connection(page, 17)).to_have_attribute("aria-pressed", "true")
    bar = page.locator("[data-frozen-bar]")
    page.keyboard.press("Escape")
    expect(connection(page, 17)).to_have_attribute("aria-pressed", "false")
    expect(bar).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()


def test_a_link_to_a_moment_shows_that_moment_and_leads_to_live(
    open_page, stage, mixed
):
    stage.past[THEN] = of(mixed, THEN)
    page = open_page(f"/map/demo?at={THEN}&c=12")
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    expect(page.locator("main")).to_have_attribute("data-frozen", THEN)
    expect(page.locator("[data-frozen-bar]")).to_contain_text("Showing 10:36:30 UTC")
    page.evaluate("""async () => {
        while (!window.gwsLive.newest) await new Promise(requestAnimationFrame); }""")
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    assert page.title().startswith("10:36:30 UTC · ")
    page.get_by_role("button", name="Back to live").click()
    expect(connection(page, 12)).to_have_attribute("data-status", "ok")
    assert page.url.endswith("/map/demo?c=12")
    assert page.title() == "Demo"


def test_the_brackets_step_from_change_to_change(open_page, stage, mixed, well):
    stage.past = {BEFORE: of(well, BEFORE), THEN: of(mixed, THEN)}
    page = open_page()
    main, bar = page.locator("main"), page.locator("[data-frozen-bar]")
    page.keyboard.press("[")
    expect(main).to_have_attribute("data-frozen", THEN)
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    page.get_by_role("button", name="The change before").click()
    expect(main).to_have_attribute("data-frozen", BEFORE)
    expect(connection(page, 12)).to_have_attribute("data-status", "ok")
    page.keyboard.press("[")
    expect(bar).to_contain_text("No earlier change is kept.")
    page.keyboard.press("]")
    expect(main).to_have_attribute("data-frozen", THEN)
    page.keyboard.press("]")
    expect(bar).to_be_hidden()
    expect(connection(page, 12)).to_have_attribute("data-status", "ok")


def test_letters_typed_into_a_field_freeze_nothing(open_page):
    page = open_page()
    page.locator("[data-theme-choice]").focus()
    page.keyboard.press("f")
    expect(page.locator("[data-frozen-bar]")).to_be_hidden()


def test_being_cut_off_while_frozen_is_said_and_the_moment_stays(open_page, stage):
    page = open_page(expected=("503",))
    page.keyboard.press("f")
    stage.cut()
    expect(page.locator("[data-lost]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-live]")).to_have_text("Frozen")
    expect(page.locator("[data-frozen-bar]")).to_be_visible()
    stage.turn(12, "failing")
    stage.reachable = True
    expect(page.locator("[data-turned]")).to_contain_text("12", timeout=30_000)
    expect(connection(page, 12)).to_have_attribute("data-status", "ok")


def test_the_moment_is_kept_by_being_asked_for(open_page, stage):
    page = open_page()
    at = datetime(2026, 11, 24, 10, 42, 30, tzinfo=UTC)
    with page.expect_request("**/snapshot?at=*") as asked:
        page.keyboard.press("f")
    assert (
        datetime.fromisoformat(asked.value.url.split("at=")[1].replace("%3A", ":"))
        == at
    )
