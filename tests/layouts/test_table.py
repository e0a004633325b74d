"""The table: search, filters, columns, order and CSV; what stays while news comes in."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from layouts.columns import COLUMNS, chosen
from layouts.pages import CONNECTIONS
from layouts.sheet import sheet
from layouts.table import listing
from layouts.table_tools import searchable
from tests.layouts.table_page import head, numbers, row, search
from tests.layouts.test_pages import Reader, page

USUAL = [column.key for column in COLUMNS if column.usual]


def test_every_column_is_in_the_page_and_the_usual_ones_are_seen(topology, mixed, now):
    heads = [
        h
        for n, h in Reader(listing(topology, mixed, now)).elements
        if n == "th" and h["scope"] == "col"
    ]
    assert [h["data-column"] for h in heads] == [column.key for column in COLUMNS]
    assert [h["data-column"] for h in heads if "hidden" not in h] == USUAL


def test_before_the_first_picture_it_says_so(topology, empty, well, now):
    assert "waiting for the first answers" in searchable(topology, empty, now)
    assert "31 of 31 shown" in searchable(topology, well, now)


def test_the_tools_are_native_and_labelled(topology, well, now):
    reader = Reader(page(topology, well, now, CONNECTIONS))
    fields = [
        (n, f)
        for n, f in reader.elements
        if n in ("input", "select")
        and f.get("name") in ("q", "status", "classification", "witness", "box")
    ]
    assert [name for name, _ in fields] == [
        "input",
        "select",
        "select",
        "select",
        "select",
    ]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "found"),
    [("17", [17]), ("voicemail", [17]), ("VOICEMÁIL", [17]), ("postgresql", [9, 23]),
     ("9200", [13]), ("redis tcp", [12, 18, 24, 25]), ("workspace rest", [6]),
     ("egress voicemail", [17]), ("agent-setup", [5]), ("no such thing", [])],
)  # fmt: skip
def test_the_search_finds_number_ends_port_data_and_ids(open_page, words, found):
    shown = open_page("/connections/demo")
    search(shown, words)
    assert numbers(shown) == found
    expect(shown.locator("[data-tally]")).to_have_text(f"{len(found)} of 31 shown")
    expect(shown.locator("[data-none-match]")).to_be_visible(visible=not found)


@pytest.mark.browser
def test_the_search_finds_statuses_and_reasons(open_page, stage, mixed):
    shown = open_page("/connections/demo")
    stage.become(mixed)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    search(shown, "failing")
    assert numbers(shown) == [8, 12, 18, 24, 25]
    search(shown, "timed out degraded")
    assert numbers(shown) == [3, 13, 17]
    search(shown, "disagree")
    assert set(numbers(shown)) == {8, 12, 18, 24, 25}


@pytest.mark.browser
def test_filters_narrow_together_are_in_the_address_and_go_at_once(
    open_page, stage, mixed
):
    shown = open_page("/connections/demo")
    stage.become(mixed)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    shown.locator("select[name=status]").select_option("failing,degraded")
    assert numbers(shown) == [3, 8, 12, 13, 17, 18, 24, 25]
    shown.locator("select[name=box]").select_option("redis")
    shown.locator("select[name=classification]").select_option("intra-cluster")
    shown.locator("select[name=witness]").select_option("probe")
    assert numbers(shown) == [12, 18, 24, 25]
    shown.wait_for_url(
        "**/connections/demo?status=failing,degraded&classification=intra-cluster&witness=probe&box=redis"
    )
    shown.reload()
    expect(shown.locator("[data-tally]")).to_have_text("4 of 31 shown")
    shown.locator("select[name=witness]").select_option("consul")
    assert numbers(shown) == []
    shown.locator("[data-none-match] button").click()
    assert numbers(shown) == list(range(1, 32))
    expect(shown.locator("input[name=q]")).to_be_focused()
    shown.wait_for_url("**/connections/demo")


@pytest.mark.browser
def test_an_address_that_asks_for_nonsense_shows_everything(open_page):
    shown = open_page("/connections/demo?status=green&sort=-beauty&box=x&witness=y")
    assert numbers(shown) == list(range(1, 32))
    expect(row(shown, 1)).to_be_visible()


@pytest.mark.browser
@pytest.mark.thorough
def test_it_sorts_by_every_column_both_ways_and_what_is_unknown_is_last(
    open_page, stage, mixed
):
    shown = open_page("/connections/demo")
    stage.become(mixed)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    shown.locator("[data-columns] summary").click()
    for box in shown.locator("[name=columns]").all():
        box.check()
    shown.keyboard.press("Escape")
    orders = {}
    for column in COLUMNS:
        button = head(shown, column.key).locator("button")
        for _ in range(2):
            button.click()
            orders[column.key, head(shown, column.key).get_attribute("aria-sort")] = (
                numbers(shown)
            )
    assert all(sorted(order) == list(range(1, 32)) for order in orders.values())
    assert len(orders) == 2 * len(COLUMNS)
    assert orders["status", "descending"][:5] == [8, 12, 18, 24, 25]
    assert orders["request_rate", "descending"][:2] == [31, 30]
    unknown = [4, 7, 16, 26]
    assert orders["request_rate", "descending"][-4:] == unknown
    assert orders["request_rate", "ascending"][-4:] == unknown
    assert orders["protocol", "ascending"][-2:] == [4, 10]
    assert shown.locator("[aria-sort]").count() == 1


@pytest.mark.browser
def test_the_order_is_in_the_address_and_holds_on_a_telephone_too(
    open_page, stage, mixed
):
    stage.become(mixed)
    shown = open_page("/connections/demo?sort=-number")
    assert numbers(shown) == list(range(31, 0, -1))
    narrow = open_page("/connections/demo", width=390, height=844)
    narrow.locator("select[name=sort]").select_option("status")
    assert numbers(narrow)[0] == 8
    narrow.wait_for_url("**/connections/demo?sort=status")


@pytest.mark.browser
def test_columns_are_chosen_remembered_and_told_by_the_address(open_page):
    shown = open_page("/connections/demo")
    shown.locator("[data-columns] summary").click()
    shown.get_by_role("checkbox", name="What travels").check()
    shown.get_by_role("checkbox", name="Witnesses").uncheck()
    expect(head(shown, "data")).to_be_visible()
    expect(head(shown, "witnesses")).to_be_hidden()
    shown.wait_for_url("**/connections/demo?columns=number,ends,*data")
    shown.goto(shown.url.split("?")[0])
    expect(head(shown, "data")).to_be_visible()
    shown.goto(f"{shown.url.split('?')[0]}?columns=status,saturation")
    assert shown.locator("thead th:not([hidden])").evaluate_all("all => all.map(h => h.dataset.column)") == [
        "number", "ends", "status", "saturation",
    ]  # fmt: skip
    shown.locator("[data-columns] summary").click()
    shown.locator("[data-usual-columns]").click()
    expect(head(shown, "saturation")).to_be_hidden()
    expect(head(shown, "reason")).to_be_visible()


def download(shown):
    with shown.expect_download() as told:
        shown.locator("[data-csv]").click()
    assert told.value.suggested_filename.startswith("connections-demo-")
    return Path(told.value.path()).read_bytes().decode()


@pytest.mark.browser
def test_the_download_is_what_is_shown_and_as_the_api_writes_it(
    open_page, stage, topology, mixed
):
    for state, text in zip(
        mixed["connections"],
        ['=cmd|"/c"!A1', "a, b", "two\r\nlines", "-1"],
        strict=False,
    ):
        state["reasons"] = [
            {
                "witness": None,
                "status": "failing",
                "text": text,
                "observed_at": mixed["at"],
            }
        ]
    shown = open_page("/connections/demo")
    stage.become(mixed)
    expect(row(shown, 12)).to_have_attribute("data-status", "failing")
    usual = chosen(USUAL)
    assert download(shown) == sheet(topology, mixed["connections"], usual)
    head(shown, "status").locator("button").click()
    search(shown, "redis")
    states = {state["number"]: state for state in mixed["connections"]}
    expected = [states[number] for number in (12, 18, 24, 25)]
    assert numbers(shown) == [12, 18, 24, 25]
    shown.goto(
        f"{shown.url.split('?')[0]}?columns={','.join(c.key for c in COLUMNS)}&q=redis"
    )
    expect(shown.locator("[data-csv]")).to_be_enabled()
    assert download(shown) == sheet(topology, expected, COLUMNS)
