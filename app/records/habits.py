"""Hours on their way to the database, and those that an earlier process left.

The keeper's thread writes and reads; whoever hands over waits for nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

import structlog

from app.domain.habits import MOST_WEEKS, WEEK, Hour
from app.records.outbox import Outbox
from app.records.store import Store
from app.records.trouble import Unwritable

Key = tuple[str, int, datetime]
"""A deployment's id, a connection's number, and when the hour began."""
MOST_UNWRITTEN: Final = 31 * 168
"""A week of one deployment's hours; of more, the oldest are given up."""

log = structlog.get_logger(__name__)


class Habits:
    """Of all deployments. `changed`: guards what waits, and is told of it."""

    def __init__(
        self, store: Store, deployments: Sequence[str], changed: threading.Condition
    ) -> None:
        self._store, self._deployments = store, deployments
        self._unwritten: Outbox[Key, Hour] = Outbox(changed, MOST_UNWRITTEN)
        self._told: dict[str, tuple[Hour, ...]] = {}

    def told(self, deployment: str) -> tuple[Hour, ...] | None:
        """What an earlier process left; `None` while that is not known."""
        return self._told.get(deployment)

    def put(self, deployment: str, hours: Iterable[Hour]) -> None:
        """From any thread; never waits for the disk."""
        self._unwritten.put(((deployment, one.number, one.at), one) for one in hours)

    @property
    def waiting(self) -> int:
        """How many are yet to be written."""
        return len(self._unwritten)

    def learn(self, now: datetime) -> None:
        """Once for each deployment: what an earlier process left."""
        for deployment in self._deployments:
            if deployment not in self._told:
                oldest = now - MOST_WEEKS * WEEK
                self._told[deployment] = self._store.hours(deployment, oldest)

    def write(self) -> None:
        """All that waits, those of a deployment together."""
        waiting = self._unwritten.waiting()
        for deployment, group in groupby(sorted(waiting), lambda key: key[0]):
            keys = [*group]
            hours = [waiting[key] for key in keys]
            oldest = max(one.at for one in hours) - MOST_WEEKS * WEEK
            try:
                self._store.keep(deployment, hours, oldest)
            except Unwritable:
                log.exception("hours not recorded", deployment=deployment)
            for key in keys:
                self._unwritten.written(key, waiting[key])
