"""Many targets, each asked on its own schedule, none waiting for another.

Every target has a place in the interval that follows from its name, so that a hundred
of them are spread over it and stay where they are. A new one is asked at once and then
takes its place. Each ask has a thread to itself, at most `AT_ONCE` of them; targets
whose last ask was slow share half of those, so that however many hang, the others find
a free thread.

What comes back from a target that has meanwhile gone is dropped, and `retired` is told
after it: a late answer never brings a feed back.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, Generic, TypeVar

from app.domain.reading import Feed, FeedName, Reading, Trouble
from app.domain.timings import Asks
from collectors.base import Clock, Report
from collectors.pulse import Pulse

log = logging.getLogger(__name__)

AT_ONCE: Final = 32
SLOW_S: Final = 1.0
LOOK_S: Final = 1.0
"""How often the list of targets is looked at."""
FIRST_WITHIN_S: Final = 1.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one ask. `again_s`: ask again so long after this one began, rather
    than at the next regular turn."""

    reading: Reading
    again_s: float | None = None


@dataclass(slots=True)
class _Entry(Generic[T]):
    target: T
    due: float
    running: bool = False
    wanted: bool = True
    slow: bool = False


def place(name: str) -> float:
    """Where in the interval a target is asked: 0 up to 1, the same every time."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32


def next_turn(name: str, now: float, interval_s: float) -> float:
    """The target's next place, but not sooner than a third of an interval from now."""
    soonest = now + interval_s / 3
    offset = place(name) * interval_s
    return soonest + (offset - soonest) % interval_s


class Rounds(Generic[T]):
    def __init__(
        self,
        *,
        targets: Callable[[], Sequence[T]],
        feed: Callable[[T], Feed],
        ask: Callable[[T], Asked],
        retired: Callable[[T], None],
        report: Report,
        clock: Clock,
        interval_s: float,
        at_once: int = AT_ONCE,
    ) -> None:
        self._targets = targets
        self._feed = feed
        self._ask = ask
        self._retired = retired
        self._report = report
        self._clock = clock
        self._interval_s = interval_s
        self._at_once = at_once
        self.pulse = Pulse()
        self._entries: dict[str, _Entry[T]] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._threads: set[threading.Thread] = set()

    def start(self) -> None:
        self._spawn("rounds", self._keep_asking)

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def join(self, timeout_s: float) -> None:
        until = monotonic() + timeout_s
        for thread in tuple(self._threads):
            thread.join(max(0.0, until - monotonic()))

    def once(self) -> tuple[Reading, ...]:
        """Every target asked once, side by side."""
        with ThreadPoolExecutor(self._at_once) as pool:
            asked = tuple(pool.map(self._asked, self._targets()))
        return tuple(one.reading for one in asked)

    def _keep_asking(self) -> None:
        look = monotonic()
        while not self._stopping:
            if monotonic() >= look:
                self._look()
                look = monotonic() + LOOK_S
            with self._changed:
                now = monotonic()
                self._start_due(now)
                wake = min(look, self._next(now))
                if not self._stopping:
                    self._changed.wait(max(0.0, wake - monotonic()))

    def _look(self) -> None:
        """Take in who is to be asked now."""
        try:
            wanted = {self._feed(target).name: target for target in self._targets()}
        except Exception:
            log.exception("the list of targets could not be made; the last one stays")
            return
        with self._changed:
            for name, target in wanted.items():
                self._want(name, target)
            unwanted = [name for name in self._entries if name not in wanted]
            ended = [self._let_go(name) for name in unwanted]
        for entry in ended:
            self._retire(entry)

    def _want(self, name: str, target: T) -> None:
        entry = self._entries.get(name)
        if entry is None:
            due = monotonic() + place(name) * min(FIRST_WITHIN_S, self._interval_s)
            self._entries[name] = _Entry(target, due)
        else:
            entry.target, entry.wanted = target, True

    def _let_go(self, name: str) -> _Entry[T] | None:
        """The entry, taken off; `None` while it is being asked (then that ends it)."""
        self._entries[name].wanted = False
        return None if self._entries[name].running else self._entries.pop(name)

    def _retire(self, entry: _Entry[T] | None) -> None:
        if entry is None or self._stopping:
            return
        self._retired(entry.target)
        gone = Reading(self._feed(entry.target), self._clock(), retired=True)
        self._report(gone)

    def _start_due(self, now: float) -> None:
        running = [entry for entry in self._entries.values() if entry.running]
        free = self._at_once - len(running)
        slow = max(1, self._at_once // 2) - sum(entry.slow for entry in running)
        waiting = sorted(self._ready(now), key=lambda pair: pair[1].due)
        for name, entry in waiting:
            if free > 0 and (slow > 0 or not entry.slow):
                free, slow = free - 1, slow - entry.slow
                entry.running = True
                self._spawn(name, self._work, name, entry)

    def _ready(self, now: float) -> list[tuple[str, _Entry[T]]]:
        return [
            (name, entry)
            for name, entry in self._entries.items()
            if entry.due <= now and entry.wanted and not entry.running
        ]

    def _next(self, now: float) -> float:
        """When the next one is due. One that waits for a thread is woken by its end."""
        idle = (entry.due for entry in self._entries.values() if not entry.running)
        return min((due for due in idle if due > now), default=now + LOOK_S)

    def _spawn(self, name: str, work: Callable[..., None], *args: object) -> None:
        # A daemon: the interpreter must be able to end while a name server is silent.
        thread = threading.Thread(target=work, args=args, name=name, daemon=True)
        self._threads.add(thread)
        thread.start()

    def _work(self, name: str, entry: _Entry[T]) -> None:
        began, target = monotonic(), entry.target
        asked = self._asked(target)
        self.pulse.heard(asked.reading, monotonic() - began)
        if entry.wanted and entry.target == target and not self._stopping:
            self._report(asked.reading)
        with self._changed:
            entry.running = False
            entry.slow = monotonic() - began > SLOW_S
            entry.due = self._due_after(name, began, asked)
            ended = None if entry.wanted else self._entries.pop(name)
            self._threads.discard(threading.current_thread())
            self._changed.notify_all()
        self._retire(ended)

    def _due_after(self, name: str, began: float, asked: Asked) -> float:
        if asked.again_s is not None:
            return began + asked.again_s
        return next_turn(name, began, self._interval_s)

    def _asked(self, target: T) -> Asked:
        try:
            return self._ask(target)
        except Exception:
            feed = self._feed(target)
            log.exception("bug while asking %s %s", feed.source, feed.name)
            trouble = Trouble(
                "bug", f"{feed.name}: a bug in this collector; see the log"
            )
            return Asked(Reading(feed, self._clock(), trouble=trouble))


class InRounds:
    """A collector that asks in rounds; it has made them by the time it is started."""

    _rounds: Rounds[Any]

    def first_words(self) -> tuple[FeedName, ...]:
        return ()  # Whom to ask may follow from what others say first.

    def start(self) -> None:
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()

    def join(self, timeout_s: float) -> None:
        self._rounds.join(timeout_s)

    def asks(self) -> Asks:
        return self._rounds.pulse.asks

    def versions(self) -> Mapping[str, str]:
        return {}  # Each ask stands for itself.
