"""Work in a process of its own, so that no thread of this one waits for it.

Python lets one thread run at a time: what reckons for seconds would be paid for at
every step of a change on its way to the screen and into the history. The other process
is begun when there is something to do, gives way to this one, and ends when there was
nothing for a while, or when this one has ended, however it did.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")
IDLE_S: Final = 600.0
"""What it has loaded takes some 150 MB, and a second or two to load again."""
NICE: Final = 10
TRIES: Final = 2
"""One that has just ended for want of work is begun anew."""
LEAVE_S: Final = 1.0
ENDED: Final = (
    "the process that reckons it ended before it was done (exit code {code}); there "
    "may be too little memory for it"
)


class Apart(Protocol):
    """Does `work(*given)` elsewhere; both must be picklable, and so must what comes
    back. Blocks; raises what the work raises."""

    def __call__(self, work: Callable[..., T], *given: Any) -> T: ...


class Ended(Exception):
    """The other process did not live to tell; the text says so."""


class Aside:
    """One other process, which does one thing at a time."""

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._alone = threading.Lock()
        self._other: tuple[SpawnProcess, Connection] | None = None
        self._closed = False

    def do(self, work: Callable[..., T], *given: Any) -> T:
        """`Apart`; raises `Ended` too."""
        with self._alone:
            made, failed = self._told(work, given)
        if failed is not None:
            raise failed
        found: T = made
        return found

    def close(self) -> None:
        """End it, whatever it does just then; nothing is done any more."""
        self._closed = True
        if self._other is not None:
            self._other[0].kill()
        with self._alone:
            self._leave()

    def _told(
        self, work: Callable[..., Any], given: Sequence[Any]
    ) -> tuple[Any, BaseException | None]:
        code = None
        for _ in range(TRIES):
            if self._closed:
                break
            _, pipe = self._other = self._other or self._begun()
            try:
                pipe.send((work, given))
                told: tuple[Any, BaseException | None] = pipe.recv()
                return told
            except (EOFError, OSError):
                code = self._leave()
        raise Ended(ENDED.format(code=code))

    def _begun(self) -> tuple[SpawnProcess, Connection]:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_begin, args=(theirs, self._idle_s), name="aside", daemon=True
        )
        process.start()
        theirs.close()
        return process, ours

    def _leave(self) -> int | None:
        if self._other is None:
            return None
        process, pipe = self._other
        self._other = None
        pipe.close()
        process.join(LEAVE_S)
        if process.exitcode is None:
            process.kill()
            process.join()
        return process.exitcode


def _begin(pipe: Connection, idle_s: float) -> None:
    """The other process. A key that ends the program ends it by its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    attend(pipe, idle_s)


def attend(pipe: Connection, idle_s: float) -> None:
    """Do what comes, until nothing has come for a while or nobody is there any more."""
    while pipe.poll(idle_s):
        try:
            work, given = pipe.recv()
        except EOFError:
            return
        pipe.send(_done(work, given))


def _done(
    work: Callable[..., Any], given: Sequence[Any]
) -> tuple[Any, BaseException | None]:
    try:
        return work(*given), None
    except Exception as exc:  # noqa: BLE001  it is raised by whoever asked
        exc.add_note(traceback.format_exc())
        return None, exc
