"""What every collector is: something that is started, reports readings, and is stopped.

A collector owns its threads. It hands each `Reading` to `report`, which never blocks
and may be called from any thread, those of one feed in their order; it never sees what
becomes of it. `stop` asks it to
end and returns at once; `join` waits until its threads are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from app.domain.reading import FeedName, Reading
from app.domain.subject import NodeId
from app.domain.timings import Asks

Report = Callable[[Reading], None]
Clock = Callable[[], datetime]
Owners = Callable[[], Mapping[str, NodeId]]
"""Whose pod has an address, as known now."""


class Collector(Protocol):
    @property
    def name(self) -> str:
        """The source's name in the contract: kubernetes, consul, scrape, probe."""

    def first_words(self) -> tuple[FeedName, ...]:
        """The feeds that say soon after the start what there is, or why they can't:
        a picture without one of them is not whole."""

    def start(self) -> None:
        """Begin in threads of its own; return at once, whatever the source does."""

    def stop(self) -> None:
        """Ask every thread to end; return at once."""

    def join(self, timeout_s: float) -> None:
        """Wait for the threads, all together no longer than this."""

    def ask_once(self) -> tuple[Reading, ...]:
        """Ask every feed once and give what came, troubles included (`doctor`)."""

    def asks(self) -> Asks:
        """How asking has gone since the start. From any thread; never waits."""

    def versions(self) -> Mapping[str, str]:
        """Of each feed that goes on from a version of the source's own, which that is.
        Likewise."""
