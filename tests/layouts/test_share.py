"""What can be copied of a page: a link, a summary, the picture with its moment in it."""

import re
import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import expect

from layouts.strings_moments import WAYS

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
BURN = "window.gwsBurn.svg(document.querySelector('.picture'), 'https://gws.example/map/demo?at=x')"


@pytest.fixture
def shared(open_page, stage, mixed):
    """A page with all kinds of trouble, and the right to copy."""
    stage.snapshot = mixed

    def open_(path="/map/demo", **options):
        def allow(page):
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])

        return open_page(path, prepare=allow, **options)

    return open_


def choose(page, way):
    page.keyboard.press("s")
    page.locator(f'[data-share="{way}"]').click()
    return page.locator("[data-share-said]")


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_the_link_names_the_moment_and_what_is_chosen(shared, stage):
    page = shared("/map/demo?c=17")
    expect(choose(page, "link")).to_contain_text(
        "The link is copied. It shows the page as"
    )
    at = stage.snapshot["at"]
    assert clipboard(page) == f"{stage.address}/map/demo?c=17&at={at}"
    assert page.url.endswith("/map/demo?c=17")


def test_a_copied_link_opens_the_same_picture(shared, stage):
    page = shared()
    read = """() => [...document.querySelectorAll('main [data-status]')]
        .map((el) => [el.dataset.connection || el.dataset.node, el.dataset.status])"""
    seen = page.evaluate(read)
    expect(choose(page, "link")).not_to_be_empty()
    stage.past[stage.snapshot["at"]] = stage.snapshot
    link = clipboard(page)
    stage.turn(1, "failing")
    page.goto(link)
    assert page.evaluate(read) == seen


def test_the_summary_tells_what_is_bad_since_when_and_why(shared):
    page = shared()
    expect(choose(page, "summary")).to_have_text("The summary is copied.")
    lines = clipboard(page).split("\n")
    assert re.fullmatch(r"\*\*Demo: failing since [\d:]+ \S+\*\*", lines[0])
    assert "2026-11-24 10:42:30 UTC" in lines[1]
    assert lines[2].startswith("No pod is ready")
    assert lines[3] == "Not well: 9 of 31 connections"
    assert [int(re.match(r"- \*\*(\d+)\*\*", line)[1]) for line in lines[4:-1]] == [
        8, 12, 18, 24, 25, 3, 13, 17, 9,
    ]  # fmt: skip
    assert "failing since" in lines[4]
    assert "connect timed out, 3 of 3" in lines[4]
    assert "/map/demo?at=2026-11-24T10:42:30.000Z" in lines[-1]


def test_a_summary_of_a_healthy_deployment_is_short(shared, stage, well):
    stage.snapshot = well
    page = shared()
    expect(choose(page, "summary")).not_to_be_empty()
    lines = clipboard(page).split("\n")
    assert lines[0].startswith("**Demo: ok since ")
    assert lines[2] == "All 31 connections are well."


def test_the_picture_says_whose_it_is_when_how_old_and_what_means_what(shared):
    page = shared()
    drawn = ET.fromstring(page.evaluate(BURN))
    texts = [text.text or "" for text in drawn.iter(f"{SVG}text")]
    said = "\n".join(texts)
    for part in (
        "Demo: failing since ",
        "2026-11-24 10:42:30 UTC",
        "Last heard: Kubernetes 1 s ago, Consul 4 min ago",
        "No pod is ready; it explains",
        "Connections: 5 failing, 3 degraded, 1 stale, 2 no data, 1 maintenance, 2 idle",
        "https://gws.example/map/demo?at=x",
        "degraded",
        "not installed",
        "Redis",
    ):
        assert part in said, part
    assert {str(n) for n in range(1, 32)} <= set(texts)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_needs_nothing_of_the_page(shared, theme):
    page = shared()
    page.emulate_media(color_scheme=theme)
    source = page.evaluate(BURN)
    for rest in ("var(", "class=", "data-", "href=", "aria-", "style="):
        assert rest not in source, rest
    paints = set(re.findall(r'(?:fill|stroke)="([^"]+)"', source))
    assert all(re.fullmatch(r"none|#\w{3,8}|rgba?\([^)]*\)", paint) for paint in paints)
    failing = page.evaluate(
        "getComputedStyle(document.querySelector('[data-connection=\"12\"] .line')).stroke"
    )
    assert source.count(f'stroke="{failing}"') >= 5


def test_the_picture_is_copied_as_an_image(shared):
    page = shared()
    expect(choose(page, "picture")).to_have_text(
        "The picture is copied.", timeout=30_000
    )
    size = page.evaluate("""async () => {
        const [item] = await navigator.clipboard.read();
        const image = await createImageBitmap(await item.getType('image/png'));
        return [image.width, image.height]; }""")
    assert size[0] == 3280
    assert size[1] > 2000


@pytest.mark.parametrize(("way", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_the_picture_is_downloaded_under_its_moment(shared, way, begins):
    page = shared()
    with page.expect_download() as file:
        said = choose(page, way)
    assert file.value.suggested_filename == f"demo-2026-11-24T10-42-30Z.{way}"
    assert file.value.path().read_bytes().startswith(begins)
    expect(said).to_have_text("The picture is downloaded.")


def test_what_may_not_be_copied_is_marked_to_be_copied_by_hand(shared, stage):
    stage.headers = {"Permissions-Policy": "clipboard-write=(), clipboard-read=()"}
    page = shared(expected=("ermissions",))
    expect(choose(page, "summary")).to_contain_text("Copy the marked text with Ctrl+C")
    text = page.locator("[data-share-by-hand]")
    expect(text).to_be_focused()
    assert (
        text.evaluate("(el) => el.value.slice(el.selectionStart, el.selectionEnd)")
        == text.input_value()
    )
    with page.expect_download() as file:
        said = choose_again(page, "picture")
    assert file.value.suggested_filename.endswith(".png")
    expect(said).to_contain_text("It is downloaded.")


def choose_again(page, way):
    page.locator(f'[data-share="{way}"]').click()
    return page.locator("[data-share-said]")


def test_the_menu_is_walked_by_keys_and_gives_the_focus_back(shared):
    page = shared()
    button, menu = page.locator("[data-share-button]"), page.locator("#gws-share-menu")
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    ways = [way for way, _ in WAYS]
    expect(page.locator(f'[data-share="{ways[0]}"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'[data-share="{ways[1]}"]')).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(f'[data-share="{ways[-1]}"]')).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_where_there_is_no_picture_none_is_offered(shared):
    page = shared("/connections/demo")
    page.keyboard.press("s")
    expect(page.locator("[data-share]:visible")).to_have_count(2)
