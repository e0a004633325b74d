"""The picture's promises, proved from its data: every line can be followed."""

from itertools import combinations

import pytest

from app.domain.topology import GROUPED, standard
from layouts.geometry import (
    BOUNDARY,
    CELL,
    CHIPS,
    HEIGHT,
    MOST_WITNESSES,
    PLACES,
    ROUTES,
    WIDTH,
    Rect,
    area,
    badge_area,
    crossings,
    differ_area,
    differ_middle,
    flap_area,
    segments,
    witness_area,
    witness_cells,
)
from layouts.strings import WITNESSES
from tests.layouts.plane import grown, inside, overlap, segment_area

TOPOLOGY = standard()
GROUP = "platform-services"
ARROW = 10


def on_edge(point, rect):
    x, y = point
    beside = x in (rect.left, rect.right) and rect.top < y < rect.bottom
    return beside or (y in (rect.top, rect.bottom) and rect.left < x < rect.right)


def ends(number):
    connection = TOPOLOGY.connection(number)
    return connection.source, connection.destination


def beside_badge(number):
    """What may stand at a badge: the marks of its witnesses, the sign of disagreement,
    how often it changed."""
    route = ROUTES[number]
    x, y = (sum(pair) for pair in zip(route.badge, differ_middle(route), strict=True))
    return [witness_area(route), differ_area(x, y), flap_area(route)]


def may_pass(number):
    """Boxes that a line may touch: its ends, and the group around a member."""
    own = set(ends(number))
    return own | {GROUP} if own & set(GROUPED) else own


def test_every_box_and_every_connection_is_drawn():
    assert set(PLACES) == {box.id for box in TOPOLOGY.boxes}
    assert set(ROUTES) == {connection.number for connection in TOPOLOGY.connections}


def test_the_picture_is_sixteen_to_nine_and_holds_everything():
    frame = grown(Rect(0, 0, WIDTH, HEIGHT), -6)
    assert WIDTH * 9 == HEIGHT * 16
    assert all(inside(area(place), frame) for place in [*PLACES.values(), BOUNDARY])
    assert all(inside(badge_area(route), frame) for route in ROUTES.values())


@pytest.mark.parametrize("number", ROUTES)
def test_a_line_starts_and_ends_on_the_edges_of_its_boxes(number):
    source, destination = ends(number)
    first, *_, last = ROUTES[number].points
    assert on_edge(first, area(PLACES[source]))
    assert on_edge(last, area(PLACES[destination]))


@pytest.mark.parametrize("number", ROUTES)
def test_a_line_is_orthogonal_and_does_not_turn_back(number):
    points = ROUTES[number].points
    steps = [
        (x1 - x0, y1 - y0)
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False)
    ]
    assert all((dx == 0) != (dy == 0) for dx, dy in steps)
    turns = zip(steps, steps[1:], strict=False)
    assert all((one[0] == 0) != (two[0] == 0) for one, two in turns)


@pytest.mark.parametrize("number", ROUTES)
def test_no_line_comes_near_a_box_it_does_not_end_at(number):
    near = {
        box
        for box, place in PLACES.items()
        for segment in segments(ROUTES[number])
        if box not in may_pass(number)
        and overlap(grown(area(place), 10), segment_area(segment))
    }
    assert near == set()


@pytest.mark.parametrize("number", ROUTES)
def test_a_line_leaves_its_own_boxes_at_once(number):
    pieces = segments(ROUTES[number])
    within = [grown(area(PLACES[end]), -1) for end in ends(number) if end != GROUP]
    assert not any(overlap(box, piece) for box in within for piece in pieces)


def test_no_two_lines_lie_on_each_other():
    together = {
        (one, two)
        for one, two in combinations(ROUTES, 2)
        for mine in segments(ROUTES[one])
        for other in segments(ROUTES[two])
        if (mine.top == mine.bottom) == (other.top == other.bottom)
        and overlap(grown(mine, 7), grown(other, 1))
    }
    assert together == set()


def test_few_lines_cross_and_each_crossing_is_clean():
    spots = [(n, x, y) for n, found in crossings().items() for x, y, _ in found]
    assert len(spots) <= 7
    for number, x, y in spots:
        around = Rect(x - 7, y - 7, x + 7, y + 7)
        corners = [point for route in ROUTES.values() for point in route.points]
        assert not any(
            overlap(around, Rect(cx, cy, cx + 1, cy + 1)) for cx, cy in corners
        ), number
        assert not any(
            overlap(around, badge_area(route)) for route in ROUTES.values()
        ), number


@pytest.mark.parametrize("number", ROUTES)
def test_a_badge_sits_on_its_own_line_clear_of_the_arrow(number):
    x, y = ROUTES[number].badge
    assert any(
        piece.left <= x <= piece.right and piece.top <= y <= piece.bottom
        for piece in segments(ROUTES[number])
    )
    tip = ROUTES[number].points[-1]
    assert not overlap(badge_area(ROUTES[number]), grown(Rect(*tip, *tip), ARROW))


@pytest.mark.parametrize("number", ROUTES)
def test_a_badge_covers_no_box_no_other_line_and_no_other_badge(number):
    badge = badge_area(ROUTES[number])
    boxes = [
        box
        for box, place in PLACES.items()
        if overlap(badge, area(place)) and box != GROUP
    ]
    assert boxes == []
    assert not (
        overlap(badge, area(PLACES[GROUP])) and not inside(badge, area(PLACES[GROUP]))
    )
    others = [n for n in ROUTES if n != number]
    assert [n for n in others if overlap(grown(badge, 2), badge_area(ROUTES[n]))] == []
    assert [
        n
        for n in others
        if any(overlap(badge, segment_area(s)) for s in segments(ROUTES[n]))
    ] == []


@pytest.mark.parametrize("number", ROUTES)
def test_what_stands_at_a_badge_covers_nothing_but_its_own_line(number):
    group = area(PLACES[GROUP])
    others = [n for n in ROUTES if n != number]
    tip = ROUTES[number].points[-1]
    for mark in beside_badge(number):
        touched = [box for box, place in PLACES.items() if overlap(mark, area(place))]
        assert touched == [] or (touched == [GROUP] and inside(mark, group))
        assert not overlap(mark, grown(Rect(*tip, *tip), ARROW))
        assert [n for n in others if overlap(mark, badge_area(ROUTES[n]))] == []
        assert [
            n
            for n in others
            if any(overlap(mark, theirs) for theirs in beside_badge(n))
        ] == []
        assert [
            n
            for n in others
            if any(overlap(mark, segment_area(s)) for s in segments(ROUTES[n]))
        ] == []


@pytest.mark.parametrize("number", ROUTES)
def test_the_marks_of_witnesses_stand_under_the_badge_and_apart(number):
    route = ROUTES[number]
    for count in range(1, MOST_WITNESSES + 1):
        cells = [
            Rect(route.badge[0] + x, route.badge[1] + y, route.badge[0] + x + CELL,
                 route.badge[1] + y + CELL)
            for x, y in witness_cells(route, count)
        ]  # fmt: skip
        assert len(cells) == count
        assert not any(overlap(one, two) for one, two in combinations(cells, 2))
        assert not any(overlap(cell, badge_area(route)) for cell in cells)
        assert all(inside(cell, witness_area(route)) for cell in cells)


def test_as_many_witnesses_are_provided_for_as_there_are():
    assert len(WITNESSES) == MOST_WITNESSES
    assert len({name[0] for name in WITNESSES.values()}) == MOST_WITNESSES


@pytest.mark.parametrize("number", ROUTES)
def test_nothing_of_a_badge_lies_on_the_boundary(number):
    x, y, w, h, _ = BOUNDARY
    edges = [
        Rect(x, y, x + w, y),
        Rect(x, y + h, x + w, y + h),
        Rect(x, y, x, y + h),
        Rect(x + w, y, x + w, y + h),
    ]
    assert not any(
        overlap(part, grown(edge, 1))
        for part in (badge_area(ROUTES[number]), *beside_badge(number))
        for edge in edges
    )


def test_boxes_keep_clear_of_each_other():
    single = {box: area(place) for box, place in PLACES.items() if box not in GROUPED}
    pairs = combinations(single.values(), 2)
    assert not any(overlap(grown(one, 7), grown(two, 7)) for one, two in pairs)
    members = [area(PLACES[box]) for box in GROUPED]
    assert not any(
        overlap(grown(a, 6), grown(b, 6)) for a, b in combinations(members, 2)
    )


def test_members_and_chips_stand_inside_their_group():
    room = grown(area(PLACES[GROUP]), -8)
    assert all(inside(area(PLACES[box]), room) for box in GROUPED)
    chips = [area(place) for _, place in CHIPS.values()]
    assert all(inside(chip, room) for chip in chips)
    lines = [segment_area(s) for route in ROUTES.values() for s in segments(route)]
    assert not any(overlap(chip, line) for chip in chips for line in lines)


def test_chips_are_the_workloads_without_a_box():
    own = {work.names[0] for work in TOPOLOGY.box(GROUP).workloads}
    assert set(CHIPS) == own
