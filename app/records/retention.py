"""Once an hour, what was over too long ago is let go of.

It is the keeper's thread that does it, after all that waits is written, and a little at
a time, so that what comes meanwhile is written soon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.records.store import Store

EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = 200
"""How many incidents of a deployment go in one transaction."""

log = structlog.get_logger(__name__)


class Retention:
    """Of all deployments. `keep`: how long after its end; `None`: for ever."""

    def __init__(
        self,
        store: Store,
        deployments: Sequence[str],
        keep: timedelta | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._deployments = store, deployments
        self._keep, self._clock = keep, clock
        self._done_at: datetime | None = None
        """When nothing was left to be let go of."""

    def due(self) -> bool:
        if self._keep is None:
            return False
        return self._done_at is None or self._clock() - self._done_at >= EVERY

    def prune(self) -> None:
        """Where it is due, a part of it; it stays due until nothing is left."""
        if self._keep is None or not self.due():
            return
        now = self._clock()
        before = now - self._keep
        gone = [
            self._store.prune(deployment, before, AT_ONCE)
            for deployment in self._deployments
        ]
        if any(gone):
            log.info("old incidents let go", incidents=sum(gone), ended_before=before)
        else:
            self._done_at = now
