"""What stays in the table while news comes in, what keys do, and what is old."""

import json

import pytest
from playwright.sync_api import expect

from tests.layouts.table_page import numbers, row

pytestmark = pytest.mark.browser


def test_news_keeps_focus_order_and_what_is_open_until_it_is_asked_for(
    open_page, stage, mixed
):
    shown = open_page("/connections/demo?sort=status")
    row(shown, 20).focus()
    before = numbers(shown)
    old = shown.locator("[data-sort-again]")
    expect(old).to_be_hidden()
    stage.become(mixed)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    expect(row(shown, 20)).to_be_focused()
    assert numbers(shown) == before
    expect(old).to_be_visible()
    shown.get_by_role("button", name="The order is old: sort again").click()
    assert numbers(shown)[:5] == [8, 12, 18, 24, 25]
    expect(old).to_be_hidden()
    expect(row(shown, 8)).to_be_focused()


def test_a_row_that_no_longer_matches_stays_while_somebody_stands_on_it(
    open_page, stage, mixed, well
):
    stage.become(mixed)
    shown = open_page("/connections/demo?status=failing")
    row(shown, 12).focus()
    stage.become(well)
    expect(row(shown, 12)).to_have_attribute("data-status", "ok")
    expect(row(shown, 18)).to_be_hidden()
    expect(row(shown, 12)).to_be_focused()
    shown.locator("[data-keys-button]").focus()
    expect(row(shown, 12)).to_be_hidden()
    expect(shown.locator("[data-none-match]")).to_be_visible()


def test_digits_reach_a_row_that_the_filters_hide(open_page):
    shown = open_page("/connections/demo?q=redis")
    shown.keyboard.type("17")
    shown.keyboard.press("Enter")
    expect(row(shown, 17)).to_be_focused()
    expect(shown.locator("input[name=q]")).to_have_value("")


def test_keys_search_walk_and_come_back(open_page, stage, mixed):
    shown = open_page("/connections/demo")
    shown.keyboard.press("/")
    shown.keyboard.type("redis")
    shown.keyboard.press("Enter")
    expect(row(shown, 12)).to_be_focused()
    shown.keyboard.press("ArrowDown")
    expect(row(shown, 18)).to_be_focused()
    shown.keyboard.press("End")
    expect(row(shown, 25)).to_be_focused()
    shown.keyboard.press("/")
    shown.keyboard.press("Escape")
    assert len(numbers(shown)) == 31
    shown.keyboard.press("Escape")
    expect(row(shown, 1)).to_be_focused()
    stage.become(mixed)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    shown.keyboard.press("t")
    assert numbers(shown) == [3, 8, 12, 13, 17, 18, 24, 25]
    expect(row(shown, 3)).to_be_focused()
    shown.keyboard.press("t")
    assert len(numbers(shown)) == 31


def heard(snapshot, at):
    """As if traffic had been measured of every connection at that moment."""
    told = json.loads(json.dumps(snapshot))
    for state in told["connections"]:
        state["witnesses"]["traffic"] = "ok"
        state["heard"]["traffic"] = {"at": at, "text": "12 requests"}
    return told


def test_numbers_tell_their_age_and_say_so_when_they_are_old(open_page, stage, well):
    shown = open_page("/connections/demo", expected=("503",))
    shown.evaluate("window.gwsLive.now = () => Date.parse('2026-11-24T10:42:30Z')")
    told = heard(well, "2026-11-24T10:42:20.000Z")
    stage.become(told)
    measured = row(shown, 12).locator("[data-age-of=measured]")
    expect(measured).to_have_text("10 s ago")
    expect(row(shown, 12)).not_to_have_attribute("data-old", "")
    stale = json.loads(json.dumps(told))
    stale["connections"][11]["witnesses"]["traffic"] = "stale"
    stage.become(stale)
    rate = row(shown, 12).locator("td[data-column=request_rate]")
    expect(rate).to_have_text("150/s10s")
    expect(row(shown, 13).locator("td[data-column=request_rate]")).to_have_text("163/s")
    stage.cut()
    expect(row(shown, 13)).to_have_attribute("data-old", "", timeout=15_000)
    expect(row(shown, 13).locator("td[data-column=request_rate]")).to_have_text(
        "163/s10s"
    )


def test_what_is_cut_off_can_be_pointed_at(open_page, stage, mixed):
    shown = open_page("/connections/demo", width=1280)
    long = ("a reason that is far too long for one line of a column " * 3).strip()
    stage.turn(12, "failing", long)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    cell = row(shown, 12).locator("td[data-column=reason]")
    cell.hover()
    expect(cell).to_have_attribute("title", long)


def test_the_list_of_the_map_sorts_again_when_it_is_asked(open_page, stage, mixed):
    shown = open_page(width=390, height=844)
    stage.become(mixed)
    again = shown.get_by_role("button", name="The order is old: sort again")
    expect(again).to_be_visible()
    again.click()
    assert numbers(shown)[:5] == [8, 12, 18, 24, 25]
