"""The value on each line, by choice: known or a dash, with its unit, old ones as ages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from layouts import values
from layouts.badges import CAP
from layouts.geometry import BADGE
from layouts.says import UNHEARD, width_px
from layouts.strings_map import VALUE_CHOICES

METRICS = {
    "latency_p95_ms": 14.0, "latency_mean_ms": 3.0, "request_rate": 2.5,
    "error_ratio": 0.031, "connections_active": 12.0,
}  # fmt: skip
STATE = UNHEARD | {
    "status": "ok", "metrics": METRICS, "observed_at": "2026-11-24T10:42:25.000Z",
}  # fmt: skip
READ = """() => Object.fromEntries([...document.querySelectorAll('.picture [data-connection]')]
    .map((el) => [el.dataset.connection, el.querySelector('[data-part=value]').textContent]))"""


@pytest.mark.parametrize(
    ("choice", "shown"),
    [("", "14 ms"), ("p95", "14 ms"), ("rate", "2.5/s"), ("errors", "3.1 %"),
     ("open", "12 con"), ("age", "5s old")],
)  # fmt: skip
def test_each_choice_shows_its_own_number_with_its_unit(choice, shown, now):
    assert values.shown(choice, STATE, now) == shown


@pytest.mark.parametrize("choice", VALUE_CHOICES)
def test_what_nobody_measured_is_a_dash(choice, now):
    assert values.shown(choice, UNHEARD, now) == "–"


@pytest.mark.parametrize("choice", VALUE_CHOICES)
def test_old_facts_show_their_age_whatever_is_chosen(choice, now):
    old = STATE | {"status": "stale", "observed_at": "2026-11-24T10:38:20.000Z"}
    assert values.shown(choice, old, now) == "4m old"


def test_a_stale_state_that_never_had_a_fact_shows_a_dash(now):
    assert values.shown("", UNHEARD | {"status": "stale"}, now) == "–"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, "–"), (0, "0 con"), (999, "999 con"), (999.7, "1k con"), (1234, "1.2k con"),
     (65000, "65k con")],
)  # fmt: skip
def test_open_connections_are_told_short(count, shown):
    assert values.open_connections(count) == shown


@pytest.mark.parametrize("asked", [None, "latency", "P95", "<script>"])
def test_an_address_can_only_ask_for_what_there_is(asked):
    assert values.known(asked) == values.DEFAULT


@given(
    st.floats(min_value=0, max_value=1e5),
    st.sampled_from([choice for choice in VALUE_CHOICES if choice != "age"]),
)
def test_every_value_has_room_in_its_badge(number, choice):
    share = {"error_ratio": min(number, 1)}
    state = UNHEARD | {"metrics": dict.fromkeys(METRICS, number) | share}
    room = BADGE.right - BADGE.left - CAP
    assert width_px(values.shown(choice, state, None)) < room


@pytest.mark.browser
@pytest.mark.parametrize("choice", VALUE_CHOICES)
def test_the_address_chooses_and_both_painters_agree(open_page, stage, mixed, choice):
    stage.snapshot = mixed | {"version": stage.snapshot["version"]}
    page = open_page(f"/map/demo?v={choice}")
    page.evaluate("window.gwsLive.now = () => Date.parse('2026-11-24T10:42:30Z')")
    page.evaluate("window.gwsPaint.again()")
    live = page.evaluate(READ)
    fresh = page.evaluate("() => fetch(location.href).then((r) => r.text())")
    painted = page.evaluate(
        f"(text) => {{ const document = new DOMParser().parseFromString(text, 'text/html'); return ({READ})(); }}",
        fresh,
    )
    assert live == painted
    assert len(live) == 31


@pytest.mark.browser
def test_v_takes_the_next_one_and_the_address_and_the_next_visit_know(open_page):
    page = open_page()
    seen = []
    for _ in VALUE_CHOICES:
        page.keyboard.press("v")
        seen.append(page.locator("[data-value-choice]").input_value())
    assert seen == [*list(VALUE_CHOICES)[1:], ""]
    page.locator("[data-value-choice]").select_option("errors")
    assert "v=errors" in page.url
    expect(page.locator('[data-connection="2"] [data-part="value"]')).to_have_text(
        "0 %"
    )
    page.goto(page.url.split("?")[0])
    expect(page.locator("[data-value-choice]")).to_have_value("errors")
    expect(page.locator('[data-connection="2"] [data-part="value"]')).to_have_text(
        "0 %"
    )
