"""The fewest of the accused that explain everything, where the greedy way is longer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.charges import Charge
from app.domain.snapshot import Suspect
from app.domain.subject import NodeId
from app.domain.suspects import MOST_TRIED, Accused, smallest
from tests.domain.scene import NOW

ROWS = (frozenset(range(1, 8)), frozenset(range(8, 15)))
COLUMNS = (
    frozenset({1, 2, 3, 4, 8, 9, 10, 11}),
    frozenset({5, 6, 12, 13}),
    frozenset({7, 14}),
)


def accused(name: str, explains: frozenset[int]) -> Accused:
    charge = Charge(by_own=True, rank=7, why="down")
    return Accused(name, charge, NOW, explains, depth=0, node=NodeId(name))


def named(sets: list[frozenset[int]]) -> list[frozenset[int]]:
    every = [accused(f"box-{n}", explains) for n, explains in enumerate(sets)]
    return [one.explains for one in smallest(every)]


def test_two_rows_are_told_and_not_the_three_columns_that_look_larger() -> None:
    assert set(named([*COLUMNS, *ROWS])) == set(ROWS)


def test_whoever_alone_explains_something_makes_it_no_harder() -> None:
    many = [frozenset({100 + n}) for n in range(MOST_TRIED // 20)]
    assert set(named([*COLUMNS, *ROWS, *many])) == {*ROWS, *many}


def test_of_very_many_not_every_set_is_tried() -> None:
    many = [frozenset({100 + n, 101 + n}) for n in range(MOST_TRIED // 20)]
    found = set(named([*COLUMNS, *ROWS, *many]))
    assert set(COLUMNS) <= found
    assert not found.intersection(ROWS)


@given(st.lists(st.frozensets(st.integers(1, 8)), max_size=7))
def test_all_is_explained_and_nobody_can_be_left_out(
    sets: list[frozenset[int]],
) -> None:
    found = named(sets)
    assert frozenset().union(*found) == frozenset().union(*sets)
    for place, one in enumerate(found):
        rest = frozenset().union(*found[:place], *found[place + 1 :])
        assert one - rest


def test_a_suspect_is_named_in_one_word() -> None:
    text = "Look there first"
    assert Suspect(NodeId("redis"), (), NOW, text).who == "redis"
    assert Suspect(None, (17,), NOW, text, connection=17).who == "connection 17"
    assert Suspect(None, (), NOW, text, host="worker-2").who == "host worker-2"
