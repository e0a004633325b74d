"""A history in memory, and pictures to keep in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from app.domain.instants import instant
from app.domain.moments import Moment, turned
from app.domain.replay import picked
from app.domain.rollups import Answer, Ask
from app.history.base import Health, Json, Turned, Unreadable

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So long ago."""
    return NOW - timedelta(minutes=minutes)


def shot(minutes: float, **more: Any) -> Json:
    return {"deployment": "demo", "at": instant(at(minutes)), **more}


class Film:
    """Pictures of all deployments, all of them; no numbers. `trouble`: why it can't be
    read."""

    def __init__(self) -> None:
        self._kept: dict[str, list[tuple[datetime, bool, Json]]] = {}
        self.trouble: str | None = None

    def health(self) -> Health:
        return Health()

    def note(self, deployment: str, picture: Json, delta: Json | None) -> None:
        made = datetime.fromisoformat(picture["at"])
        self._kept.setdefault(deployment, []).append((made, turned(delta), picture))

    def picture(self, deployment: str, at: datetime) -> Json | None:
        kept = self._of(deployment)
        place = bisect_right(kept, at, key=lambda one: one[0])
        return kept[place - 1][2] if place else None

    def first(self, deployment: str) -> datetime | None:
        kept = self._of(deployment)
        return kept[0][0] if kept else None

    def pictures(
        self,
        deployment: str,
        begin: datetime,
        end: datetime,
        step: timedelta,
        most: int,
    ) -> Iterator[Json]:
        found = picked(self.moments(deployment, begin, end), step)
        for made in islice(found, most):
            picture = self.picture(deployment, made)
            if picture is not None:
                yield picture

    def moments(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Moment, ...]:
        kept = self._of(deployment)
        since = bisect_left(kept, begin, key=lambda one: one[0])
        until = bisect_right(kept, end, key=lambda one: one[0])
        return tuple(Moment(made, turned) for made, turned, _ in kept[since:until])

    def turns(
        self, deployment: str, begin: datetime, end: datetime
    ) -> tuple[Turned, ...]:
        return ()

    def series(self, deployment: str, ask: Ask) -> Answer:
        return Answer(ask.step_s, None)

    def _of(self, deployment: str) -> list[tuple[datetime, bool, Json]]:
        if self.trouble is not None:
            raise Unreadable(self.trouble)
        return self._kept.get(deployment, [])
