"""Many that mostly wait, on few threads: one waits for all of them, and others are
there only for as long as somebody has something to do.

A hundred deployments have some five thousand watches, and most of them say something
once a minute. With a thread for each, their stacks would be most of what the process
takes. Here who waits is a generator that yields an `Idle`; it goes on, on some thread,
once what it waits for is there. Who blocks (a list, an answer that trickles in) blocks
a thread of its own, of which there are `most`; those who then wait for a thread are
those of one and the same deployment.

Threads are not there to be quick: the interpreter does one thing at a time, and where
many want to do something it loses more time than it spends. So a few work, and one more
joins them only where nothing was taken up for a while, as when servers are silent.
"""

from __future__ import annotations

import logging
import os
import selectors
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Final

log = logging.getLogger(__name__)

FEW: Final = 4
"""So many work at once, unless they only wait."""
STUCK_S: Final = 0.05
"""How long nothing may be taken up, though something waits, until one more joins."""
MOST: Final = 24
"""More than hang when a kind can't be listed in any namespace."""
REST_S: Final = 2.0
"""How long a thread without work stays."""
LONGEST_S: Final = 60.0


@dataclass(slots=True, eq=False)
class Idle:
    """Nothing to do until a moment (monotonic), or until `fd` can be read."""

    until: float
    fd: int | None = None
    readable: bool = False
    """Set when it is over: `fd` can be read, rather than that the moment has come."""


Steps = Generator[Idle, None, None]
Job = Callable[[], None]


class Switchboard:
    def __init__(self, name: str, each: Iterable[Steps], most: int = MOST) -> None:
        """`name`: that of the thread which waits. What `each` raises is logged, and
        ends it."""
        self._hands = Hands(f"{name}-work", most)
        self._new: deque[tuple[Idle, Steps]] = deque()
        """Handed over by who has come to rest, to be waited for."""
        self._idle: dict[Steps, Idle] = {}
        self._left = 0
        self._each = tuple(each)
        self._lock = threading.Lock()
        self._ending = False
        self._ear, self._mouth = -1, -1
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let all go on at once, whatever they wait for; return at once."""
        with self._lock:
            self._ending = True
            self._wake()

    def join(self, timeout_s: float) -> None:
        if self._thread.ident is not None:
            until = monotonic() + timeout_s
            self._thread.join(timeout_s)
            self._hands.join(max(0.0, until - monotonic()))

    def _run(self) -> None:
        ear, mouth = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        with self._lock:
            self._ear, self._mouth = ear, mouth
        selector = selectors.DefaultSelector()
        selector.register(ear, selectors.EVENT_READ)
        self._left = len(self._each)
        for steps in self._each:
            self._go_on(steps)
        try:
            while self._left:
                self._turn(selector)
        finally:
            selector.close()
            with self._lock:
                self._mouth = -1
                os.close(mouth)
            os.close(ear)

    def _turn(self, selector: selectors.BaseSelector) -> None:
        pause_s = min(self._pause_s(), self._hands.helped(monotonic()))
        for key, _ in selector.select(pause_s):
            if key.fd == self._ear:
                _drained(self._ear)
            else:
                steps: Steps = key.data
                self._idle[steps].readable = True
                self._let_go(selector, steps)
        while self._new:
            idle, steps = self._new.popleft()
            self._idle[steps] = idle
            if idle.fd is not None:
                selector.register(idle.fd, selectors.EVENT_READ, steps)
        for steps in self._over(monotonic()):
            self._let_go(selector, steps)

    def _over(self, now: float) -> list[Steps]:
        """Those that need not wait any more."""
        if self._ending:
            return list(self._idle)
        return [steps for steps, idle in self._idle.items() if idle.until <= now]

    def _pause_s(self) -> float:
        if self._ending or self._new:
            return 0.0 if self._idle or self._new else LONGEST_S
        soonest = min((idle.until for idle in self._idle.values()), default=None)
        if soonest is None:
            return LONGEST_S
        return min(LONGEST_S, max(0.0, soonest - monotonic()))

    def _let_go(self, selector: selectors.BaseSelector, steps: Steps) -> None:
        idle = self._idle.pop(steps)
        if idle.fd is not None:
            selector.unregister(idle.fd)
        self._go_on(steps)

    def _go_on(self, steps: Steps) -> None:
        self._hands.give(lambda: self._step(steps))

    def _step(self, steps: Steps) -> None:
        """On one of the hands: until it has nothing to do, or has ended."""
        try:
            idle = next(steps, None)
        except Exception:
            log.exception("bug in what a switchboard runs")
            idle = None
        with self._lock:
            if idle is None:
                self._left -= 1
            else:
                self._new.append((idle, steps))
            self._wake()

    def _wake(self) -> None:
        """With the lock."""
        if self._mouth >= 0:
            try:
                os.write(self._mouth, b"!")
            except BlockingIOError:
                return  # It is full of what says the same.


class Hands:
    """Threads that do one thing after another, and end when there is none for long."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most, self._few = name, most, min(FEW, most)
        self._changed = threading.Condition()
        self._jobs: deque[Job] = deque()
        self._taken_at = monotonic()
        """When one was last taken up, or given while none waited."""
        self._free, self._ending = 0, False
        self._threads: set[threading.Thread] = set()

    def give(self, job: Job) -> None:
        """From any thread; never waits. Jobs raise nothing."""
        with self._changed:
            if not self._jobs:
                self._taken_at = monotonic()
            self._jobs.append(job)
            if self._free >= len(self._jobs) or len(self._threads) >= self._few:
                self._changed.notify()
                return
        self._join_in()

    def helped(self, now: float) -> float:
        """See to it that what waits gets done; for how many seconds it then is."""
        with self._changed:
            if self._free >= len(self._jobs) or len(self._threads) >= self._most:
                return LONGEST_S
            left_s = self._taken_at + STUCK_S - now
            if left_s > 0:
                return left_s
            self._taken_at = now
        self._join_in()
        return STUCK_S

    def _join_in(self) -> None:
        """One thread more."""
        # A daemon: the interpreter must be able to end while a server is silent.
        thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        with self._changed:
            self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:  # The system allows no more: one that is there does it.
            log.warning("%s: no more threads can be started", self._name)
            with self._changed:
                self._threads.discard(thread)

    def join(self, timeout_s: float) -> None:
        """Wait until all is done; nothing more is to be given then."""
        until = monotonic() + timeout_s
        with self._changed:
            self._ending = True
            threads = tuple(self._threads)
            self._changed.notify_all()
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()

    def _next(self) -> Job | None:
        with self._changed:
            self._free += 1
            self._changed.wait_for(lambda: self._jobs or self._ending, REST_S)
            self._free -= 1
            if self._jobs:
                self._taken_at = monotonic()
                return self._jobs.popleft()
            self._threads.discard(threading.current_thread())
            return None


def _drained(fd: int) -> None:
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        return
