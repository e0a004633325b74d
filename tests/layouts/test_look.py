"""The picture looks as it did: what is drawn where, in which colours, in every theme.

Kept as text in `looks/`, from a picture that shows every status. What differs is either a
fault or wanted; for what is wanted, `make looks` writes it anew, and the difference is read
with the change that caused it.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LOOK = Path(__file__).with_name("look.js").read_text()
KEPT = Path(__file__).with_name("looks")
THEMES = {
    "light": ("light", "light"),
    "dark": ("dark", "light"),
    "white": ("contrast", "light"),
    "black": ("contrast", "dark"),
}
"""What is chosen, and what the system's scheme is."""


@pytest.fixture
def kept(request):
    """Compares with what is kept under a name, or keeps it."""

    def compare(name, lines):
        file = KEPT / f"{name}.txt"
        if request.config.getoption("--renew-looks"):
            file.write_text("\n".join(lines) + "\n")
        assert lines == file.read_text().splitlines(), "wanted? then: make looks"

    return compare


@pytest.fixture
def looks(open_page, stage, mixed, now):
    """Opens a picture that stands still: its clock is the snapshot's."""
    mixed["connections"][16]["metrics"] |= {"request_rate": 3.0}

    def look(theme="light"):
        chosen, system = THEMES[theme]
        page = open_page(
            color_scheme=system, prepare=lambda page: page.clock.install(time=now)
        )
        page.locator("[data-theme-choice]").select_option(chosen)
        stage.become(mixed)
        expect(page.locator('[data-connection="12"]')).to_have_attribute(
            "data-status", "failing"
        )
        page.clock.run_for(6_000)  # the ring of what has just changed is gone
        return page.evaluate(LOOK)

    return look


def test_everything_stands_where_it_stood(looks, kept):
    kept("places", looks()["places"])


@pytest.mark.parametrize("theme", THEMES)
def test_every_status_looks_as_it_did(looks, kept, theme):
    kept(theme, looks(theme)["styles"])
