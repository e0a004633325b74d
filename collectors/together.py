"""Several collectors that are one source: the same asked of several servers.

Each has feeds of its own, so that one server in trouble is told beside those that are
well.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from app.domain.reading import FeedName, Reading
from app.domain.timings import Asks, together
from collectors.base import Collector


class Together:
    """A collector; those of `each` have the same name and feeds of different names."""

    def __init__(self, *each: Collector) -> None:
        self.name = each[0].name
        self._each = each

    def first_words(self) -> tuple[FeedName, ...]:
        return tuple(key for one in self._each for key in one.first_words())

    def start(self) -> None:
        for one in self._each:
            one.start()

    def stop(self) -> None:
        for one in self._each:
            one.stop()

    def join(self, timeout_s: float) -> None:
        end = monotonic() + timeout_s
        for one in self._each:
            one.join(max(0.0, end - monotonic()))

    def ask_once(self) -> tuple[Reading, ...]:
        return tuple(reading for one in self._each for reading in one.ask_once())

    def asks(self) -> Asks:
        return together(one.asks() for one in self._each)

    def versions(self) -> Mapping[str, str]:
        return {
            feed: version
            for one in self._each
            for feed, version in one.versions().items()
        }
