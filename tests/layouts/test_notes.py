"""Notes on the page: the line in the header, the drawer, and those about what is chosen."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.domain.notes import About, Note, What, encode
from layouts import notes
from layouts.document import first_paint
from layouts.pages import CONNECTIONS, MAP
from layouts.strings_room import FOR_BROWSER
from tests.layouts.test_pages import Reader

ABOUT_17 = About(What.CONNECTION, "17")
SUBJECTS = (
    ABOUT_17,
    About(What.NODE, "redis"),
    About(What.INCIDENT, "2026-11-24-0842-k7qd"),
    About(What.MOMENT, "2026-11-24T08:42:00.000Z"),
)
PART = "(selector) => document.querySelector(selector).outerHTML"
PAINTED = """([text, selector]) => new DOMParser().parseFromString(text, 'text/html')
    .querySelector(selector).outerHTML"""


def note(now, number, about=ABOUT_17, **more):
    """Written so many hours ago."""
    at = now - timedelta(hours=number + 1)
    text = more.pop("text", f"note {number}")
    return encode(Note(f"n-{number}", at, "Ana", about, text, **more))


def told(now, *, pinned=True):
    """One about each kind of thing, and a summary."""
    said = [note(now, number, about) for number, about in enumerate(SUBJECTS)]
    last = note(now, 9, text="**Redis** fails\nover", pinned=True)
    return {"notes": [*said, last] if pinned else said}


def painted(topology, snapshot, now, page=MAP):
    return str(first_paint(topology, snapshot, page, now, name="Demo"))


@pytest.mark.parametrize("shown", [MAP, CONNECTIONS], ids=lambda page: page.key)
def test_the_header_tells_how_many_there_are_and_the_summary(
    topology, well, now, shown
):
    text = painted(topology, well | told(now), now, shown)
    line = text.split('class="noted"')[1].split("</div>")[0]
    assert ">5</span>" in line
    assert ">Redis fails over</p>" in line
    assert 'title="Redis fails over"' in line


def test_without_notes_it_is_said_what_to_write(topology, well, now):
    reader = Reader(painted(topology, well, now))
    (none,), (no_summary,) = (
        reader.having("data-no-notes"),
        reader.having("data-no-summary"),
    )
    assert "hidden" not in none
    assert "hidden" not in no_summary
    assert reader.having("data-note") == []


def test_the_pinned_one_stands_above_the_others(topology, well, now):
    text = str(notes.drawer(topology, well | told(now), now))
    assert [found["data-note"] for found in Reader(text).having("data-note")] == [
        "n-9", "n-0", "n-1", "n-2", "n-3",
    ]  # fmt: skip
    summary, rest = text.split("<ol")
    assert "<strong>Redis</strong>" in summary
    assert "Unpin" in summary
    assert rest.split("<script")[0].count("Pin as summary") == 4


def test_a_note_leads_to_what_it_is_about(topology, well, now):
    text = str(notes.drawer(topology, well | told(now), now))
    reader = Reader(text)
    assert [found["data-goto"] for found in reader.having("data-goto")] == ["17", "17"]
    assert [f["data-goto-node"] for f in reader.having("data-goto-node")] == ["redis"]
    assert "incident 2026-11-24-0842-k7qd" in text
    (link,) = [found for name, found in reader.elements if name == "a"]
    assert link["href"] == "/map/demo?at=2026-11-24T08%3A42%3A00.000Z"


def test_what_the_browser_says_is_handed_over_and_harmless(topology, well, now):
    text = str(notes.drawer(topology, well, now))
    words = text.split('id="gws-room-words">')[1].split("</script>")[0]
    assert json.loads(words) == FOR_BROWSER


@pytest.mark.browser
def test_they_are_painted_live_as_the_server_would_paint_them(
    open_page, stage, well, now
):
    page = open_page()
    for news in (told(now), told(now, pinned=False), told(now)):
        stage.become(well | news)
        expect(page.locator("[data-notes-count]")).to_have_text(str(len(news["notes"])))
        fresh = page.evaluate("() => fetch(location.href).then((r) => r.text())")
        for part in ("summary", "list", "pinned"):
            selector = f"[data-notes-{part}]"
            live = page.evaluate(PART, selector)
            assert live == page.evaluate(PAINTED, [fresh, selector])
    stage.become(well | {"notes": []})
    expect(page.locator("[data-note]")).to_have_count(0)
    expect(page.locator("[data-no-notes]")).not_to_have_attribute("hidden", "")


@pytest.mark.browser
def test_new_ones_are_counted_until_the_drawer_is_opened(open_page, stage, well, now):
    page = open_page()
    fresh = page.locator("[data-notes-fresh]")
    stage.become(well | {"notes": [note(now, 3)]})
    expect(page.locator("[data-notes-count]")).to_have_text("1")
    expect(fresh).to_be_empty()
    late = note(now, -2)
    stage.become(well | {"notes": [late, note(now, 3)]})
    expect(fresh).to_have_text("1 new")
    expect(page.locator("[data-announce]")).to_have_text("Ana wrote a note")
    page.locator("[data-notes-button]").click()
    expect(fresh).to_be_empty()


@pytest.mark.browser
def test_the_list_can_be_confined_to_what_is_chosen(open_page, stage, well, now):
    page = open_page("/map/demo?node=redis")
    stage.become(well | told(now))
    page.keyboard.press("n")
    page.get_by_label("Only about Redis").check()
    expect(page.locator("[data-notes-list] [data-note]")).to_have_count(1)
    expect(page.locator("[data-notes-summary] [data-note]")).to_have_count(1)
    page.locator("[data-notes-list] [data-goto-node]").click()
    page.locator("main [data-connection='4']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Only about 4 ")).to_be_checked()
    expect(page.get_by_text("No notes about this yet.")).to_be_visible()


@pytest.mark.browser
def test_who_stands_on_a_note_stays_there_when_others_come(open_page, stage, well, now):
    page = open_page()
    stage.become(well | {"notes": [note(now, 3), note(now, 4)]})
    page.keyboard.press("n")
    button = page.locator("[data-note='n-4'] [data-note-pin]")
    button.focus()
    stage.become(well | {"notes": [note(now, -2), note(now, 3), note(now, 4)]})
    expect(page.locator("[data-notes-list] [data-note]")).to_have_count(3)
    expect(button).to_be_focused()
    changed = note(now, 4, text="another word")
    stage.become(well | {"notes": [note(now, -2), note(now, 3), changed]})
    expect(page.locator("[data-note='n-4']")).to_contain_text("another word")
    expect(button).to_be_focused()


@pytest.mark.browser
def test_the_panel_shows_those_about_what_is_chosen(open_page, stage, well, now):
    page = open_page("/map/demo?c=17")
    # The panel is Dash's; here its place for notes is made by hand.
    page.evaluate("""() => {
        const slot = document.createElement("div");
        slot.dataset.notesFor = "17";
        document.querySelector(".overview").append(slot);
    }""")
    many = [note(now, number) for number in range(5)]
    stage.become(well | {"notes": [*many, note(now, 7, About(What.NODE, "redis"))]})
    slot = page.locator("[data-notes-for]")
    expect(slot.locator("[data-note]")).to_have_count(3)
    slot.get_by_role("button", name="All 5 notes about this").click()
    expect(page.locator("[data-notes-list] [data-note]")).to_have_count(5)
    expect(page.locator("#gws-notes select")).to_have_value("connection:17")


@pytest.mark.browser
def test_the_drawer_opens_by_key_and_gives_the_focus_back(open_page):
    page = open_page("/map/demo?c=17")
    place = page.locator("main [data-connection='17']")
    place.focus()
    page.keyboard.press("n")
    drawer = page.locator("#gws-notes")
    expect(drawer.locator("textarea")).to_be_focused()
    page.keyboard.type("n1?")
    expect(drawer.locator("textarea")).to_have_value("n1?")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(place).to_be_focused()
    expect(place).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser
def test_a_draft_survives_a_reload(open_page):
    page = open_page("/map/demo?node=redis")
    page.keyboard.press("n")
    page.keyboard.type("half a thought")
    page.get_by_label("pin as the summary").check()
    page.goto(page.url.replace("?node=redis", ""))
    expect(page.locator("[data-notes-button]")).to_have_attribute("title", "draft")
    page.keyboard.press("n")
    drawer = page.locator("#gws-notes")
    expect(drawer.locator("textarea")).to_have_value("half a thought")
    expect(drawer.locator("select")).to_have_value("node:redis")
    expect(drawer.locator("select option").first).to_have_text("Redis")
    expect(drawer.locator("[name=pinned]")).to_be_checked()
