"""What is written in the boxes has room, however much there is to say."""

from datetime import UTC, datetime
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.topology import standard
from layouts import says
from layouts.geometry import (
    CHIPS,
    PLACES,
    ROUTES,
    Rect,
    area,
    badge_area,
    differ_area,
    segments,
)
from layouts.marks import box_corner
from layouts.picture import GROUP_ROOM, draw
from layouts.says import UNHEARD
from tests.layouts.plane import grown, inside, overlap, segment_area

TOPOLOGY = standard()
GROUP = "platform-services"
RISE = 12
"""How far a text stands above its baseline; a quarter of it is below."""
SLIM, SLIM_PX, BOLD_PX = "fijlrtI /", 6.3, 10.9
"""Letters of a name in a wide bold font."""
NOW = datetime(2026, 11, 24, 10, 42, 30, tzinfo=UTC)
LONGEST = UNHEARD | {
    "status": "failing", "ready": 10, "desired": 12, "restarts": 1234,
    "memory": 999 * 2**20, "memory_limit": 1023 * 2**20, "clients": 9999,
    "clients_limit": 65000, "version": "100.0.001.0026-hotfix.17-20261124",
}  # fmt: skip
FULL = {
    "connections": [],
    "nodes": [LONGEST | {"id": box.id} for box in TOPOLOGY.boxes],
}
"""As much to say of every box as there can be."""


def bold_px(name):
    return sum(SLIM_PX if one in SLIM else BOLD_PX for one in name)


def texts(box):
    """Everything written in a box, about: (rectangle, class), by how it is drawn."""
    drawing = ElementTree.fromstring(draw(TOPOLOGY, FULL, NOW))
    (node,) = [el for el in drawing.iter() if el.get("data-node") == box]
    group = box == GROUP
    found = []
    for el in node.iter("text"):
        kind = el.get("class")
        if kind in ("name", "details"):
            x, y = float(el.get("x")), float(el.get("y"))
            wide = bold_px(el.text) if kind == "name" else says.width_px(el.text)
            left = x if group else x - wide / 2
            found.append((Rect(left, y - RISE, left + wide, y + RISE / 4), kind))
    return found


@pytest.mark.parametrize("box", PLACES)
def test_whatever_is_written_in_a_box_fits_into_it(box):
    written = texts(box)
    place = grown(area(PLACES[box]), -2)
    assert all(inside(rect, place) for rect, _ in written), written
    rects = [rect for rect, _ in written]
    assert not any(overlap(one, two) for one, two in combinations(rects, 2))
    kinds = [kind for _, kind in written]
    assert ("details" in kinds) == bool(TOPOLOGY.box(box).workloads)


def test_the_small_line_of_the_group_keeps_clear_of_lines_and_chips():
    (line,) = [rect for rect, kind in texts(GROUP) if kind == "details"]
    room = Rect(line.left, line.top, line.left + GROUP_ROOM, line.bottom)
    lines = [segment_area(s) for route in ROUTES.values() for s in segments(route)]
    chips = [area(place) for _, place in CHIPS.values()]
    assert not any(overlap(room, other) for other in [*lines, *chips])


@pytest.mark.parametrize("box", PLACES)
def test_a_boxs_sign_of_disagreement_touches_no_name_no_line_and_no_other_box(box):
    sign = differ_area(*box_corner(PLACES[box]))
    lines = [segment_area(s) for route in ROUTES.values() for s in segments(route)]
    badges = [badge_area(route) for route in ROUTES.values()]
    assert not any(overlap(sign, other) for other in [*lines, *badges])
    near = [b for b, place in PLACES.items() if overlap(grown(sign, 2), area(place))]
    assert set(near) <= {box, GROUP}
    names = [rect for rect, _ in texts(box)]
    assert not any(overlap(sign, name) for name in names)


STATES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["ok", "failing", "absent"]),
        "ready": st.none() | st.integers(0, 99),
        "desired": st.none() | st.integers(0, 99),
        "restarts": st.none() | st.integers(0, 10**6),
        "users": st.none() | st.integers(0, 10**7),
        "memory": st.none() | st.integers(0, 2**44),
        "memory_limit": st.none() | st.integers(2**20, 2**44),
        "clients": st.none() | st.integers(0, 10**7),
        "clients_limit": st.none() | st.integers(1, 10**7),
        "version": st.none() | st.text("0123456789.-abcxyz", min_size=1, max_size=60),
    }
)


@given(STATES, st.sampled_from([place.w - 8 for place in PLACES.values()]))
def test_a_small_line_never_needs_more_room_than_there_is(state, room):
    line = says.details(state, room)
    assert says.width_px(line) <= room
    told = [state[name] for name in ("users", "memory", "clients", "version")]
    assert bool(line) or all(value is None for value in told)


ONE = UNHEARD | {"status": "ok", "ready": 3, "desired": 3, "restarts": 2}


@pytest.mark.parametrize(
    ("state", "room", "line"),
    [
        ({}, 300, ""),
        ({"version": "9.0.1"}, 300, "9.0.1"),
        ({"version": "9.0.1", "users": 342}, 300, "342 users · 9.0.1"),
        ({"version": "9.0.1", "users": 1}, 90, "1 user"),
        ({"version": "9.0.1, 9.0.2"}, 300, "2 versions"),
        ({"version": "9.0.1", "status": "failing"}, 300, "2 restarts · 9.0.1"),
        ({"version": "9.0.1", "ready": 2}, 300, "2 restarts · 9.0.1"),
        ({"version": "9.0.1", "ready": None}, 300, "9.0.1"),
        ({"version": "9.0.1-hotfix.17"}, 90, "9.0.1-hotf…"),
        ({"memory": 206 * 2**20, "memory_limit": 768 * 2**20, "clients": 102,
          "clients_limit": 30000, "version": "6.2.7"}, 370,
         "206/768 MiB · 102/30k clients · 6.2.7"),
        ({"memory": 206 * 2**20, "memory_limit": 768 * 2**20, "clients": 102,
          "version": "6.2.7"}, 190, "206/768 MiB · 6.2.7"),
    ],
)  # fmt: skip
def test_the_most_telling_comes_first_and_the_rest_is_left_out(state, room, line):
    assert says.details(ONE | state, room) == line
