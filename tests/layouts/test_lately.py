"""What turned within ten minutes is marked, for better or worse; what only came up is not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from app.domain.instants import instant
from layouts import lately
from layouts.says import UNHEARD
from tests.layouts.conftest import NOW

LONG_AGO = NOW - timedelta(hours=3)


def state(status, seconds):
    since = None if seconds is None else instant(NOW - timedelta(seconds=seconds))
    return UNHEARD | {"status": status, "since": since}


@pytest.mark.parametrize(
    ("status", "seconds", "marked"),
    [("failing", 3, True), ("failing", 599, True), ("failing", 600, False),
     ("ok", 3, True), ("ok", 601, False), ("no_data", None, False)],
)  # fmt: skip
def test_a_mark_lasts_ten_minutes(status, seconds, marked):
    assert lately.turned(state(status, seconds), LONG_AGO, NOW) is marked


@pytest.mark.parametrize(
    ("status", "marked"),
    [("ok", False), ("idle", False), ("degraded", True), ("failing", True)],
)
def test_after_a_start_only_trouble_is_marked(status, marked):
    started = NOW - timedelta(seconds=100)
    assert lately.turned(state(status, 70), started, NOW) is marked
    assert lately.turned(state(status, 10), started, NOW)


@given(st.integers(0, 10**6), st.sampled_from(["ok", "failing"]))
def test_nothing_older_is_ever_marked(seconds, status):
    marked = lately.turned(state(status, seconds), LONG_AGO, NOW)
    assert marked == (seconds < lately.LASTING_S)


def test_an_empty_picture_knows_no_moment(empty):
    assert lately.known_since(empty) is None
    assert not lately.turned(UNHEARD, None, NOW)


MARKED = """() => [...document.querySelectorAll('.picture [data-lately]')]
    .map((el) => el.dataset.connection || el.dataset.node)"""


@pytest.mark.browser
def test_the_browser_marks_the_same_and_takes_the_mark_away(open_page, stage, mixed):
    page = open_page(prepare=lambda page: page.clock.install(time=NOW))
    stage.become(mixed)
    expect(page.locator('[data-connection="12"]')).to_have_attribute(
        "data-status", "failing"
    )
    page.clock.run_for(16_000)
    marked = set(page.evaluate(MARKED))
    known = lately.known_since(stage.snapshot)
    parts = [*stage.snapshot["connections"], *stage.snapshot["nodes"]]
    assert marked == {
        str(part.get("number") or part["id"])
        for part in parts
        if lately.turned(part, known, NOW + timedelta(seconds=16))
    }
    assert "12" in marked
    page.clock.run_for(600_000)
    assert page.evaluate(MARKED) == []
