"""What waits to be written: the newest word on each thing, and no more than a bound.

Whoever hands over never waits for the disk; the keeper's thread writes, and what the
database did not take waits on until it is back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Outbox(Generic[K, V]):
    """`changed` guards it, and is told when something waits. `most`: so many may wait;
    of more, the oldest are given up that are not `vital`."""

    def __init__(
        self,
        changed: threading.Condition,
        most: int,
        vital: Callable[[V], bool] = lambda value: False,
    ) -> None:
        self._changed, self._most, self._vital = changed, most, vital
        self._waiting: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, key: K) -> bool:
        return key in self._waiting

    def waiting(self) -> dict[K, V]:
        """All of it, in the order in which it was handed over."""
        with self._changed:
            return dict(self._waiting)

    def put(self, news: Iterable[tuple[K, V]]) -> list[K]:
        """From any thread; what had to be given up for it."""
        with self._changed:
            self._waiting.update(news)
            given_up = self._too_many()
            for key in given_up:
                del self._waiting[key]
            self._changed.notify_all()
        return given_up

    def again(self, known: Mapping[K, V]) -> None:
        """What another database must be told too, where nothing newer waits."""
        with self._changed:
            self._waiting = {**known, **self._waiting}

    def each(self) -> Iterator[tuple[K, V]]:
        """One after another until nothing waits. Who asks for the next one has written
        the last; one that could not be written waits on."""
        while (first := self._first()) is not None:
            yield first
            self.written(*first)

    def written(self, key: K, value: V) -> None:
        """It waits no longer, unless there has been a newer word on it since."""
        with self._changed:
            if self._waiting.get(key) is value:
                del self._waiting[key]
                self._changed.notify_all()

    def _first(self) -> tuple[K, V] | None:
        with self._changed:
            return next(iter(self._waiting.items()), None)

    def _too_many(self) -> list[K]:
        surplus = len(self._waiting) - self._most
        if surplus <= 0:
            return []
        spare = [key for key, one in self._waiting.items() if not self._vital(one)]
        return spare[:surplus]
