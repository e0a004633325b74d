"""All proxies of a dashboard, on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any

from tests.chaos.fates import Mode, calm, drawn
from tests.chaos.proxy import ChaosProxy, Route


class Network:
    """Calm from the start; `chaos` and `calm` from any thread."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network")
        self._proxies = [ChaosProxy(route) for route in routes]

    def __enter__(self) -> Network:
        self._thread.start()
        self._each(proxy.open() for proxy in self._proxies)
        return self

    def __exit__(self, *_: object) -> None:
        self._each(proxy.close() for proxy in self._proxies)
        self._each([self._loop.shutdown_asyncgens()])
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def port(self, source: str) -> int:
        """Where the dashboard finds a source."""
        return next(p.port for p in self._proxies if p.route.source == source)

    def chaos(self, seed: int, modes: Sequence[Mode]) -> None:
        self._each(
            proxy.follow(drawn(seed, proxy.route.source, modes))
            for proxy in self._proxies
        )

    def calm(self) -> None:
        """All is passed on, and what hung is reset: nobody waits for it any more."""
        self._each(proxy.follow(calm()) for proxy in self._proxies)

    def connections(self) -> int:
        """How many came in since the chaos began, or ended."""
        return sum(proxy.met.total() for proxy in self._proxies)

    def met(self) -> dict[str, set[Mode]]:
        """What happened to each source."""
        return {proxy.route.source: set(proxy.met) for proxy in self._proxies}

    def _each(self, acts: Any) -> None:
        """Do all of these on the loop, one after the other."""

        async def done(act: Coroutine[Any, Any, None]) -> None:
            await act

        for act in acts:
            asyncio.run_coroutine_threadsafe(done(act), self._loop).result(10)
