"""Times are the reader's own, with the zone said; UTC stands in the title."""

import pytest
from playwright.sync_api import expect

from layouts import times

INSTANT = "2026-11-24T23:38:20.000Z"


def test_the_server_paints_utc_and_says_so():
    clock = times.local(INSTANT)
    assert ">23:38:20 UTC<" in clock
    assert f'datetime="{INSTANT}"' in clock
    assert 'title="2026-11-24 23:38:20 UTC"' in clock
    assert ">2026-11-24 23:38 UTC<" in times.local(INSTANT, "dated")
    assert ">2026-11-24 23:38:20 UTC<" in times.local(INSTANT, "full")


def test_a_moment_that_never_was_is_a_dash():
    assert ">–<" in times.local(None)
    assert "data-local" not in times.local(None)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("zone", "clock", "dated"),
    [("UTC", "23:38:20 UTC", "2026-11-24 23:38 UTC"),
     ("Europe/Berlin", "00:38:20 UTC+1", "2026-11-25 00:38 UTC+1"),
     ("Asia/Kolkata", "05:08:20 UTC+5:30", "2026-11-25 05:08 UTC+5:30"),
     ("America/St_Johns", "20:08:20 UTC−3:30", "2026-11-24 20:08 UTC−3:30")],
)  # fmt: skip
def test_the_browser_says_it_in_the_readers_zone(open_page, zone, clock, dated):
    page = open_page(timezone_id=zone)
    assert page.evaluate(f"gwsFigures.clock('{INSTANT}')") == clock
    assert page.evaluate(f"gwsFigures.dated('{INSTANT}')") == dated
    assert page.evaluate(f"gwsFigures.full('{INSTANT}')") == f"{dated[:10]} {clock}"
    assert page.evaluate(f"gwsFigures.utc('{INSTANT}')") == "2026-11-24 23:38:20 UTC"
    painted = "".join(times.local(INSTANT, form) for form in ("clock", "dated"))
    said = page.evaluate(
        """(markup) => { const place = document.createElement('p'); place.innerHTML = markup;
            gwsTimes.localise(place); gwsTimes.localise(place); return [...place.children].map((el) => el.textContent); }""",
        painted,
    )
    assert said == [clock, dated]


@pytest.mark.browser
def test_the_clock_is_local_and_says_utc_where_one_points(open_page):
    page = open_page(timezone_id="Asia/Kolkata")
    clock = page.locator("[data-clock]")
    expect(clock).to_contain_text("UTC+5:30")
    clock.hover()
    assert clock.get_attribute("title").endswith(" UTC")


@pytest.mark.browser
def test_a_label_for_those_who_listen_is_local_too(open_page, stage, mixed):
    page = open_page(timezone_id="Asia/Kolkata")
    stage.become(mixed)
    twelve = page.locator('[data-connection="12"]')
    expect(twelve).to_have_attribute("data-status", "failing")
    assert "failing since 16:07:06 UTC+5:30," in twelve.get_attribute("aria-label")
