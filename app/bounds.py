"""How much one client, and all of them together, may ask of this process.

Plain numbers, which the configuration sets (`server.limits`) and the web server keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

SPARED: Final = 10
"""One in so many file handles is kept for the sources, the records and the history."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Sizes are in bytes, times in seconds, rates in requests a minute."""

    body: int = 64 << 10
    url: int = 8 << 10
    headers: int = 32 << 10
    arrival: float = 20.0
    """Within so long a request must have arrived whole."""
    idle: float = 75.0
    """So long a connection may wait for its next request."""
    costly: int = 120
    """A client's reports, exports, series and films."""
    changes: int = 60
    """A client's notes, acknowledgements, windows and so on."""
    streams: int = 5_000
    streams_per_client: int = 1_500
    connections: int = 10_000

    def within(self, handles: int) -> Bounds:
        """The same for a process that may open so many files."""
        return replace(self, connections=handles - handles // SPARED)


USUAL: Final = Bounds()
