"""How late the event loop comes to what is due: everybody's answers wait as long."""

from __future__ import annotations

import asyncio
from typing import Final

from app.domain.timings import Timings

EVERY_S: Final = 0.5


class LoopLag:
    def __init__(self) -> None:
        self.timings = Timings()

    async def watch(self) -> None:
        """For as long as the loop runs; costs a wake-up in half a second."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY_S
            await asyncio.sleep(EVERY_S)
            self.timings = self.timings.timed(max(0.0, loop.time() - due))
