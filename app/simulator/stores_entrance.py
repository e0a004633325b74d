"""The entrance to a store, as a Service is one: it leads to any pod that is ready.

A connection is passed on byte by byte, so it is refused, slow or cut as its pod is.
Where no pod is ready the entrance itself refuses: whoever opened it sees to that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from app.simulator.listeners import Place

Choose = Callable[[], Place | None]
"""A ready pod's address and port; `None`: there is none."""


class Entrance(asyncio.Protocol):
    """One connection that came in, and the one that it leads to."""

    def __init__(self, choose: Choose) -> None:
        self._choose = choose
        self._kept: list[bytes] = []
        self._behind: asyncio.Transport | None = None
        self._reaching: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        loop = asyncio.get_running_loop()
        self._reaching = loop.create_task(self._reach())

    async def _reach(self) -> None:
        place = self._choose()
        if place is None:
            self._transport.abort()
            return
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Behind(self), *place)
        except OSError:
            self._transport.abort()

    def reached(self, behind: asyncio.Transport) -> None:
        self._behind = behind
        if self._transport.is_closing():
            behind.abort()
        for data in self._kept:
            behind.write(data)
        self._kept.clear()

    def data_received(self, data: bytes) -> None:
        if self._behind is None:
            self._kept.append(data)
        else:
            self._behind.write(data)

    def answered(self, data: bytes) -> None:
        self._transport.write(data)

    def left(self, exc: Exception | None) -> None:
        """The pod has ended it: so it ends here, and in the same way."""
        if exc is None:
            self._transport.close()
        else:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._behind is not None:
            self._behind.close()
        elif self._reaching is not None:
            self._reaching.cancel()


class _Behind(asyncio.Protocol):
    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._entrance.reached(cast(asyncio.Transport, transport))

    def data_received(self, data: bytes) -> None:
        self._entrance.answered(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._entrance.left(exc)
