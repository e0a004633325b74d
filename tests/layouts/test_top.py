"""The header keeps to itself at every width: nothing lies over its neighbour."""

import json

import pytest

pytestmark = pytest.mark.browser
OVER = """() => {
    const shown = [...document.querySelectorAll(".top > :not(.skip), .troubled li, .sources > button, .tools > *, .product")]
        .filter((el) => el.getClientRects().length && !el.hidden);
    const box = (el) => el.getBoundingClientRect();
    const lie = (a, b) => Math.min(box(a).right, box(b).right) - Math.max(box(a).left, box(b).left) > 1
        && Math.min(box(a).bottom, box(b).bottom) - Math.max(box(a).top, box(b).top) > 1;
    return shown.flatMap((a, i) => shown.slice(i + 1).filter((b) => !a.contains(b) && !b.contains(a) && lie(a, b))
        .map((b) => `${a.className || a.tagName} under ${b.className || b.tagName}`));
}"""
WIDTHS = (390, 701, 1024, 1280, 1366, 1440, 1600, 1760, 1900, 1920, 2560, 3840)


@pytest.mark.parametrize(
    "troubled",
    [
        pytest.param(1, marks=pytest.mark.thorough),
        pytest.param(2, marks=pytest.mark.thorough),
        4,
    ],
)
def test_nothing_of_the_header_lies_over_its_neighbour(
    open_page, stage, mixed, troubled
):
    page = open_page()
    picture = json.loads(json.dumps(mixed))
    for source in picture["sources"][:troubled]:
        source |= {"status": "failing", "error": "403"}
    for source in picture["sources"][troubled:]:
        source |= {"status": "ok", "error": None}
    stage.become(picture)
    page.locator(".troubled li:not([hidden])").nth(troubled - 1).wait_for(
        state="attached"
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVER) == [], width
