"""An event loop in a thread, with the simulator's listeners on it, for tests to call."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, TypeVar

from app.simulator.listeners import Listeners, Speaks, http

T = TypeVar("T")
WITHIN_S = 30.0


class Loopback(AbstractContextManager["Loopback"]):
    """`opened` listens on 127.0.0.1 and gives the port; `run` runs a coroutine there."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.listeners = Listeners()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.run(self.listeners.close_all())
        self.run(self._finished())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(WITHIN_S)
        self.loop.close()

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(WITHIN_S)

    def opened(self, speaks: Speaks, **options: Any) -> int:
        return self.run(self.listeners.open("127.0.0.1", 0, speaks, **options))

    def served(self, app: Any) -> str:
        """The address of an ASGI application that is served from now on."""
        return f"http://127.0.0.1:{self.opened(http(app))}"

    async def _finished(self) -> None:
        """Requests whose connections were cut come to their end."""
        own = asyncio.current_task()
        left = [task for task in asyncio.all_tasks() if task is not own]
        if left:
            await asyncio.wait(left, timeout=WITHIN_S)
