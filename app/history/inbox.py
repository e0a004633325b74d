"""What waits to be written: little, and never without a bound.

Of two pictures of one step of which neither turned anything, the later one is enough.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from app.history.base import Json
from app.history.fold import STEP

MOST: Final = 600
"""Of all deployments; they share most of what they are made of."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture that was seen at a moment (milliseconds), or that time went on."""

    deployment: str
    at: int
    picture: Json | None = None
    turned: bool = False


class Inbox:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._new: deque[Entry] = deque()
        """Just handed over. Who does that takes no lock: one that all deployments share
        is soon held by somebody who waits for a turn on the processor."""
        self._lock = threading.Lock()
        self._number = 0
        """How many wait beside those."""
        self._waiting: defaultdict[str, deque[Entry]] = defaultdict(deque)
        self._taken: list[Entry] = []
        self.lost_before: int | None = None
        """Since when what was handed over was gone as the last were taken."""
        self._lost_since: int | None = None
        self._lost_else: int | None = None
        """The same since then, and should what was taken be written all the same."""

    @property
    def lost_from(self) -> int | None:
        """Since when what was handed over is gone, until whoever writes knows it."""
        return self._lost_since if self.lost_before is None else self.lost_before

    def put(self, entry: Entry) -> None:
        """From any thread. When too many wait they all go: what is kept begins anew
        then, as it does after a start."""
        self._new.append(entry)
        if self.most_waiting > self._most:
            with self._lock:
                self._sort()

    @property
    def most_waiting(self) -> int:
        """So many at the most; without a lock."""
        return len(self._new) + self._number

    def drop(self) -> None:
        """Whatever waits can't be kept."""
        with self._lock:
            self._sort()
            if self._number:
                self._lose()

    def first(self, most: int) -> list[Entry]:
        """The oldest of each deployment; they wait on until they are `done`."""
        with self._lock:
            self._sort()
            self.lost_before = self.lost_from
            self._lost_since = self._lost_else = None
            self._taken = list(islice(self._all(), most))
            return self._taken

    def done(self) -> None:
        """What was taken `first` is written, even if it all had to go meanwhile."""
        with self._lock:
            for entry in self._taken:
                own = self._waiting[entry.deployment]
                if own and own[0] is entry:
                    own.popleft()
                    self._number -= 1
            self._lost_since = self._lost_else
            self._taken = []

    def told(self) -> None:
        """What was gone before the last were taken is known."""
        with self._lock:
            self.lost_before = None

    def deployments(self) -> tuple[str, ...]:
        """Of which something was handed over."""
        with self._lock:
            self._sort()
            return tuple(self._waiting)

    def __len__(self) -> int:
        with self._lock:
            self._sort()
            return self._number

    def _sort(self) -> None:
        """With the lock: as if each had been sorted in when it came."""
        while self._new:
            entry = self._new.popleft()
            own = self._waiting[entry.deployment]
            while own and _is_enough(entry, own[-1]):
                own.pop()
                self._number -= 1
            if self._number >= self._most:
                self._lose()
            own.append(entry)
            self._number += 1

    def _all(self) -> Iterable[Entry]:
        return chain.from_iterable(self._waiting.values())

    def _lose(self) -> None:
        taken = set(map(id, self._taken))
        self._lost_since = _oldest(self._lost_since, self._all())
        others = (entry for entry in self._all() if id(entry) not in taken)
        self._lost_else = _oldest(self._lost_else, others)
        for own in self._waiting.values():
            own.clear()
        self._number = 0


def _oldest(at: int | None, entries: Iterable[Entry]) -> int | None:
    known = () if at is None else (at,)
    return min((*known, *(entry.at for entry in entries)), default=None)


def _is_enough(new: Entry, last: Entry) -> bool:
    """Is `new` all that need be known of the two?"""
    if last.picture is None:
        return last.at <= new.at
    same = last.at // STEP == new.at // STEP
    return same and not (last.turned or new.turned or new.picture is None)
