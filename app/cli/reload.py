"""The configuration file while `serve` runs: read anew when it changes, and on SIGHUP.

A file with a problem is refused whole, and what was in force stays so. What verdicts
are judged by is handed on; all else waits for a restart; both are told as a source.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

import structlog

from app.config.changes import changes
from app.config.document import LARGEST_FILE
from app.config.load import Configuration, load
from app.config.problems import ConfigError, Problem
from app.domain.evaluate import Deployment
from app.domain.snapshot import SourceState
from app.domain.status import Status
from app.threads import Threaded
from collectors.base import Clock

CONFIG: Final = "config"
"""The file's name among the sources."""
LOOK_S: Final = 1.0
"""How often the file is looked at."""
LEAVE_S: Final = 1.0
MOST_SHOWN: Final = 5
"""So many places are shown on the page; the log has all."""

HandOn = Callable[[tuple[Deployment, ...]], None]
Told = Callable[[bool, datetime], None]

log = structlog.get_logger(__name__)


class FollowedFile:
    """The file as it is on disk. Its content is compared, read through its path: on
    every file system, whether it was written in place, renamed over the old one, or
    lies in a ConfigMap whose `..data` was swapped."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self._path, self._environ = path, environ
        self._seen: bytes | None = None
        self._loaded: bytes | None = None

    def load(self) -> Configuration:
        """Read and check everything. Raises `ConfigError` with every problem."""
        # Looked at before: what is written meanwhile will be news.
        self._loaded = self._seen = self._content()
        return load(self._path, self._environ)

    def news(self, *, doubtful: bool = False) -> bool:
        """Whether it is another one than was loaded, and nobody is still writing: two
        looks have found the same. `doubtful`: what was loaded is to be tried again,
        since a file that it names may have come."""
        before, self._seen = self._seen, self._content()
        return self._seen == before and (doubtful or self._seen != self._loaded)

    def _content(self) -> bytes | None:
        if not self._path.is_file():
            return None  # What comes through a pipe can be read only once.
        try:
            with self._path.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except OSError:
            return None


class Standing:
    """How the file on disk stands to what is in force. One thread writes, many read."""

    def __init__(self, started: Configuration, clock: Clock, told: Told) -> None:
        """`told` hears whether the file is good, and when one last was."""
        self.good = started
        self.problems: tuple[Problem, ...] = ()
        self._started = self.in_force = started.settings
        self.waiting: tuple[str, ...] = ()
        """Places that take effect after a restart."""
        self._clock, self._told = clock, told
        self._good_at = clock()
        self._shown: tuple[SourceState, ...] = ()
        self._tell()

    def sources(self) -> tuple[SourceState, ...]:
        """The file among the sources, once there was something to tell."""
        return self._shown

    def take(self, found: Configuration) -> None:
        changed = changes(self.in_force, found.settings).at_once
        newest = {one.id: one for one in found.settings.deployments}
        watched = tuple(newest.get(one.id, one) for one in self.in_force.deployments)
        self.in_force = self.in_force.model_copy(update={"deployments": watched})
        self.waiting = changes(self._started, found.settings).after_restart
        self.good, self.problems, self._good_at = found, (), self._clock()
        log.info("configuration taken", changed=changed)
        for notice in found.notices:
            log.warning("configuration", problem=str(notice))
        if self.waiting:
            log.warning("configuration", problem=_after_restart(self.waiting))
        self._tell()

    def refuse(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        for problem in problems:
            log.error("configuration refused", problem=str(problem), in_force="the old")
        self._tell()

    def _tell(self) -> None:
        status, text = self._judged()
        if text is not None or self._shown:
            troubled = 0 if text is None else 1
            state = SourceState(CONFIG, status, self._good_at, text, 1, troubled)
            self._shown = (state,)
        self._told(not self.problems, self._good_at)

    def _judged(self) -> tuple[Status, str | None]:
        if self.problems:
            return Status.FAILING, _few([str(one) for one in self.problems], "; ")
        if self.waiting:
            shown = _few(self.waiting, ", ")
            return Status.DEGRADED, _after_restart([shown])
        return Status.OK, None


def _after_restart(places: Sequence[str]) -> str:
    return f"takes effect after a restart: {', '.join(places)}"


def _few(texts: Sequence[str], mark: str) -> str:
    more = len(texts) - MOST_SHOWN
    shown = mark.join(texts[:MOST_SHOWN])
    return f"{shown} (and {more} more, see the log)" if more > 0 else shown


class _Call(Enum):
    LOOK = auto()
    READ = auto()
    END = auto()


class Follower(Threaded):
    """Looks at the file in a thread of its own. `hand_on` hears what to judge by after
    every reading that is news, also when that is as before: there is more to show."""

    def __init__(self, file: FollowedFile, standing: Standing, hand_on: HandOn) -> None:
        super().__init__("configuration")
        self._file, self._standing, self._hand_on = file, standing, hand_on
        # A signal may call at any moment: its handler must not need a lock.
        self._calls: SimpleQueue[_Call] = SimpleQueue()

    def ask(self) -> None:
        """Read the file now. From any thread, and from a signal's handler."""
        self._calls.put(_Call.READ)

    def stop(self) -> None:
        """Ask the thread to end, and wait for it, `LEAVE_S` at the most."""
        self._calls.put(_Call.END)
        self.join(LEAVE_S)

    def look(self, *, asked: bool = False) -> None:
        """Read the file if it is another one, or if somebody asks for it."""
        if self._file.news(doubtful=bool(self._standing.problems)) or asked:
            self._read(asked)

    def _read(self, asked: bool) -> None:
        try:
            found = self._file.load()
        except ConfigError as exc:
            if exc.problems == self._standing.problems and not asked:
                return
            self._standing.refuse(exc.problems)
        else:
            self._standing.take(found)
        self._hand_on(self._standing.good.deployments)

    def _run(self) -> None:
        while (call := self._called()) is not _Call.END:
            try:
                self.look(asked=call is _Call.READ)
            except Exception:
                log.exception("bug in reading the configuration anew")

    def _called(self) -> _Call:
        try:
            return self._calls.get(timeout=LOOK_S)
        except Empty:
            return _Call.LOOK


@contextmanager
def following(
    file: FollowedFile | None, standing: Standing, hand_on: HandOn
) -> Iterator[None]:
    """Follow `file`, where there is one, and let SIGHUP ask for it."""
    if file is None:
        yield
        return
    follower = Follower(file, standing, hand_on)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda _number, _frame: follower.ask())
    follower.start()
    try:
        yield
    finally:
        follower.stop()
