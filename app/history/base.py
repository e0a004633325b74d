"""The seam behind which history is kept: a file of our own, or an engine for metrics.

Whoever keeps it passes the same tests (`tests/history/contract.py`). Reading blocks: it
is not for the event loop. All may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.moments import Moment
from app.domain.status import Status
from app.domain.subject import Subject

if TYPE_CHECKING:  # Loads numpy, which nothing needs that only hands over.
    from app.domain.rollups import Answer, Ask

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turned:
    """A subject's status from `at` on, until its next one."""

    at: datetime
    subject: Subject
    status: Status


@dataclass(frozen=True, slots=True)
class Health:
    """`paused`: why nothing is kept at the moment, in words for an operator; `None`: it
    is. `lost_from`: since when what was seen could not be kept and is gone;
    `lost_until`: and until when, `None` while that goes on. Where that is over,
    `remark` says what happened, and what can be done about it."""

    paused: str | None = None
    lost_from: datetime | None = None
    lost_until: datetime | None = None
    remark: str | None = None


class History(Protocol):
    """Of all deployments. Every method but `note` may raise `Unreadable`."""

    def health(self) -> Health: ...

    def note(self, deployment: str, picture: Json, delta: Json | None) -> None:
        """Hand over what was just published; `delta` as in `app.domain.wire`. Never
        waits and never raises."""

    def picture(self, deployment: str, at: datetime) -> Json | None:
        """The newest picture made by then that is kept; `None` before the first."""

    def pictures(
        self,
        deployment: str,
        begin: datetime,
        end: datetime,
        step: timedelta,
        most: int,
    ) -> Iterator[Json]:
        """Those made within these moments, in order, `most` of them at the most: every
        one that turned, and of the others the first in each `step` (which are counted
        since 1970). One after another, as they are asked for."""

    def first(self, deployment: str) -> datetime | None:
        """When the oldest picture was made."""

    def moments(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Moment, ...]:
        """Of the pictures made within these moments, in order."""

    def turns(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Turned, ...]:
        """Every change of a status within these moments, in order."""

    def series(self, deployment: str, ask: Ask) -> Answer: ...


class Kept(History, Protocol):
    """One that has threads of its own."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Ask it to write what is left, and to end; return at once."""

    def join(self, timeout_s: float) -> None: ...

    def running(self) -> bool: ...

    def listen(self, listener: Callable[[], None]) -> None:
        """Called whenever `health` has changed."""

    def waiting(self) -> int:
        """How many pictures, or looks at all of them, are not written yet."""


class Unreadable(Exception):
    """What is asked for can't be read now; the text says why and what to do."""
