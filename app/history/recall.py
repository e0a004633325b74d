"""One deployment's past: memory for the newest minutes, the history beyond.

Memory is finer and never fails; it is asked first, for all that it reaches back to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from app.domain.filled import filled
from app.domain.moments import Moment
from app.history.base import History

Json = dict[str, Any]
INSTANT: Final = timedelta(microseconds=1)


class Recent(Protocol):
    """What is kept in memory."""

    def at(self, moment: datetime) -> Json | None: ...

    def first(self) -> datetime | None: ...

    def between(self, since: datetime, until: datetime) -> tuple[Moment, ...]: ...

    def pictures(
        self, begin: datetime, end: datetime, step: timedelta, most: int
    ) -> Iterator[Json]: ...


class Recall:
    """Every method blocks, and may raise `app.history.base.Unreadable`."""

    def __init__(self, deployment: str, recent: Recent, history: History) -> None:
        self._deployment, self._recent, self._history = deployment, recent, history

    def at(self, moment: datetime) -> Json | None:
        """The newest picture made by then that is kept; `None` before the first."""
        recent = self._recent.at(moment)
        if recent is not None:
            return recent
        found = self._history.picture(self._deployment, moment)
        return None if found is None else filled(found)

    def first(self) -> datetime | None:
        """When the oldest picture was made."""
        known = (self._recent.first(), self._history.first(self._deployment))
        return min((at for at in known if at is not None), default=None)

    def between(self, since: datetime, until: datetime) -> tuple[Moment, ...]:
        """Of every picture made between these moments, in order."""
        fine = self._recent.between(since, until)
        begun = self._recent.first()
        if begun is not None and begun <= since:
            return fine
        beyond = self._history.moments(self._deployment, since, until)
        return (*(one for one in beyond if begun is None or one.at < begun), *fine)

    def pictures(
        self, begin: datetime, end: datetime, step: timedelta, most: int
    ) -> Iterator[Json]:
        """Those made within these moments, in order, `most` of them at the most: every
        one that turned, and of the others the first in each `step`."""
        begun = self._recent.first()
        until = end if begun is None else min(end, begun - INSTANT)
        told = 0
        if begin <= until:
            for one in self._history.pictures(
                self._deployment, begin, until, step, most
            ):
                told += 1
                yield filled(one)
        if begun is not None and told < most:
            since = max(begin, begun)
            yield from self._recent.pictures(since, end, step, most - told)
