"""Who waits for a thread's turn hears how the one went that began after he came."""

from __future__ import annotations

import asyncio
import threading

from app.records.awaited import Awaited


def waiting(awaited: Awaited, most_s: float = 30) -> asyncio.Task[str | None]:
    return asyncio.create_task(awaited.turn(most_s))


def test_a_turn_that_goes_on_already_is_not_the_one_that_is_waited_for():
    async def story() -> list[str | None]:
        awaited = Awaited(threading.Condition())
        ended = awaited.begin()
        first = waiting(awaited)
        await asyncio.sleep(0)
        ended("of before")
        assert awaited and not first.done()
        later = awaited.begin()
        second = waiting(awaited)
        await asyncio.sleep(0)
        later(None)
        assert await first is None
        awaited.begin()("the disk is full")
        return [await second, await first]

    assert asyncio.run(story()) == ["the disk is full", None]


def test_nobody_waits_for_longer_than_he_may_nor_is_told_when_he_has_left():
    async def story(awaited: Awaited) -> str | None:
        return await awaited.turn(0.01)

    awaited = Awaited(threading.Condition())
    assert asyncio.run(story(awaited)) == "the records take longer than 0.01 s"
    awaited.begin()(None)  # The loop has ended meanwhile.
    assert not awaited


def test_he_who_has_left_is_passed_over():
    async def story() -> None:
        awaited = Awaited(threading.Condition())
        await awaited.turn(0.01)
        later = waiting(awaited)
        await asyncio.sleep(0)
        awaited.begin()(None)
        assert await later is None

    asyncio.run(story())
