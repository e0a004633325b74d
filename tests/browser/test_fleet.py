"""Two deployments watched by one dashboard: the fleet is the home, and tells of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from benchmarks.stage import Json, Stage, open_stage
from tests.browser.conftest import quick

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(120)]
WITHIN_MS = 30_000


def two(config: Json) -> None:
    """The simulated one, and one of which nothing can be heard."""
    quick(config)
    (first,) = config["deployments"]
    first |= {"name": "Seen", "region": "eu-west", "group": "pair"}
    unheard = {"url": "http://127.0.0.1:9"}
    blind = {"id": "blind", "name": "Blind", "region": "us-east", "group": "pair"}
    config["deployments"].append(blind | {"consul": unheard})


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("pair")
    with open_stage(folder, two) as stage:
        yield stage


@pytest.fixture
def fleet(browser: Browser, pair: Stage) -> Iterator[Page]:
    """The home of several deployments; its console must stay clean."""
    pair.end_faults()
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{pair.url}/")
    page.wait_for_url("**/fleet")
    yield page
    page.context.close()
    assert complaints == []


def card(name: str) -> str:
    return f'[data-card="{name}"]'


def test_a_fault_is_told_and_what_can_not_be_seen_says_why(
    fleet: Page, pair: Stage
) -> None:
    seen = fleet.locator(card(pair.deployment))
    blind = fleet.locator(card("blind"))
    expect(blind).to_have_attribute("data-sight", "blind", timeout=WITHIN_MS)
    expect(blind.locator(".fleet-why")).to_contain_text("Can't be seen: Consul:")
    pair.inject("pod_not_ready", "voicemail")
    expect(seen).to_have_attribute("data-status", "failing", timeout=WITHIN_MS)
    expect(fleet.locator("[data-card]").first).to_have_attribute(
        "data-card", pair.deployment, timeout=WITHIN_MS
    )
    expect(seen.locator(".fleet-told")).to_contain_text("Voicemail")
    expect(seen.locator('.fleet-map [data-status="failing"]').first).to_be_attached()
    pair.end_faults()


def test_a_card_opens_its_map_and_the_map_leads_back(fleet: Page, pair: Stage) -> None:
    fleet.locator(card(pair.deployment)).locator("a").focus()
    fleet.keyboard.press("Enter")
    fleet.wait_for_url(f"**/map/{pair.deployment}")
    fleet.get_by_role("link", name="Fleet").click()
    fleet.wait_for_url("**/fleet")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(fleet: Page, theme: str) -> None:
    fleet.emulate_media(color_scheme=theme)
    result = Axe().run(fleet)
    assert result.violations_count == 0, result.generate_report()
