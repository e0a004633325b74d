"""What every bus is. `tests/bus/contract.py` holds each implementation to it.

The pipeline's thread publishes; viewers subscribe on the event loop. A bus keeps, for
each deployment, the latest snapshot and the most recent deltas, each serialised once
for everybody. A viewer that reads too slowly is given a new snapshot instead of the
deltas it missed: nobody waits for it, and what it shows is right again.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from app.bus.frames import dump

Json = dict[str, Any]


@dataclass(frozen=True)
class Latest:
    """The newest snapshot of a deployment, as values and as bytes of JSON."""

    snapshot: Json
    event_id: str

    @functools.cached_property
    def body(self) -> bytes:
        """Written when it is first asked for: most are followed before that."""
        return dump(self.snapshot)


@dataclass(frozen=True, slots=True)
class Queue:
    """How those who watch one deployment keep up."""

    viewers: int = 0
    longest: int = 0
    """So many deltas wait for the slowest of them."""
    resynced: int = 0
    """How often one was so far behind that it was sent the whole picture."""


class NoAnswer(Exception):
    """Nobody who collects answers; the text says why."""


class Bus(Protocol):
    def publish(self, snapshot: Json, delta: Json | None) -> None:
        """Make `snapshot` the latest; `delta` leads to it from the one before.

        `delta=None`: the reader can't get there from the last one (the first
        snapshot). From any thread; never waits for a viewer.
        """

    def latest(self, deployment: str) -> Latest | None:
        """The newest snapshot, or `None` before the first. From any thread."""

    def subscribe(
        self, deployment: str, last_event_id: str | None
    ) -> AsyncGenerator[bytes, None]:
        """Complete Server-Sent Events, for as long as the bus is open.

        Deltas after `last_event_id` where they are still held, else a snapshot, then
        every delta; a comment when there is nothing to tell for a while.
        """

    def listen(self, hear: Callable[[str], None]) -> None:
        """Tell `hear` the id of each deployment, once its news is the latest. It is
        called in the publisher's thread, and must not wait."""

    def viewers(self, deployment: str) -> int:
        """How many subscriptions are open now."""

    def queue(self, deployment: str) -> Queue:
        """How their subscribers keep up. From any thread."""

    def close(self) -> None:
        """End every subscription. On the event loop."""
