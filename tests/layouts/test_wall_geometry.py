"""The wall's picture: large enough for five metres, and nothing on anything else."""

from itertools import combinations

import pytest

from app.domain.topology import GROUPED, standard
from layouts.geometry import Rect, area, segments
from layouts.wall_geometry import NAME, NUMBER, PLACES, ROUTES, VIEW, badge
from tests.layouts.plane import grown, inside, overlap, segment_area

TOPOLOGY = standard()
GROUP = "platform-services"
BOARD_U = 124.0
"""The width of the picture in hundredths of the screen's height (`wall.css`)."""
CAPITALS = 0.7
"""How high capitals and digits are in the fonts that are asked for, at the least."""
LETTER = 0.62
"""How wide a letter of the name of the group is, about, in a wide font."""


def on_edge(point, rect):
    x, y = point
    beside = x in (rect.left, rect.right) and rect.top < y < rect.bottom
    return beside or (y in (rect.top, rect.bottom) and rect.left < x < rect.right)


def ends(number):
    connection = TOPOLOGY.connection(number)
    return connection.source, connection.destination


def may_pass(number):
    own = set(ends(number))
    return own | {GROUP} if own & set(GROUPED) else own


def test_every_box_and_every_connection_is_drawn_within_the_view():
    assert set(PLACES) == {box.id for box in TOPOLOGY.boxes}
    assert set(ROUTES) == {one.number for one in TOPOLOGY.connections}
    for place in PLACES.values():
        assert inside(area(place), VIEW)
    for number in ROUTES:
        assert inside(badge(number), VIEW)


def test_what_must_be_read_is_as_large_as_five_metres_want():
    unit = BOARD_U / (VIEW.right - VIEW.left)
    assert NUMBER * unit * CAPITALS >= 2.3
    assert NAME * unit * CAPITALS >= 1.4


@pytest.mark.parametrize("number", ROUTES)
def test_a_line_leaves_its_source_and_arrives_at_its_destination(number):
    points = ROUTES[number].points
    for point, box in zip((points[0], points[-1]), ends(number), strict=True):
        assert on_edge(point, area(PLACES[box])), box
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        assert (x0 == x1) != (y0 == y1)


@pytest.mark.parametrize("number", ROUTES)
def test_a_line_touches_no_box_it_does_not_end_at(number):
    for segment in segments(ROUTES[number]):
        for box, place in PLACES.items():
            if box not in may_pass(number):
                assert not overlap(segment_area(segment), area(place)), box


def test_no_two_lines_lie_on_each_other():
    pieces = [(n, one) for n in ROUTES for one in segments(ROUTES[n])]
    for (n, one), (m, other) in combinations(pieces, 2):
        flat = one.top == one.bottom
        if n != m and flat == (other.top == other.bottom):
            assert not overlap(grown(one, 3), grown(other, 3)), (n, m)


def test_a_badge_sits_on_its_own_line_and_covers_no_other_badge():
    for number, route in ROUTES.items():
        assert any(overlap(badge(number), grown(s, 1)) for s in segments(route))
    for one, other in combinations(ROUTES, 2):
        assert not overlap(badge(one), badge(other)), (one, other)


@pytest.mark.parametrize("number", ROUTES)
def test_a_badge_covers_no_box_and_no_other_line(number):
    for box, place in PLACES.items():
        if box != GROUP:
            assert not overlap(badge(number), area(place)), box
    for other, route in ROUTES.items():
        for segment in segments(route):
            if other != number:
                assert not overlap(badge(number), grown(segment, 2)), other


@pytest.mark.parametrize("box", PLACES)
def test_the_lines_of_a_name_have_room_in_their_box(box):
    place = PLACES[box]
    assert len(place.lines) * NAME <= place.h - 10


def test_the_name_of_the_group_stands_beside_the_lines_that_pass():
    from layouts.wall_picture import GROUP_NAME, NAME_LINE

    place = PLACES[GROUP]
    left, top = place.x + GROUP_NAME[0], place.y + GROUP_NAME[1]
    wide = round(max(map(len, place.lines)) * NAME * LETTER)
    half = NAME_LINE * len(place.lines) // 2
    written = Rect(left, top - half, left + wide, top + half)
    assert inside(written, area(place))
    for number in ROUTES:
        assert not overlap(written, badge(number)), number
        for segment in segments(ROUTES[number]):
            assert not overlap(written, segment_area(segment)), number
