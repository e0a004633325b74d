"""What only reviews and exports need, loaded when the first is asked for.

Plotly looks at `sys.modules` for pandas whenever Dash answers, and takes a half-loaded
one for a whole one: Dash's requests wait while it is being loaded.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

MODULES: Final = ("pandas", "app.domain.capacity_review", "app.export.series")
OF_DASH: Final = "/_dash-"


class Heavy:
    """Of one application. To be used on its event loop alone."""

    def __init__(self) -> None:
        self._loading: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Takes a second or two, once."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(_load))
        await asyncio.shield(self._loading)

    async def settle(self) -> None:
        """Wait while it is being loaded; if it is not, or never was, do not."""
        if self._loading is not None:
            await asyncio.wait([self._loading])


def _load() -> None:
    for name in MODULES:
        import_module(name)


class Settled:
    """A wrapper that lets Dash answer only with what is wholly there."""

    def __init__(self, app: ASGIApp, heavy: Heavy) -> None:
        self._app, self._heavy = app, heavy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(OF_DASH):
            await self._heavy.settle()
        await self._app(scope, receive, send)
