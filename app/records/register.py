"""What signing in has to remember: tokens, sessions that are over, and who did what.

Tokens and ended sessions are known here at any time: whoever asks for a page is not
kept waiting for the disk. All of it is written by the keeper's thread; what was done
stays here until the database has it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from app.domain.audit import Entry, Listed, Wanted, listed
from app.domain.tokens import Token
from app.records.outbox import Outbox
from app.records.retention import EVERY
from app.records.store import Store
from app.records.trouble import Trouble, Unwritable

MOST_UNWRITTEN: Final = 5000
"""How many acts wait in memory; more push out the oldest. The log lines have them."""

log = structlog.get_logger(__name__)


class Register:
    """`changed` guards it, and is told when something waits to be written. `kept`: how
    long what was done is told; `None`: for ever."""

    def __init__(
        self,
        store: Store,
        changed: threading.Condition,
        clock: Callable[[], datetime],
        kept: timedelta | None,
    ) -> None:
        self._store, self._changed = store, changed
        self._clock, self._kept = clock, kept
        self._tokens: dict[str, Token] = {}
        self._by_digest: dict[str, Token] = {}
        self._ended: dict[str, datetime] = {}
        self._known = False
        self._pruned_at: datetime | None = None
        self._new_tokens: Outbox[str, Token] = Outbox(changed, MOST_UNWRITTEN)
        self._new_ended: Outbox[str, datetime] = Outbox(changed, MOST_UNWRITTEN)
        self._new_acts: Outbox[str, Entry] = Outbox(changed, MOST_UNWRITTEN)

    @property
    def waiting(self) -> int:
        """How many are yet to be written."""
        return len(self._new_tokens) + len(self._new_ended) + len(self._new_acts)

    def known(self) -> bool:
        """Has what an earlier process left been read?"""
        return self._known

    def token(self, digest: str) -> Token | None:
        return self._by_digest.get(digest)

    def tokens(self) -> tuple[Token, ...]:
        with self._changed:
            return tuple(self._tokens.values())

    def put(self, token: Token) -> None:
        """The newest word on it. From any thread; never waits for the disk."""
        with self._changed:
            self._remember(token)
            lost = self._new_tokens.put([(token.id, token)])
        _tell("token", lost)

    def end(self, session: str, until: datetime) -> None:
        """Likewise."""
        with self._changed:
            self._ended[session] = until
            lost = self._new_ended.put([(session, until)])
        _tell("session", lost)

    def ended(self, session: str) -> bool:
        return session in self._ended

    def note(self, entry: Entry) -> None:
        """Likewise."""
        _tell("act", self._new_acts.put([(entry.id, entry)]))

    def find(self, wanted: Wanted) -> Listed:
        """Blocking: not for the event loop."""
        waits = self._new_acts.waiting()
        try:
            found = self._store.acts(wanted, len(waits))
        except Trouble as exc:
            return listed(waits.values(), wanted, str(exc))
        return listed(({one.id: one for one in found} | waits).values(), wanted)

    def learn(self) -> None:
        """What is in the database, which may be another one by now, and is told what
        is known here; what was said here goes before."""
        tokens, ended = self._store.tokens(), self._store.ended()
        with self._changed:
            mine, over = dict(self._tokens), dict(self._ended)
            for token in tokens:
                if token.id not in mine:
                    self._remember(token)
            self._ended = {**ended, **over}
            self._new_tokens.again(mine)
            self._new_ended.again(over)
            self._known = True

    def write(self) -> None:
        """Write all that waits; for the keeper's thread."""
        for name, token in self._new_tokens.each():
            self._put(name, partial(self._store.put_token, token))
        for name, until in self._new_ended.each():
            self._put(name, partial(self._store.end, name, until))
        for name, entry in self._new_acts.each():
            self._put(name, partial(self._store.act, entry))

    def due(self) -> bool:
        return self._pruned_at is None or self._clock() - self._pruned_at >= EVERY

    def prune(self) -> None:
        """Where it is due, let go of what is too old to be told."""
        if not self.due():
            return
        now = self._pruned_at = self._clock()
        before = None if self._kept is None else now - self._kept
        self._store.let_go(now, before)
        with self._changed:
            self._ended = {one: end for one, end in self._ended.items() if end > now}
            for token in [*self._tokens.values()]:
                if before is not None and token.over(before):
                    del self._tokens[token.id]
                    del self._by_digest[token.digest]

    def _remember(self, token: Token) -> None:
        self._tokens[token.id] = self._by_digest[token.digest] = token

    def _put(self, name: str, write: Callable[[], None]) -> None:
        try:
            write()
        except Unwritable:
            log.exception("not recorded", name=name)


def _tell(what: str, lost: list[str]) -> None:
    for name in lost:
        log.warning("not recorded: too many wait", what=what, name=name)
