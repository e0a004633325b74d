"""What is spoken on ports of which nothing more is asked than a probe does: nothing.

What the stores speak is in `stores_redis`, `stores_postgresql` and
`stores_elasticsearch`.
"""

from __future__ import annotations

import asyncio
from typing import cast


class Accepts(asyncio.Protocol):
    """Accepts, and keeps the connection until the peer ends it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
