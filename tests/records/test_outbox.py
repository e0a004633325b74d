"""What waits to be written: the newest word, in order, bounded, and never lost by failing."""

from __future__ import annotations

import threading

import pytest

from app.records.outbox import Outbox


def box(most: int = 9, *vital: str) -> Outbox[int, str]:
    return Outbox(threading.Condition(), most, lambda value: value in vital)


def test_the_newest_word_on_a_thing_waits_at_the_place_of_the_first() -> None:
    waits = box()
    waits.put([(1, "a"), (2, "b")])
    waits.put([(1, "c")])
    assert [*waits.waiting().items()] == [(1, "c"), (2, "b")]
    assert (len(waits), 1 in waits, 3 in waits) == (2, True, False)


def test_the_oldest_are_given_up_for_want_of_room_and_told() -> None:
    waits = box(3)
    assert waits.put((number, "x") for number in range(3)) == []
    assert waits.put([(3, "x"), (4, "x")]) == [0, 1]
    assert [*waits.waiting()] == [2, 3, 4]


def test_what_is_vital_is_never_given_up() -> None:
    waits = box(2, "open")
    waits.put([(1, "open"), (2, "x"), (3, "x")])
    assert [*waits.waiting()] == [1, 3]
    assert waits.put([(4, "open"), (5, "open")]) == [3]
    assert [*waits.waiting()] == [1, 4, 5], "more than there is room for"


def test_what_is_vital_may_become_dispensable() -> None:
    waits = box(1, "open")
    waits.put([(1, "open"), (2, "open")])
    assert waits.put([(1, "over")]) == [1]
    assert waits.waiting() == {2: "open"}


def test_each_is_given_out_until_nothing_waits() -> None:
    waits = box()
    waits.put([(1, "a"), (2, "b")])
    assert [*waits.each()] == [(1, "a"), (2, "b")]
    assert not waits


def test_what_comes_while_it_is_written_is_given_out_too() -> None:
    waits, seen = box(), []
    waits.put([(1, "old")])
    for key, value in waits.each():
        seen.append((key, value))
        if value == "old":
            waits.put([(1, "new"), (2, "b")])
    assert seen == [(1, "old"), (1, "new"), (2, "b")]


def test_one_that_could_not_be_written_waits_on() -> None:
    waits, seen = box(), []
    waits.put([(1, "a"), (2, "b"), (3, "c")])
    with pytest.raises(OSError, match="gone"):
        for key, _ in waits.each():
            if key == 2:
                raise OSError("gone")
            seen.append(key)
    assert seen == [1]
    assert waits.waiting() == {2: "b", 3: "c"}


def test_only_the_word_that_was_written_no_longer_waits() -> None:
    waits = box()
    waits.put([(1, "a"), (2, "b")])
    waits.written(1, "other")
    waits.written(2, "b")
    waits.written(7, "never")
    assert waits.waiting() == {1: "a"}


def test_another_database_is_told_what_is_known_before_what_waits() -> None:
    waits = box()
    waits.put([(1, "newer")])
    waits.again({1: "older", 2: "b"})
    assert [*waits.waiting().items()] == [(1, "newer"), (2, "b")]


def test_whoever_waits_for_news_is_told() -> None:
    changed = threading.Condition()
    waits: Outbox[int, str] = Outbox(changed, 9)
    with changed:
        teller = threading.Thread(target=waits.put, args=([(1, "a")],))
        teller.start()
        assert changed.wait_for(lambda: 1 in waits, 10)
    teller.join(30)
