"""The keys: what `?` tells of is what there is, and letters can be switched off."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from layouts import strings_keys
from layouts.keys import CODES, dialog
from tests.layouts.test_pages import Reader

PRESENT = {
    "/map/demo": {"walk", "ends", "number", "open", "close", "zoom-in", "zoom-out", "zoom-fit", "trouble", "value",
                  "keys"},
    "/connections/demo": {"rows", "ends", "number", "open", "close", "search", "trouble", "keys"},
}  # fmt: skip
"""What each page can be told by keys; other scripts may add to it."""


def test_every_action_has_keys_and_words():
    assert set(CODES) == set(strings_keys.ACTIONS)
    rows = Reader(dialog()).having("data-action")
    assert {
        row["data-action"]: tuple(json.loads(row["data-codes"])) for row in rows
    } == CODES
    assert all("hidden" in row for row in rows)


@pytest.mark.browser
@pytest.mark.parametrize("path", PRESENT)
def test_the_help_tells_of_what_the_page_does(open_page, path):
    page = open_page(path)
    page.keyboard.press("?")
    shown = page.locator("dialog [data-action]:not([hidden])").evaluate_all(
        "all => all.map(one => one.dataset.action)"
    )
    assert set(shown) >= PRESENT[path]
    other = set().union(*PRESENT.values()) - PRESENT[path]
    assert not set(shown) & other


@pytest.mark.browser
def test_a_key_without_words_is_refused(open_page):
    page = open_page()
    refused = """([key, action]) => { try { gwsKeys.add(key, action, () => {}); return ""; } catch (error) { return error.message; } }"""
    assert "zoom-in has no key x" in page.evaluate(refused, ["x", "zoom-in"])
    assert "nothing has no key x" in page.evaluate(refused, ["x", "nothing"])


@pytest.mark.browser
def test_the_newest_is_asked_first_and_may_let_it_go(open_page):
    page = open_page()
    page.evaluate("""() => { window.told = [];
        gwsKeys.add("v", "value", () => { told.push("first"); });
        gwsKeys.add("v", "value", () => { told.push("second"); return told.length > 2; }); }""")
    page.keyboard.press("v")
    assert page.evaluate("told") == ["second", "first"]
    page.keyboard.press("v")
    assert page.evaluate("told") == ["second", "first", "second"]
    page.keyboard.press("Control+v")
    assert page.evaluate("told.length") == 3


@pytest.mark.browser
def test_letters_can_be_switched_off_and_stay_so(open_page):
    page = open_page("/connections/demo")
    page.keyboard.press("?")
    page.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-keys]")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("dialog[data-keys]")).to_be_hidden()
    page.locator("tr[data-connection='1']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("tr[data-connection='2']")).to_be_focused()
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).not_to_be_focused()
    page.locator("[data-keys-button]").click()
    page.locator("[data-single-keys]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()


@pytest.mark.browser
def test_what_is_typed_into_a_field_is_no_key(open_page):
    page = open_page("/connections/demo")
    page.keyboard.press("/")
    page.keyboard.type("17?t/")
    expect(page.locator("input[name=q]")).to_have_value("17?t/")
    expect(page.locator("dialog[data-keys]")).to_be_hidden()
    expect(page.locator(".typed")).to_be_hidden()


@pytest.mark.browser
def test_the_dialog_keeps_the_focus_and_gives_it_back(open_page):
    page = open_page()
    button = page.locator("[data-keys-button]")
    button.focus()
    page.keyboard.press("Enter")
    inside = "document.activeElement === document.body || document.querySelector('dialog[data-keys]').contains(document.activeElement)"
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("?")
    page.keyboard.press("1")
    expect(page.locator(".typed")).to_be_hidden()


USING = Path(__file__).parents[2] / "docs" / "using.md"


def test_the_documented_keys_are_the_ones_of_the_help():
    row = r"^\| `([^`]+)` \| ([^|]+) \|$"
    documented = dict(re.findall(row, section(USING.read_text()), re.M))
    assert documented.items() <= set(strings_keys.ACTIONS.values())
    present = set().union(*PRESENT.values())
    assert {strings_keys.ACTIONS[action][0] for action in present} <= set(documented)


def section(text):
    """What the page says under "Keys"."""
    return text.split("\n## Keys\n")[1].split("\n## ")[0]
