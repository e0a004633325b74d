"""The picture in small: a well one is its shape alone, the rest is drawn over it."""

import pytest

from app.domain.fleet import LETTERS
from app.domain.status import Status
from layouts import fleet_map
from tests.layouts.test_pages import Reader


def drawn(connections, nodes):
    """What is drawn over the picture of a well deployment: (class, status, shapes)."""
    paths = Reader(fleet_map.small_map(connections, nodes)).having("d")
    return [
        (p["class"], p.get("data-status"), p["d"].count("M")) for p in paths
    ]  # fmt: skip


def test_a_well_deployment_is_the_shape_alone():
    assert drawn("o" * 31, "o" * 23) == []
    assert Reader(fleet_map.small_map("o" * 31, "o" * 23)).having("href")[0] == {
        "href": "#gws-fleet-map"
    }


def test_what_is_not_well_is_one_path_a_status_the_worst_on_top():
    connections = "f" * 2 + "d" * 3 + "o" * 26
    nodes = "n" + "f" + "o" * 21
    assert drawn(connections, nodes) == [
        ("fleet-blank", None, 7),
        ("fleet-lines", "degraded", 3),
        ("fleet-lines", "failing", 2),
        ("fleet-boxes", "no_data", 1),
        ("fleet-boxes", "failing", 1),
    ]


@pytest.mark.parametrize("status", [s for s in Status if s != Status.OK])
def test_every_other_status_is_drawn(status):
    letter = LETTERS[status]
    found = drawn(letter * 31, letter * 23)
    assert found[0] == ("fleet-blank", None, 54)
    assert found[1:] == [("fleet-lines", status, 31), ("fleet-boxes", status, 23)]


def test_the_whole_picture_is_in_the_symbol():
    lines, boxes = Reader(fleet_map.symbol()).having("d")
    assert (lines["d"].count("M"), boxes["d"].count("M")) == (31, 23)
