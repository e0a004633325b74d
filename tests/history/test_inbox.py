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


def test_what_is_done_waits_no_longer_also_if_it_went_meanwhile() -> None:
    box = Inbox()
    box.put(seen(1, turned=True))
    taken = box.first(9)
    box.put(seen(2))
    box.done(taken)
    box.done(taken)
    assert [one.at for one in box.first(9)] == [2000]
