"""One deployment's incidents, kept by its pipeline from snapshot to snapshot.

Nothing here waits: what changed is handed to the shelf, which writes it elsewhere and
in its own time. A bug in these rules costs the incidents, never the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

import structlog

from app.domain.evaluate import Deployment
from app.domain.incidents import Book, Incident, gravest
from app.domain.incidents_ask import Health
from app.domain.incidents_fold import fold, resumed
from app.domain.incidents_joins import joins
from app.domain.snapshot import Snapshot, SourceState
from app.domain.status import Status

RECORDS: Final = "records"

log = structlog.get_logger(__name__)


class Shelf(Protocol):
    """Where incidents outlive this process. No method waits."""

    def told(self) -> tuple[Incident, ...] | None:
        """What an earlier process left; `None` while that is not known."""

    def put(self, incidents: Iterable[Incident]) -> None:
        """The newest word on each."""

    def health(self) -> Health: ...


class Oblivion:
    """A shelf that keeps nothing."""

    def told(self) -> tuple[Incident, ...] | None:
        return ()

    def put(self, incidents: Iterable[Incident]) -> None:
        """Let go of them."""

    def health(self) -> Health:
        return Health()


class Casebook:
    def __init__(self, deployment: Deployment, shelf: Shelf | None = None) -> None:
        self._deployment = deployment.id
        self._joined = joins(deployment.topology)
        self._shelf = shelf or Oblivion()
        self._book = Book()
        self._resumed = self._ever_ill = False
        self._news: list[tuple[Incident | None, Incident]] = []
        self.wake_at: datetime | None = None
        """When time alone changes an incident."""

    def note(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """`snapshot` with the incidents that are open, and with the records among its
        sources once they were in trouble."""
        health = self._shelf.health()
        self.wake_at = None
        try:
            self._fold(snapshot, health, now)
        except Exception:
            log.exception("bug in the incidents", deployment=self._deployment)
        opened = gravest(self._book.open)
        return replace(
            snapshot,
            incident=opened[0].id if opened else None,
            incidents=opened,
            sources=(*snapshot.sources, *self._source(health)),
        )

    def told(self) -> bool:
        """Whether it is known what an earlier process left."""
        return self._shelf.told() is not None

    def silent(self) -> bool:
        """Whether that only takes a moment more: nothing is amiss."""
        return not self.told() and self._shelf.health().trouble is None

    def record(self) -> None:
        """Log what became news; after the picture was handed on."""
        news, self._news = self._news, []
        for before, after in news:
            _log(self._deployment, before, after)

    def _fold(self, snapshot: Snapshot, health: Health, now: datetime) -> None:
        if not self._resumed:
            left = self._shelf.told()
            if left is None and health.trouble is None:
                return  # A moment more, and what goes on need not begin anew.
            if left is not None:
                self._book = resumed(self._book, left, now)
                self._resumed = True
        before = {one.id: one for one in (*self._book.open, *self._book.ended)}
        folded = fold(self._book, snapshot, self._joined, now)
        self._book, self.wake_at = folded.book, folded.wake_at
        if folded.changed:
            self._shelf.put(folded.changed)
        self._news += [(before.get(one.id), one) for one in folded.changed]

    def _source(self, health: Health) -> tuple[SourceState, ...]:
        self._ever_ill = self._ever_ill or health.trouble is not None
        if not self._ever_ill:
            return ()
        ill = health.trouble is not None
        status = Status.FAILING if ill else Status.OK
        seen = health.well_at
        return (SourceState(RECORDS, status, seen, health.trouble, 1, 1 if ill else 0),)


def _log(deployment: str, before: Incident | None, after: Incident) -> None:
    """An incident's milestones; that it grew is told by the verdicts."""
    fields = {
        "deployment": deployment,
        "incident": after.id,
        "kind": after.kind.value,
        "worst": after.worst.value,
    }
    if after.into is not None:
        log.info("incident merged", into=after.into, **fields)
    elif before is None or (after.open and not before.open):
        log.info("incident opened" if before is None else "incident reopened", **fields)
    if not after.open and after.into is None:
        log.info("incident ended", exact=after.ends_exactly, **fields)
