"""Signing in with a browser: the form, who looks, what is offered, and being signed out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from benchmarks.page import until
from tests.web.gate.stage import PASSWORD, Guarded, by_password, guarded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def site(tmp_path) -> Iterator[Guarded]:
    with guarded(tmp_path, partial(by_password, tmp_path)) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


def objections(page: Page, within: str) -> str:
    found = Axe().run(page, within)
    return "" if found.violations_count == 0 else str(found.generate_report())


def end_session(site: Guarded, page: Page) -> None:
    """As if it had been signed out of elsewhere."""
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "gws_session"]
    assert cookie["httpOnly"]
    session = site.access.seal.opened("session", cookie["value"])
    site.register.end(session["i"], site.live.now[0])


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_one_signs_in_is_named_and_is_told_calmly_when_it_is_over(
    site: Guarded, page: Page
):
    page.goto(f"{site.url}/map/east?c=9")
    expect(page.get_by_label("Name")).to_be_focused()
    sign_in(page, "vic", "wrong")
    expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    sign_in(page, "vic")
    page.wait_for_url(f"{site.url}/map/east?c=9")
    expect(page.locator("[data-person] summary")).to_contain_text("vic")
    end_session(site, page)  # Its stream is closed, and the picture stays.
    line = page.locator(".signed-out")
    expect(line).to_contain_text("Signed out. What is shown is as of")
    expect(page.locator("[data-lost]")).to_be_hidden()
    expect(page.locator('[data-connection="9"]').first).to_be_visible()
    assert objections(page, ".signed-out") == ""
    line.get_by_role("link", name="Sign in again").click()
    sign_in(page, "adam")
    page.wait_for_url(f"{site.url}/map/east?c=9")
    page.locator("[data-person] summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site.url}/auth/signed-out")
    page.goto(f"{site.url}/map/east")
    expect(page.get_by_label("Password")).to_be_visible()


@pytest.mark.thorough
def test_what_one_may_not_do_is_not_offered(site: Guarded, page: Page):
    page.goto(f"{site.url}/map/east?c=9")
    sign_in(page, "vic")
    expect(page.get_by_role("button", name="Let a TV in")).to_be_hidden()
    expect(page.locator("#panel h2")).to_be_visible()
    expect(page.locator("[data-maintain]")).to_be_hidden()
    page.evaluate(until("window.gwsShare"))
    page.keyboard.press("n")
    expect(page.locator("#gws-notes")).to_be_visible()
    expect(page.locator("[data-notes-form]")).to_be_hidden()


@pytest.mark.thorough
def test_who_signs_in_in_another_window_goes_on_here(site: Guarded, page: Page):
    page.goto(f"{site.url}/map/east")
    sign_in(page, "ana")
    expect(page.locator("[data-person]")).to_be_visible()
    end_session(site, page)
    expect(page.locator(".signed-out")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{site.url}/auth/login")
    sign_in(other, "ana")
    expect(page.locator(".signed-out")).to_have_count(0)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_pages_are_accessible(
    site: Guarded, browser: Browser, scheme: str, narrow: bool
):
    size = NARROW if narrow else {"width": 1280, "height": 800}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.url}/auth/login?next=/admin")
    assert objections(page, "main") == ""
    sign_in(page, "adam", "wrong")
    expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    assert objections(page, "main") == ""
    sign_in(page, "adam")
    page.wait_for_url(f"{site.url}/admin")
    assert objections(page, "main") == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.thorough
def test_a_token_is_made_shown_once_and_revoked(site: Guarded, page: Page):
    page.goto(f"{site.url}/admin")
    sign_in(page, "adam")
    page.get_by_label("Name").fill("grafana")
    page.get_by_label("Deployments").select_option("east")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("[data-secret]")).to_contain_text("gwso_")
    page.reload()
    expect(page.locator("[data-secret]")).to_be_hidden()
    row = page.locator("[data-token]")
    expect(row).to_contain_text("grafana")
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Revoke for good?").click()
    expect(page.locator("[data-token]")).to_contain_text("revoked")
    expect(page.get_by_role("cell", name="token revoked")).to_be_visible()


@pytest.mark.thorough
def test_a_note_is_written_without_being_asked_for_a_name(site: Guarded, page: Page):
    page.goto(f"{site.url}/map/east")
    sign_in(page, "ana")
    page.wait_for_url(f"{site.url}/map/east")
    page.evaluate(until("window.gwsShare"))  # Its keys come before it.
    page.keyboard.press("n")
    form = page.locator("[data-notes-form]")
    expect(form.get_by_label("Your name")).to_be_hidden()
    form.locator("textarea").fill("up again")
    form.get_by_role("button", name="Send").click()
    expect(page.locator("[data-announce]")).to_have_text("Your note is sent")
    (note,) = site.live.room.kept.values()
    assert note.by == "ana"
