"""A group whose boxes fell ill together is suspected in their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.charges import Charge, Charges
from app.domain.facts_traffic import TrafficFact
from app.domain.reading import Feed
from app.domain.snapshot import Suspect
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.suspects import depth, explained, suspects
from app.domain.topology import GROUPED, Topology, standard
from app.domain.verdict import Track
from app.domain.wholes import WITHIN
from tests.domain.scene import NOW, Scene

TOPOLOGY = standard()
GROUP = NodeId("platform-services")
INTO = (2, 15, 16, 21, 29, 30, 31)
"""What ends at the group, or at a box in it."""
FOUR = ("statistics", "voice", "interaction", "data-collector")


def blamed(
    ill: Mapping[str, float],
    bad: Collection[int] = INTO,
    own: Collection[str] = GROUPED,
    topology: Topology = TOPOLOGY,
) -> list[Suspect]:
    """`ill`: accused boxes and the second at which they fell ill; `own`: those that
    their own witnesses accuse."""
    charged = {
        NodeId(box): Charge(box in own, Status.FAILING.rank, "down") for box in ill
    }
    tracks = {
        NodeId(box): Track(Status.FAILING, NOW + timedelta(seconds=at))
        for box, at in ill.items()
    }
    began = dict.fromkeys(bad, NOW)
    return [*suspects(topology, Charges(charged), tracks, began)]


def nodes(found: Collection[Suspect]) -> list[str | None]:
    return [one.node for one in found]


def test_a_group_all_of_which_is_ill_is_the_one_suspect() -> None:
    (one,) = blamed({box: place for place, box in enumerate(GROUPED)})
    assert (one.node, one.explains, one.first_seen) == (GROUP, INTO, NOW)
    assert one.text == (
        "Look at Platform services first: all 6 boxes in it at about one time, "
        "GWS Statistics Service: down. It explains connections 2, 15, 16, 21, 29, 30, 31."
    )


def test_most_of_a_group_is_told_as_so_many_of_it() -> None:
    (one,) = blamed(dict.fromkeys(FOUR, 0), bad=(2, 15, 29, 30))
    assert "4 of the 6 boxes in it at about one time" in one.text


def test_half_of_a_group_is_suspected_box_by_box() -> None:
    found = blamed(dict.fromkeys(FOUR[:3], 0), bad=(2, 29, 30))
    assert set(nodes(found)) == {"statistics", "voice"}


def test_what_fell_ill_at_another_time_has_a_cause_of_its_own() -> None:
    late = WITHIN.total_seconds() + 1
    found = blamed(dict.fromkeys(GROUPED, 0) | {"setting": late})
    assert nodes(found) == [GROUP, "setting"]
    assert found[0].explains == (2, 15, 16, 21, 29, 30)


def test_boxes_that_fell_ill_one_long_after_the_other_are_no_whole() -> None:
    late = WITHIN.total_seconds() + 1
    found = blamed({box: place * late for place, box in enumerate(GROUPED)})
    assert GROUP not in nodes(found)


def test_what_is_not_installed_is_no_part_of_the_whole() -> None:
    gone = frozenset(NodeId(box) for box in ("setting", "configuration", "voice"))
    found = blamed(
        {"statistics": 0, "data-collector": 0}, bad=(2, 15, 30),
        topology=replace(TOPOLOGY, absent=gone),
    )  # fmt: skip
    assert nodes(found) == [GROUP]
    assert "2 of the 3 boxes" in found[0].text


def test_of_a_group_of_which_one_box_is_installed_that_one_is_suspected() -> None:
    gone = frozenset(GROUPED) - {"statistics"}
    topology = replace(TOPOLOGY, absent=gone)
    found = blamed({"statistics": 0}, bad=(2, 30), topology=topology)
    assert nodes(found) == ["statistics"]


def test_a_group_that_waits_for_another_box_is_explained_by_that() -> None:
    ill = dict.fromkeys([*GROUPED, "authentication"], 0)
    bad = (*INTO, 11, 14, 20)
    (one,) = blamed(ill, bad, own=("authentication",))
    assert (one.node, set(one.explains)) == ("authentication", set(bad))


def test_a_group_that_is_down_itself_is_explained_by_nobody_else() -> None:
    found = blamed(dict.fromkeys([*GROUPED, "authentication"], 0), (*INTO, 11, 14, 20))
    assert nodes(found) == [GROUP, "authentication"]


def test_a_box_in_a_group_reaches_the_group_by_what_it_lacks() -> None:
    (one,) = blamed({"redis": 0, "interaction": 0}, bad=(2, 24), own=("redis",))
    assert (one.node, one.explains) == ("redis", (2, 24))


def test_a_part_is_deeper_than_its_group_and_suspected_before_it() -> None:
    assert all(depth(TOPOLOGY, part) < depth(TOPOLOGY, GROUP) for part in GROUPED)
    found = blamed({GROUP: 0, "interaction": 0}, bad=(2,), own=(GROUP, "interaction"))
    assert nodes(found) == ["interaction"]


@pytest.mark.parametrize("heal", [False, True])
def test_a_group_that_is_down_is_one_suspect_until_it_is_well(
    scene: Scene, heal: bool
) -> None:
    everything = (GROUP, *GROUPED)
    for box in everything:
        scene.crash(box)
    assert nodes(scene.look().suspects) == [GROUP]
    for box in everything if heal else ():
        scene.heal(box)
    assert nodes(scene.look(after=1).suspects) == [GROUP]


def test_a_group_that_answers_with_errors_is_one_suspect(scene: Scene) -> None:
    for _ in range(2):
        for box in GROUPED:
            made = {"requests": 100.0, "errors": 50.0, "window_s": 15.0}
            fact = TrafficFact(NodeId(box), f"{box}-1", **made)
            scene.hear(Feed("scrape", box, 45), fact)
        scene.look(scene.limits.enter + 1)
    assert nodes(scene.look().suspects) == [GROUP]


BOXES = [box.id for box in TOPOLOGY.boxes]
NUMBERS = [connection.number for connection in TOPOLOGY.connections]


@given(
    st.dictionaries(st.sampled_from(BOXES), st.integers(0, 300), max_size=9),
    st.frozensets(st.sampled_from(NUMBERS)),
    st.frozensets(st.sampled_from(BOXES)),
)
def test_all_is_explained_and_nobody_is_told_twice_or_in_vain(
    ill: dict[str, int], bad: frozenset[int], own: frozenset[str]
) -> None:
    found = blamed(ill, bad, own)
    every = [frozenset(one.explains) for one in found]
    theirs = [explained(TOPOLOGY, [NodeId(box)], bad) for box in ill]
    assert frozenset().union(*every) >= frozenset().union(*theirs)
    assert frozenset().union(*every) <= bad
    assert len(set(nodes(found))) == len(found)
    assert {*nodes(found)} <= {*ill, GROUP}
    for place, one in enumerate(every):
        assert one - frozenset().union(*every[:place], *every[place + 1 :])
