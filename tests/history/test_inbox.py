"""What waits is little, and what goes is known."""

from __future__ import annotations

from app.history.inbox import Entry, Inbox

SHOWN = {"connections": [], "nodes": []}


def seen(at_s: float, *, turned: bool = False, deployment: str = "demo") -> Entry:
    return Entry(deployment, round(at_s * 1000), SHOWN, turned)


def test_of_a_step_in_which_nothing_turned_the_last_is_enough() -> None:
    box = Inbox()
    for at in (0, 5, 14, 15, 20):
        box.put(seen(at))
        box.put(seen(at, deployment="other"))
    assert [one.at for one in box.first(2)] == [14_000, 20_000]
    assert box.deployments() == ("demo", "other")


def test_what_turned_stays_and_so_does_what_was_before() -> None:
    box = Inbox()
    for entry in (seen(1), seen(2, turned=True), seen(3), seen(4)):
        box.put(entry)
    assert [one.at for one in box.first(9)] == [1000, 2000, 4000]


def test_that_time_goes_on_takes_the_place_of_no_picture() -> None:
    box = Inbox()
    for entry in (seen(1), Entry("demo", 2000), Entry("demo", 16_000), seen(17)):
        box.put(entry)
    assert [one.at for one in box.first(9)] == [1000, 17_000]


def test_when_too_many_wait_they_all_go() -> None:
    box = Inbox(3)
    for at in range(1, 5):
        box.put(seen(at, turned=True))
    assert (box.lost_from, [one.at for one in box.first(9)]) == (1000, [4000])
    box.drop()
    box.drop()
    assert (box.lost_from, len(box)) == (1000, 0)


def test_what_is_done_waits_no_longer() -> None:
    box = Inbox()
    box.put(seen(1, turned=True))
    box.first(9)
    box.put(seen(2))
    box.done()
    box.done()
    assert [one.at for one in box.first(9)] == [2000]


def test_what_goes_while_it_is_written_is_not_lost() -> None:
    box = Inbox(2)
    for at in (1, 2, 3):
        box.put(seen(at, turned=True))
        box.first(9)
    assert box.lost_from == 1000
    box.put(seen(4, turned=True))
    box.put(seen(5, turned=True))
    assert box.lost_before == box.lost_from == 1000
    box.done()
    box.told()
    assert box.lost_from == 4000, "what waited behind those that were written"


def test_when_all_that_goes_is_written_nothing_is_lost() -> None:
    box = Inbox(2)
    box.put(seen(1, turned=True))
    box.put(seen(2, turned=True))
    box.first(9)
    box.put(seen(3, turned=True))
    assert (box.lost_before, box.lost_from) == (None, 1000)
    box.done()
    assert (box.lost_from, [one.at for one in box.first(9)]) == (None, [3000])
