"""Several streams as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def together(*streams: AsyncIterator[T]) -> AsyncIterator[T]:
    """What any of them says, as it comes. It ends with the first of them that ends:
    every stream of a bus does when the bus is closed."""
    waiting = {_next(stream): stream for stream in streams}
    try:
        while waiting:
            spoke, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in spoke:
                stream = waiting.pop(task)
                try:
                    said = task.result()
                except StopAsyncIteration:
                    return
                waiting[_next(stream)] = stream
                yield said
    finally:
        for task in waiting:
            task.cancel()
        # A stream ends by what is thrown into it, and lets go of what it holds.
        await asyncio.gather(*waiting, return_exceptions=True)


def _next(stream: AsyncIterator[T]) -> asyncio.Task[T]:
    async def take() -> T:
        return await anext(stream)

    return asyncio.ensure_future(take())
