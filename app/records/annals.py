"""Turns on their way to the database, and those that are there.

The keeper's thread writes and lets go; whoever hands over waits for nothing. What was
handed over and is not written yet is told as if it were.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from app.domain.timeline import MOST, MOST_KEPT, Lane, Left, Told, Turn, Watch, What
from app.domain.timeline_told import told
from app.records.outbox import Outbox
from app.records.retention import EVERY
from app.records.store import Store
from app.records.trouble import Trouble, Unwritable

TurnKey = tuple[str, datetime, int]
WatchKey = tuple[str, datetime]
K = TypeVar("K", TurnKey, WatchKey)
V = TypeVar("V")
MOST_UNWRITTEN: Final = 20_000
"""How many turns wait in memory, some ten megabytes; more push out the oldest."""

log = structlog.get_logger(__name__)


class Annals:
    """Of all deployments. `changed`: guards what waits, and is told of it. `kept`: how
    long; `None`: for ever."""

    def __init__(
        self,
        store: Store,
        deployments: Sequence[str],
        changed: threading.Condition,
        clock: Callable[[], datetime],
        kept: timedelta | None,
    ) -> None:
        self._store, self._deployments = store, deployments
        self._changed, self._clock, self._kept = changed, clock, kept
        self._turns: Outbox[TurnKey, Turn] = Outbox(changed, MOST_UNWRITTEN)
        self._watches: Outbox[WatchKey, Watch] = Outbox(changed, MOST_UNWRITTEN)
        self._left: dict[str, Left] = {}
        self._own: dict[str, Watch] = {}
        """The watch of each deployment that goes on."""
        self._last: dict[tuple[str, Lane], Turn] = {}
        """The last status of every lane: for a database that was opened anew."""
        self._pruned_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How many are yet to be written."""
        return len(self._turns) + len(self._watches)

    def left(self, deployment: str) -> Left | None:
        """What an earlier process left; `None` while that is not known."""
        return self._left.get(deployment)

    def tell(self, deployment: str, watch: Watch, turns: Sequence[Turn]) -> None:
        """Keep what turned, and until when it was looked. From any thread; never waits
        for the disk."""
        with self._changed:
            self._own[deployment] = watch
            for one in turns:
                if one.what is What.STATUS:
                    self._last[deployment, one.lane] = one
        given_up = self._turns.put(_keyed(deployment, one) for one in turns)
        if given_up:
            log.warning("turns not recorded: too many wait", turns=len(given_up))
        self._watches.put([((deployment, watch.began), watch)])

    def add(self, deployment: str, watch: Watch, turns: Sequence[Turn]) -> None:
        """Of a time before anybody looked here. From any thread."""
        self._turns.put(_keyed(deployment, one) for one in turns)
        self._watches.put([((deployment, watch.began), watch)])

    def ask(self, deployment: str, begin: datetime, end: datetime) -> Told:
        """Blocking: not for the event loop."""
        turns = self._turns.waiting()
        watches = self._watches.waiting()
        with self._changed:
            own = self._own.get(deployment)
        if own is not None:
            until = max(own.until, self._clock())
            watches[deployment, own.began] = Watch(own.began, until)
        try:
            stored = self._store.told(deployment, begin, end, MOST)
        except Trouble as exc:
            stored = Told(trouble=str(exc))
        return told(
            stored,
            [one for (owner, _, _), one in turns.items() if owner == deployment],
            [one for (owner, _), one in watches.items() if owner == deployment],
            (begin, end),
            MOST,
        )

    def learn(self) -> None:
        """Once for each deployment: what an earlier process left. Of a database that
        was opened anew, what it must be told too."""
        for deployment in self._deployments:
            if deployment not in self._left:
                self._left[deployment] = self._store.left(deployment)
        with self._changed:
            own = {(name, one.began): one for name, one in self._own.items()}
            last = dict(_keyed(name, one) for (name, _), one in self._last.items())
            self._watches.again(own)
            self._turns.again(last)

    def end(self) -> None:
        """Nobody looks any more."""
        now = self._clock()
        with self._changed:
            ended = {name: Watch(w.began, now) for name, w in self._own.items()}
        self._watches.put(((name, one.began), one) for name, one in ended.items())

    def write(self) -> None:
        """All that waits, that of a deployment together; what is too old goes."""
        turns, watches = _owned(self._turns.waiting()), _owned(self._watches.waiting())
        for deployment in self._deployments:
            self._put(
                deployment, turns.get(deployment, {}), watches.get(deployment, {})
            )
        self._prune()

    def _put(
        self,
        deployment: str,
        turns: dict[TurnKey, Turn],
        watches: dict[WatchKey, Watch],
    ) -> None:
        if not (turns or watches):
            return
        try:
            self._store.tell(deployment, [*turns.values()], [*watches.values()])
        except Unwritable:
            log.exception("turns not recorded", deployment=deployment)
        for turn_key, turn in turns.items():
            self._turns.written(turn_key, turn)
        for watch_key, watch in watches.items():
            self._watches.written(watch_key, watch)

    def _prune(self) -> None:
        """Once an hour, which the beats of a watch see to."""
        now = self._clock()
        if self._pruned_at is not None and now - self._pruned_at < EVERY:
            return
        before = None if self._kept is None else now - self._kept
        for deployment in self._deployments:
            self._store.forget(deployment, before, MOST_KEPT)
        self._pruned_at = now


def _owned(waiting: Mapping[K, V]) -> Mapping[str, dict[K, V]]:
    """By the deployment, with which the keys begin."""
    found: defaultdict[str, dict[K, V]] = defaultdict(dict)
    for key, one in waiting.items():
        found[key[0]][key] = one
    return found


def _keyed(deployment: str, turn: Turn) -> tuple[TurnKey, Turn]:
    return (deployment, turn.at, turn.place), turn
