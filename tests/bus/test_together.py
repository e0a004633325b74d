"""Several streams heard as one, and let go of together."""

import asyncio

from app.bus.memory import MemoryBus
from app.bus.together import together


async def saying(*words):
    for word in words:
        yield word
        await asyncio.sleep(0)


async def endless():
    await asyncio.Event().wait()
    yield "never"


def test_what_any_of_them_says_is_heard_until_one_ends():
    async def hear():
        return [word async for word in together(saying("a", "b"), endless())]

    assert asyncio.run(hear()) == ["a", "b"]


def test_streams_of_a_bus_end_with_it_and_leave_no_viewer():
    async def hear():
        bus = MemoryBus("test", heartbeat_s=0.01)
        heard = together(bus.subscribe("east", None), bus.subscribe("west", None))
        first = await anext(heard)
        watching = bus.viewers("east") + bus.viewers("west")
        bus.close()
        rest = [frame async for frame in heard]
        return first, watching, rest, bus.viewers("east") + bus.viewers("west")

    first, watching, _, left = asyncio.run(hear())
    assert (first, watching, left) == (b"retry: 1000\n\n: still here\n\n", 2, 0)


def test_who_goes_away_takes_its_viewers_along():
    async def hear():
        bus = MemoryBus("test", heartbeat_s=10)
        heard = together(bus.subscribe("east", None), bus.subscribe("west", None))
        for _ in range(2):
            await anext(heard)
        waiting = asyncio.ensure_future(anext(heard))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return bus.viewers("east") + bus.viewers("west")

    assert asyncio.run(hear()) == 0
