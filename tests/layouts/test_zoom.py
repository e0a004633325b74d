"""The picture is enlarged by fingers, and a copied address shows the same part of it."""

import pytest

pytestmark = pytest.mark.browser
VIEW = """() => document.querySelector('.picture').getAttribute('viewBox').split(' ').map(Number)"""
IN_THE_ADDRESS = """() => {
    const [x, y, width] = document.querySelector('.picture').getAttribute('viewBox').split(' ').map(Number).map(Math.round);
    return new URLSearchParams(location.search).get('zoom') === [x, y, width].join();
}"""
TABLET = {"width": 1280, "height": 800, "has_touch": True}


def view(page):
    return page.evaluate(VIEW)


def fingers(page, *steps):
    """Each step is where every finger is then; the first lays them on."""
    session = page.context.new_cdp_session(page)
    for number, points in enumerate(steps):
        kind = "touchMove" if number else "touchStart"
        touch(session, kind, [{"x": x, "y": y} for x, y in points])
    touch(session, "touchEnd", [])


def touch(session, kind, points):
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def under(page, x, y):
    """The place of the plane that is seen there."""
    return page.evaluate(
        """([x, y]) => { const { x: left, y: top } = new DOMPoint(x, y)
            .matrixTransform(document.querySelector('.picture').getScreenCTM().inverse()); return [left, top]; }""",
        [x, y],
    )


def test_two_fingers_enlarge_what_is_between_them(open_page):
    page = open_page(**TABLET)
    before = under(page, 600, 400)
    fingers(page, [(550, 400), (650, 400)], [(500, 400), (700, 400)])
    assert view(page)[2] == pytest.approx(800)
    assert under(page, 600, 400) == pytest.approx(before, abs=2)
    fingers(page, [(500, 400), (700, 400)], [(590, 400), (610, 400)])
    assert view(page)[2] == 1600


def test_one_finger_moves_an_enlarged_picture_and_leaves_a_whole_one(open_page):
    page = open_page(**TABLET)
    fingers(page, [(600, 400)], [(500, 350)])
    assert view(page) == [0, 0, 1600, 900]
    page.keyboard.press("+")
    before = view(page)
    fingers(page, [(600, 400)], [(560, 380)])
    after = view(page)
    assert after[0] > before[0] and after[1] > before[1] and after[2] == before[2]


def test_what_is_shown_stands_in_the_address_and_is_shown_by_it(open_page):
    page = open_page()
    for key in ("+", "+", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_function(IN_THE_ADDRESS)
    path = "/map" + page.url.partition("/map")[2]
    other = open_page(path)
    assert view(other) == pytest.approx(view(page), abs=1)
    page.keyboard.press("0")
    page.wait_for_url("**/map/demo")


@pytest.mark.parametrize("asked", ["1,2", "a,b,c", "", "9999,-5,1", "0,0,99999"])
def test_an_address_can_only_ask_for_what_there_is(open_page, asked):
    page = open_page(f"/map/demo?zoom={asked}")
    x, y, width, height = view(page)
    assert x >= 0 and y >= 0 and x + width <= 1600 and y + height <= 900
