"""Signing in with a browser where all of it stands below a path of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from app.domain import wire
from tests.browser.test_sign_in import sign_in
from tests.web.conftest import picture
from tests.web.gate.stage import Guarded, by_password, guarded

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(120)]
PUBLIC = "http://127.0.0.1/gws"
"""What people type, as far as a browser on this machine may: the port is its own."""


@pytest.fixture
def site(tmp_path) -> Iterator[Guarded]:
    made = partial(by_password, tmp_path, public_url=PUBLIC)
    with guarded(tmp_path, made, public_url=PUBLIC) as found:
        yield found


@pytest.fixture
def asked() -> list[str]:
    """Of whatever the browser asked this dashboard for, the path."""
    return []


@pytest.fixture
def page(site: Guarded, browser: Browser, asked: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()

    def heard(request: Request) -> None:
        if request.url.startswith(site.url):
            asked.append(urlsplit(request.url).path)

    page.on("request", heard)
    yield page
    context.close()


def turned(site: Guarded) -> int:
    """Something else is shown from now on; its version."""
    old = site.live.bus.latest("east").snapshot
    new = {**picture("east"), "version": old["version"] + 1}
    new["nodes"] = [{**one, "restarts": 7} for one in new["nodes"]]
    site.live.bus.publish(new, wire.delta(old, new))
    return new["version"]


def test_one_signs_in_sees_what_comes_and_signs_out(
    site: Guarded, page: Page, asked: list[str]
):
    page.goto(f"{site.url}/gws/map/east?c=9")
    sign_in(page, "adam")
    page.wait_for_url(f"{site.url}/gws/map/east?c=9")
    expect(page.locator('[data-connection="9"]').first).to_be_visible()
    main = page.locator("main[data-version]")
    expect(main).to_have_attribute("data-version", "1")
    expect(main).to_have_attribute("data-version", str(turned(site)))
    page.get_by_role("link", name="Inside").click()
    page.wait_for_url(f"{site.url}/gws/debug")
    page.get_by_role("link", name="Home").click()
    page.wait_for_url(f"{site.url}/gws/fleet")
    page.locator("[data-person] summary").click()
    page.get_by_role("link", name="Administration").click()
    page.wait_for_url(f"{site.url}/gws/admin")
    page.go_back()
    page.locator("[data-person] summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site.url}/gws/auth/signed-out")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert [one for one in asked if not one.startswith("/gws/")] == []


def test_who_is_signed_out_while_he_looks_comes_back_to_where_he_was(
    site: Guarded, page: Page, asked: list[str]
):
    page.goto(f"{site.url}/gws/map/east?c=9")
    sign_in(page, "vic")
    expect(page.get_by_role("link", name="Inside")).to_be_hidden()
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "gws_session"]
    session = site.access.seal.opened("session", cookie["value"])
    site.register.end(session["i"], site.live.now[0])
    line = page.locator(".signed-out")
    expect(line).to_contain_text("Signed out.")
    line.get_by_role("link", name="Sign in again").click()
    sign_in(page, "vic")
    page.wait_for_url(f"{site.url}/gws/map/east?c=9")
    assert [one for one in asked if not one.startswith("/gws/")] == []
