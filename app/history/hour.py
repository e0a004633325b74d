"""A connection's numbers of any hour: memory for the last one, the history beyond."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from app.domain.hour import STEP_S, Point, Series
from app.domain.measures import MINUTE_S
from app.history.base import History

if TYPE_CHECKING:  # Loads numpy, which nobody needs who looks at the present.
    from app.domain.rollups import Column


class Recent(Protocol):
    """What is kept in memory."""

    def of(self, number: int, since: datetime, until: datetime) -> Series: ...


class Hour:
    """`of` blocks where memory has nothing, and may raise
    `app.history.base.Unreadable`."""

    def __init__(self, deployment: str, recent: Recent, history: History) -> None:
        self._deployment, self._recent, self._history = deployment, recent, history

    def of(self, number: int, since: datetime, until: datetime) -> Series:
        """One connection's numbers in the steps that begin within these moments; where
        only minutes are kept, each stands for its four steps."""
        found = self._recent.of(number, since, until)
        if any(found.values()):
            return found
        return self._kept(number, since, until, STEP_S) or self._kept(
            number, since, until, MINUTE_S
        )

    def _kept(
        self, number: int, since: datetime, until: datetime, step_s: int
    ) -> Series:
        from app.domain.rollups import Ask

        ask = Ask(since, until, step_s, (number,))
        columns = self._history.series(self._deployment, ask).columns
        return {
            name: [*_points(column, step_s)]
            for (subject, name), column in columns.items()
            if subject == number and len(column.at)
        }


def _points(column: Column, step_s: int) -> Iterator[Point]:
    for at, value in zip(column.at.tolist(), column.last.tolist(), strict=True):
        for step in range(at, at + step_s, STEP_S):
            yield Point(step, value)
