"""Two people at one outage: what the one says and does, the other sees by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Locator, expect

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, THEMES, WITHIN_MS, MapPage
from tests.browser.test_accessibility import objections
from tests.browser.test_stillness import OBSERVED, SIZES
from tests.domain.test_markdown import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
NOTES = "#gws-notes"
FORM = "dialog[data-care-form]"
expect.set_options(timeout=WITHIN_MS)


@pytest.fixture
def quiet(stage: Stage) -> Iterator[Stage]:
    """A stage on which nothing was said, and nothing is left of what is."""
    yield stage
    left = stage.snapshot()
    for one in left["incidents"]:
        for part in ("acknowledgement", "assignee"):
            requests.delete(f"{whose(stage, one['id'])}/{part}?by=x", timeout=10)
    stage.end_faults()
    for note in left["notes"]:
        requests.delete(f"{path(stage)}/{note['id']}?by={note['by']}", timeout=10)


def path(stage: Stage) -> str:
    return f"{stage.url}/api/v1/deployments/{stage.deployment}/notes"


def whose(stage: Stage, incident: str) -> str:
    return f"{path(stage).removesuffix('/notes')}/incidents/{incident}"


def outage(shown: MapPage) -> Locator:
    """Redis is down, and the page shows the incident."""
    shown.stage.inject("pod_crash", "redis")
    shown.wait_until("connection", [12, 18, 24, 25], *BAD)
    place = shown.page.locator("[data-incident]")
    expect(place).to_be_visible()
    return place


def post(stage: Stage, text: str, **more: object) -> None:
    answer = requests.post(
        path(stage), json={"text": text, "by": "Script", **more}, timeout=10
    )
    assert answer.status_code == 201


def test_everybody_sees_who_acknowledged_it_and_that_it_was_taken_back(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    ana, ben = open_map(quiet), open_map(quiet)
    outage(ana)
    ana.page.get_by_role("button", name="Acknowledge", exact=True).click()
    form = ana.page.locator(FORM)
    form.get_by_label("Your name").fill("Ana")
    form.get_by_role("button", name="Acknowledge").click()
    for shown in (ana, ben):
        seen = shown.page.locator("[data-seen]")
        expect(seen).to_contain_text("acknowledged by Ana")
        expect(shown.page.locator("[data-acknowledge]")).to_be_hidden()
    expect(form).to_be_hidden()
    ana.page.locator(".incident summary").click()
    ana.page.get_by_role("button", name="Undo acknowledgement").click()
    expect(ben.page.locator("[data-acknowledge]")).to_be_visible()


@pytest.mark.thorough
def test_everybody_sees_whose_it_is(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    ana, ben = open_map(quiet), open_map(quiet)
    outage(ana)
    expect(ben.page.locator("[data-incident]")).to_be_visible()
    ben.page.locator(".incident summary").click()
    ben.page.locator("[data-assign]").click()
    form = ben.page.locator(FORM)
    form.get_by_label("Name of who takes it").fill("Ben")
    form.get_by_label("Your name").fill("Ben")
    form.get_by_role("button", name="Assign").click()
    expect(ana.page.locator(".care").get_by_text("Ben has it")).to_be_visible()
    ben.page.locator("[data-assign]").click()
    form.get_by_role("button", name="Nobody").click()
    expect(ana.page.locator("[data-assigned]")).to_be_hidden()


@pytest.mark.thorough
def test_everybody_sees_a_note_and_the_summary(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    ana, ben = open_map(quiet), open_map(quiet)
    ben.page.locator("[data-notes-button]").click()
    drawer = ben.page.locator(NOTES)
    drawer.get_by_label("Note", exact=True).fill("**Redis** restarts, next look 14:30")
    drawer.get_by_label("Your name").fill("Ben")
    drawer.get_by_label("pin as the summary").check()
    drawer.get_by_role("button", name="Send").click()
    pinned = ana.page.locator("[data-notes-pinned]")
    expect(pinned).to_have_text("Redis restarts, next look 14:30")
    expect(ana.page.locator("[data-notes-fresh]")).to_have_text("1 new")
    ana.page.keyboard.press("n")
    note = ana.page.locator(f"{NOTES} [data-note]")
    expect(note).to_contain_text("Redis restarts")
    expect(note.get_by_role("button", name="Delete")).to_be_hidden()
    ana.page.locator(f"{NOTES} [name=by]").fill("Ana")
    note.get_by_role("button", name="Unpin").click()
    expect(ben.page.locator("[data-notes-pinned]")).to_be_empty()
    delete = drawer.locator("[data-note-delete]")
    delete.click()
    expect(delete).to_have_text("Delete for everybody?")
    delete.click()
    expect(note).to_have_count(0)


@pytest.mark.thorough
def test_a_note_about_the_incident_begins_at_the_incident(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(quiet)
    place = outage(shown)
    place.locator("summary").click()
    shown.page.get_by_role("button", name="Write a note").click()
    name = place.get_attribute("data-incident")
    drawer = shown.page.locator(NOTES)
    expect(drawer.get_by_label("About")).to_have_value(f"incident:{name}")
    drawer.get_by_label("Note", exact=True).fill("it began with a drain")
    drawer.get_by_label("Your name").fill("Ana")
    drawer.get_by_role("button", name="Send").click()
    expect(drawer.locator("[data-note]")).to_contain_text(f"incident {name}")


@pytest.mark.thorough
def test_notes_need_no_mouse(quiet: Stage, open_map: Callable[..., MapPage]) -> None:
    shown = open_map(quiet)
    page = shown.page
    shown.connection(12).focus()
    page.keyboard.press("n")
    expect(page.locator(f"{NOTES} textarea")).to_be_focused()
    page.keyboard.type("one pod after another")
    page.keyboard.press("Tab")
    page.keyboard.type("Ana")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    note = page.locator(f"{NOTES} [data-note]")
    expect(note).to_contain_text("one pod after another")
    expect(page.locator(f"{NOTES} textarea")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(NOTES)).to_be_hidden()
    shown.wait_focus(12)


@pytest.mark.thorough
def test_an_incident_is_taken_in_hand_without_a_mouse(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(quiet)
    page, place = shown.page, outage(shown)
    page.locator("[data-acknowledge]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Ana")
    page.keyboard.press("Enter")
    expect(place.locator("[data-seen]")).to_contain_text("acknowledged by Ana")
    expect(place.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form = page.locator(FORM)
    expect(form.get_by_label("Name of who takes it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-acknowledge]")).to_be_visible()


@pytest.mark.thorough
def test_notes_and_acknowledgements_move_nothing(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    for width in (1280, 1440, 1920):
        shown = open_map(quiet, viewport={"width": width, "height": 900})
        shown.page.evaluate(OBSERVED)
        # One that blinds no source: a banner would move what is under it.
        quiet.inject("pod_not_ready", "voicemail")
        place = shown.page.locator("[data-incident]")
        expect(place).to_be_visible()
        name = place.get_attribute("data-incident") or ""
        said = {
            "by": "A rather long name of somebody",
            "name": "Somebody else with one",
        }
        for part in ("acknowledgement", "assignee"):
            body = said if part == "assignee" else {"by": said["by"]}
            requests.put(f"{whose(quiet, name)}/{part}", json=body, timeout=10)
        post(quiet, "a long summary " * 20, pinned=True)
        expect(place.locator("[data-assigned]")).to_be_visible()
        expect(shown.page.locator("[data-notes-pinned]")).not_to_be_empty()
        shown.page.keyboard.press("n")
        expect(shown.page.locator(f"{NOTES} textarea")).to_be_focused()
        quiet.end_faults()
        shown.wait_calm()
        assert len(shown.page.evaluate(SIZES)) == 1


@pytest.mark.thorough
def test_what_cannot_be_sent_stays_and_it_is_said_what_to_do(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(quiet)
    page = shown.page
    page.route("**/notes", lambda route: route.abort())
    page.keyboard.press("n")
    drawer = page.locator(NOTES)
    drawer.get_by_label("Note", exact=True).fill("kept")
    drawer.get_by_label("Your name").fill("Ana")
    drawer.get_by_role("button", name="Send").click()
    expect(drawer.get_by_role("alert")).to_contain_text("try again in a moment")
    expect(drawer.locator("textarea")).to_have_value("kept")
    shown.forgive("ERR_FAILED")
    page.unroute("**/notes")
    drawer.get_by_label("Your name").fill("An\u202ea")
    drawer.get_by_role("button", name="Send").click()
    expect(drawer.get_by_role("alert")).to_contain_text("by: must be one line of text")
    expect(drawer.get_by_label("Your name")).to_be_focused()
    expect(drawer.locator("textarea")).to_have_value("kept")
    shown.forgive("422")


@pytest.mark.thorough
def test_hostile_notes_do_nothing(
    quiet: Stage, open_map: Callable[..., MapPage]
) -> None:
    for text in HOSTILE:
        post(quiet, text.replace("alert(1)", "window.hacked=1"))
    shown = open_map(quiet)
    shown.page.keyboard.press("n")
    found = shown.page.locator("[data-note]")
    expect(found).to_have_count(len(HOSTILE))
    live = shown.page.locator(
        ".note-text :is(script, style, img, svg, form, [onerror])"
    )
    expect(live).to_have_count(0)
    assert shown.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("theme", THEMES)
def test_all_of_it_is_accessible(
    quiet: Stage, open_map: Callable[..., MapPage], theme: str
) -> None:
    post(
        quiet, "- one `pod`\n- [run book](https://wiki.example)\n\n> said", pinned=True
    )
    post(quiet, "about a box", about={"node": "redis"})
    shown = open_map(quiet, color_scheme=theme)
    place = outage(shown)
    shown.page.keyboard.press("n")
    expect(shown.page.locator(f"{NOTES} [data-note]")).to_have_count(2)
    assert objections(shown.page) == ""
    shown.page.keyboard.press("Escape")
    place.locator("summary").click()
    assert objections(shown.page) == ""
    shown.page.locator("[data-assign]").click()
    assert objections(shown.page, FORM) == ""
    shown.page.keyboard.press("Escape")
