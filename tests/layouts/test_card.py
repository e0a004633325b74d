"""The card beside what is pointed at or walked to: every witness with its age."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def badge(page, number):
    return page.locator(f'[data-connection="{number}"] .plate')


def card(page):
    return page.locator("#gws-card")


def lines(page):
    return [item.inner_text().split("\n") for item in card(page).locator("li").all()]


def test_pointing_at_a_connection_tells_its_witnesses_with_their_ages(
    open_page, stage, mixed
):
    page = open_page()
    stage.become(mixed)
    badge(page, 12).hover()
    expect(card(page)).to_contain_text("12  GWS Data Collector Service to Redis")
    expect(card(page)).to_contain_text("connect timed out, 3 of 3")
    expect(card(page)).to_contain_text("≠ witnesses disagree")
    told = [[line[0], line[1]] for line in lines(page)]
    assert told == [["Kubernetes", "ok"], ["Probe from here", "failing"]]
    assert all(line[2].endswith(" ago") for line in lines(page))
    page.mouse.move(5, 5)
    expect(card(page)).to_be_hidden()


def test_ages_in_the_card_count_on_and_news_is_told_at_once(open_page, stage, mixed):
    page = open_page()
    badge(page, 12).hover()
    age = card(page).locator("li time").first
    before = age.inner_text()
    expect(age).not_to_have_text(before)
    stage.become(mixed)
    expect(card(page)).to_contain_text("failing")


def test_a_box_tells_what_its_small_line_leaves_out(open_page, stage, mixed):
    redis = next(n for n in mixed["nodes"] if n["id"] == "redis")
    redis |= {"version": "6.2.7", "memory": 206 * 2**20, "memory_limit": 768 * 2**20,
              "clients": 102, "clients_limit": 30000, "users": 342, "users_most": 130,
              "users_marks": [450, 900], "cpu": 0.336, "cpu_limit": 2.4,
              "pods_memory": 900 * 2**20, "pods_memory_limit": None,
              "replicas_max": 6}  # fmt: skip
    page = open_page()
    stage.become(mixed)
    page.locator('[data-node="redis"] .body').hover()
    expect(card(page)).to_be_visible()
    told = card(page).locator("dl").inner_text().split("\n")
    assert told == [
        "Ready", "0/2 ready", "Restarts", "4", "Version", "6.2.7",
        "Memory", "206 MiB of 768 MiB", "Clients", "102 of 30000",
        "Users", "342, 130 on the fullest pod; marks 450 and 900",
        "Processor", "0.34 of 2.4 cores", "Memory of its pods", "900 MiB",
        "Autoscaled to", "6 pods at most",
    ]  # fmt: skip


def test_walking_by_keys_shows_it_escape_hides_it_and_it_describes(open_page):
    page = open_page()
    page.locator('[data-connection="1"]').focus()
    page.keyboard.press("ArrowRight")
    second = page.locator('[data-connection="2"]')
    expect(card(page)).to_contain_text("2  Service proxy to Platform services")
    expect(second).to_have_attribute("aria-describedby", "gws-card")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(second).to_be_focused()
    assert second.get_attribute("aria-describedby") is None


def test_what_the_panel_explains_needs_no_card(open_page):
    page = open_page()
    page.locator('[data-connection="1"]').focus()
    page.keyboard.press("ArrowRight")
    expect(card(page)).to_be_visible()
    page.keyboard.press("Enter")
    expect(card(page)).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "height"),
    [(1920, 1080), pytest.param(1280, 720, marks=pytest.mark.thorough)],
)
def test_it_covers_neither_its_subject_nor_more_than_the_picture(
    open_page, stage, mixed, width, height
):
    page = open_page(width=width, height=height)
    stage.become(mixed)
    for selector in [*(f'[data-connection="{n}"] .badge' for n in range(1, 32)),
                     *(f'[data-node="{n}"] .body' for n in ("tenant", "redis", "clients"))]:  # fmt: skip
        page.locator(selector.split()[0]).evaluate(
            "(el) => el.focus({focusVisible: true})"
        )
        shown, about = card(page).bounding_box(), page.locator(selector).bounding_box()
        room = page.locator("main").bounding_box()
        assert within(shown, room), selector
        assert apart(shown, about), selector


def within(inner, outer):
    return (
        inner["x"] >= outer["x"]
        and inner["y"] >= outer["y"]
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    )


def apart(one, two):
    return (
        one["x"] + one["width"] <= two["x"]
        or two["x"] + two["width"] <= one["x"]
        or one["y"] + one["height"] <= two["y"]
        or two["y"] + two["height"] <= one["y"]
    )
