"""The fleet in a browser: painted as the server would, calm, found and walked by keys."""

import pytest
from playwright.sync_api import expect

from app.domain import fleet as small
from tests.layouts.conftest import FLEET_PLACES

pytestmark = pytest.mark.browser

ORDER = "() => [...document.querySelectorAll('[data-card]:not([hidden])')].map((el) => el.dataset.card)"
FOCUSED = "() => document.activeElement.closest('[data-card]')?.dataset.card ?? null"


def card(page, name):
    return page.locator(f'[data-card="{name}"]')


def stands(page, *names):
    """Waits until the cards that are shown stand in this order."""
    page.evaluate(
        f"""async (wanted) => {{
            const end = performance.now() + 15000;
            while (JSON.stringify(({ORDER})()) !== JSON.stringify(wanted)) {{
                if (performance.now() > end) throw new Error(`they stand: ${{({ORDER})()}}`);
                await new Promise(requestAnimationFrame);
            }} }}""",
        list(names),
    )


def as_cards(snapshot, *names):
    """Cards that say what a snapshot says."""
    members = [small.Member(n, n.title(), *FLEET_PLACES[n]) for n in names]
    return [small.card(member, snapshot, "") for member in members]


SHOWN = """(doc) => [...doc.querySelectorAll(
    '[data-card], [data-count], [data-overall], [data-section] h2')].map((el) => {
        const copy = el.cloneNode(true);
        copy.removeAttribute('data-changed');
        copy.querySelector('a')?.removeAttribute('tabindex');
        return copy.outerHTML; })"""


@pytest.mark.parametrize("by", ["", "region", "group"])
def test_every_card_painted_live_is_as_the_server_would_paint_it(
    open_fleet, fleet_stage, mixed, by
):
    """The two painters, Python and JavaScript, agree on everything."""
    page = open_fleet(f"?by={by}")
    page.evaluate(
        "now => { window.gwsFleet.now = () => Date.parse(now); }",
        fleet_stage.fleet["at"],
    )
    north, east = as_cards(mixed, "north", "east")
    blind = {"sight": "blind", "status": "stale", "incident": None, "suspect": None}
    waiting = {"sight": "waiting", "waiting": "for all", "since": None}
    grave = {"id": "i", "worst": "failing", "text": "Since 10:42 UTC"}
    (south,) = as_cards(mixed, "south")
    fleet_stage.become(
        east,
        north | blind,
        south | waiting | {"status": "no_data", "heard_at": None, "incident": grave,
                           "suspect": None, "connections": "fdsnmioa" + "o" * 23},
    )  # fmt: skip
    expect(card(page, "south")).to_have_attribute("data-status", "no_data")
    stands_sorted = page.evaluate(ORDER)
    fresh = page.evaluate("() => fetch(location.href).then((r) => r.text())")
    page.evaluate(
        "text => { window.fresh = new DOMParser().parseFromString(text, 'text/html'); }",
        fresh,
    )
    live = page.evaluate(f"() => ({SHOWN})(document)")
    painted = page.evaluate(f"() => ({SHOWN})(window.fresh)")
    assert len(live) == len(painted)
    assert [p for p in zip(live, painted, strict=True) if p[0] != p[1]] == []
    assert set(stands_sorted) == {*FLEET_PLACES}


def test_one_that_turns_bad_moves_first_and_no_other_is_touched(
    open_fleet, fleet_stage
):
    page = open_fleet()
    stands(page, "east", "west", "north", "south")
    page.evaluate("""() => { window.moved = [];
        new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach(
            (el) => window.moved.push(el.dataset?.card))))
          .observe(document.querySelector('[data-cards]'), {subtree: true, childList: true}); }""")
    fleet_stage.turn("north", "failing")
    stands(page, "north", "east", "west", "south")
    moved = page.evaluate("window.moved.filter(Boolean)")
    assert moved == ["north"]
    expect(page.locator("[data-overall]")).to_contain_text("Look at 1 of 4")
    expect(page.locator("[data-announce]")).to_have_text("North is failing")
    expect(page.locator('[data-count="failing"]')).to_contain_text("1")
    fleet_stage.turn("south", "degraded")
    stands(page, "north", "south", "east", "west")
    fleet_stage.turn("north", "ok")
    stands(page, "south", "east", "west", "north")


def test_nothing_moves_under_the_pointer_until_it_leaves(open_fleet, fleet_stage):
    page = open_fleet()
    card(page, "east").hover()
    fleet_stage.turn("north", "failing")
    expect(card(page, "north")).to_have_attribute("data-status", "failing")
    expect(page.locator("[data-held]")).to_be_visible()
    assert page.evaluate(ORDER) == ["east", "west", "north", "south"]
    page.locator("h1").hover()
    stands(page, "north", "east", "west", "south")
    expect(page.locator("[data-held]")).to_be_hidden()


def test_nothing_moves_while_the_keyboard_walks_the_cards(open_fleet, fleet_stage):
    page = open_fleet()
    card(page, "east").locator("a").focus()
    page.keyboard.press("ArrowRight")
    fleet_stage.turn("north", "failing")
    expect(page.locator("[data-held]")).to_be_visible()
    assert page.evaluate(ORDER) == ["east", "west", "north", "south"]
    page.keyboard.press("/")
    stands(page, "north", "east", "west", "south")


def test_the_focus_is_kept_when_its_card_moves_at_last(open_fleet, fleet_stage):
    page = open_fleet()
    card(page, "north").locator("a").focus()  # nobody pressed a key or moved a pointer
    fleet_stage.turn("north", "failing")
    stands(page, "north", "east", "west", "south")
    assert page.evaluate(FOCUSED) == "north"


def test_a_search_finds_by_name_region_and_group_and_the_address_keeps_it(
    open_fleet, fleet_stage
):
    page = open_fleet()
    page.keyboard.press("/")
    page.keyboard.type("pair us")
    stands(page, "west")
    assert "q=pair+us" in page.url
    expect(page.locator("[data-told-shown]")).to_have_text("1 of 4 shown")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "west"
    copied = open_fleet(page.url.split("/fleet")[1])
    assert copied.evaluate(ORDER) == ["west"]
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    stands(page, "east", "west", "north", "south")
    assert "q=" not in page.url
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) is not None


def test_only_trouble_shows_what_needs_a_look_and_says_when_nothing_does(
    open_fleet, fleet_stage
):
    page = open_fleet()
    page.get_by_label("Only trouble").check()
    expect(page.locator("[data-nothing]")).to_have_text(
        "Nothing needs a look: all 4 deployments are well."
    )
    assert "trouble=1" in page.url
    fleet_stage.turn("west", "ok", sight="partial")
    stands(page, "west")
    fleet_stage.turn("west", "ok", sight="clear")
    expect(page.locator("[data-nothing]")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    stands(page, "east", "west", "north", "south")
    assert "trouble" not in page.url


def test_cards_are_put_together_by_region_or_group(open_fleet, fleet_stage):
    page = open_fleet()
    heads = "() => [...document.querySelectorAll('[data-section] h2')].map((el) => el.textContent)"
    page.get_by_label("Grouped").select_option("group")
    stands(page, "east", "west", "north", "south")
    assert page.evaluate(heads) == ["pair ", "Without a group "]
    page.locator("h1").hover()
    fleet_stage.turn("south", "failing")
    page.get_by_label("Grouped").select_option("region")
    stands(page, "south", "east", "north", "west")
    assert page.evaluate(heads) == ["Without a region look at 1 of 1", "eu ", "us "]
    page.get_by_label("Grouped").select_option("")
    stands(page, "south", "east", "west", "north")
    assert page.evaluate(heads) == []


def test_the_arrow_keys_walk_the_cards_as_they_stand(open_fleet, fleet_stage):
    page = open_fleet(width=900)  # two in a row
    walked = []
    page.locator('[data-card="east"] a').focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "ArrowRight",
                "Home", "ArrowUp"):  # fmt: skip
        page.keyboard.press(key)
        walked.append(page.evaluate(FOCUSED))
    assert walked == [
        "west",
        "south",
        "north",
        "east",
        "south",
        "south",
        "east",
        "east",
    ]
    assert page.locator('[data-cards] a[tabindex="0"]').count() == 1
    page.keyboard.press("?")
    expect(page.locator("[data-keys]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/map/east")


def test_size_is_a_choice_that_the_address_keeps(open_fleet):
    page = open_fleet()
    large = card(page, "east").bounding_box()
    page.get_by_label("Size").select_option("compact")
    compact = card(page, "east").bounding_box()
    assert compact["height"] < large["height"] / 2
    assert "size=compact" in page.url
    page.get_by_label("Only trouble").check()
    assert "size=compact" in page.url


def test_data_grows_old_before_the_eyes(open_fleet, fleet_stage):
    page = open_fleet()
    page.evaluate("""() => { const now = window.gwsFleet.now();
        window.gwsFleet.now = () => now + 200000; }""")
    expect(card(page, "east")).to_have_attribute("data-sight", "old")
    expect(card(page, "east").locator(".fleet-why")).to_contain_text(
        "Nothing heard for 3 min"
    )
    expect(page.locator("[data-overall]")).to_contain_text("Look at 4 of 4")


def test_being_cut_off_is_said_and_taken_back(open_fleet, fleet_stage):
    page = open_fleet(expected=("503", "ERR_", "Failed to load"))
    fleet_stage.cut()
    expect(page.locator("[data-lost]")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-live]")).to_have_text("Not live")
    fleet_stage.reachable = True
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=20_000)
