"""Who waits, on an event loop, until a thread has been through its work once more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

TOO_LONG = "the records take longer than {seconds:g} s"
Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Future[str | None]]


class Awaited:
    """`changed` guards it, and is told when somebody waits."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._waiters: list[Waiter] = []

    def __bool__(self) -> bool:
        """Does anybody wait?"""
        return bool(self._waiters)

    async def turn(self, most_s: float) -> str | None:
        """Wait for the end of a turn that has not begun yet, so long at the most; what
        went wrong with it."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[str | None] = loop.create_future()
        with self._changed:
            self._waiters.append((loop, waiter))
            self._changed.notify_all()
        try:
            return await asyncio.wait_for(waiter, most_s)
        except TimeoutError:
            return TOO_LONG.format(seconds=most_s)

    def begin(self) -> Callable[[str | None], None]:
        """For the thread: a turn begins. What is given is to be called at its end, with
        what went wrong."""
        with self._changed:
            waiters, self._waiters = self._waiters, []

        def ended(trouble: str | None) -> None:
            for loop, waiter in waiters:
                with suppress(RuntimeError):  # Its loop has ended.
                    loop.call_soon_threadsafe(_tell, waiter, trouble)

        return ended


def _tell(waiter: asyncio.Future[str | None], trouble: str | None) -> None:
    if not waiter.done():  # Whoever waited too long has left.
        waiter.set_result(trouble)
