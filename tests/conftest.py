"""What every test relies on: steady property tests, and one browser for all."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator

import pytest
import structlog
from playwright.sync_api import Browser, expect, sync_playwright

import tests.examples  # noqa: F401  the steady profile, for every test
from benchmarks.page import CHROMIUM, FLAGS

expect.set_options(timeout=30_000)
"""Milliseconds; five seconds are not enough where two cores carry three browsers."""

# As the product logs: structlog's own default prints every local variable of a
# traceback, the whole knowledge among them, which takes seconds.
structlog.configure(
    processors=[
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make looks`: what tests/layouts/test_look.py compares with is written anew."""
    parser.addoption("--renew-looks", action="store_true")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Counting branches takes two thirds of the time of a test that judges a lot.
    (`no_cover` of pytest-cov stops nothing in the processes of xdist: there, two count.)
    """
    counting = sys.gettrace()
    if item.get_closest_marker("untraced"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(counting)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for the whole run.

    While it is there an event loop runs in this thread, so that no other test may start
    one: whatever uses it is marked `browser`, and `make test` runs those by themselves.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield browser
        browser.close()
