"""What signing in has to remember: tokens, sessions that are over, and who did what.

Tokens and ended sessions are known here at any time: whoever asks for a page is not
kept waiting for the disk. All of it is written by a scribe's thread; what was done
stays here until the database has it.

Of several processes each writes, and none has to ask another: a token is made and may
be revoked, a session ends, an act is added, and nothing of it is ever taken back. So it
does not matter in which order they write, and what two of them know goes together.
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
from app.records.acts import Mark
from app.records.awaited import Awaited
from app.records.outbox import Outbox
from app.records.retention import EVERY
from app.records.store import Store
from app.records.trouble import Trouble, Unwritable

MOST_UNWRITTEN: Final = 5000
"""How many acts wait in memory; more push out the oldest. The log lines have them."""
PATIENCE_S: Final = 3.0
"""How long anybody is kept waiting for the others."""

log = structlog.get_logger(__name__)


class Register:
    """`changed` guards it, and is told when something waits to be written. `kept`: how
    long what was done is told; `None`: for ever. `shared`: other processes write there
    too, and `look` reads what they did."""

    def __init__(
        self,
        store: Store,
        changed: threading.Condition,
        clock: Callable[[], datetime],
        kept: timedelta | None,
        *,
        shared: bool = False,
    ) -> None:
        self._store, self._changed = store, changed
        self._clock, self._kept, self._shared = clock, kept, shared
        self._tokens: dict[str, Token] = {}
        self._by_digest: dict[str, Token] = {}
        self._ended: dict[str, datetime] = {}
        self._known = False
        self._mark: Mark | None = None
        """Of the database as it was read last."""
        self._trouble: str | None = None
        self._awaited = Awaited(changed)
        self._pruned_at: datetime | None = None
        self._new_tokens: Outbox[str, Token] = Outbox(changed, MOST_UNWRITTEN)
        self._new_ended: Outbox[str, datetime] = Outbox(changed, MOST_UNWRITTEN)
        self._new_acts: Outbox[str, Entry] = Outbox(changed, MOST_UNWRITTEN)

    @property
    def waiting(self) -> int:
        """How many are yet to be written."""
        return len(self._new_tokens) + len(self._new_ended) + len(self._new_acts)

    @property
    def awaited(self) -> bool:
        """Does anybody wait for a turn of the scribe?"""
        return bool(self._awaited)

    def known(self) -> bool:
        """Is a token that is not here none? Not before what was left has been read, nor
        while it can't be read what others do."""
        return self._known

    async def caught_up(self) -> str | None:
        """Wait until what was said here is written, and what others said is known here;
        why it is not. At once where nobody else writes."""
        if not self._shared:
            return None
        late = await self._awaited.turn(PATIENCE_S)
        return late and (self._trouble or late)

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

    def turn(self) -> Callable[[str | None], None]:
        """A turn of the scribe begins; what is given is to be called at its end, with
        what went wrong."""
        tell = self._awaited.begin()

        def ended(trouble: str | None) -> None:
            self._trouble = trouble
            if self._shared:
                self._known = trouble is None
            tell(trouble)

        return ended

    def learn(self) -> None:
        """What is in the database, which may be another one by now, and is told what
        it lacks."""
        self._mark = self._store.mark() if self._shared else None
        stored = {one.id: one for one in self._store.tokens()}
        over = self._store.ended()
        with self._changed:
            for one in stored.values():
                known = self._tokens.get(one.id)
                self._remember(one if known is None else known.merged(one))
            self._ended = over | self._ended
            self._forget()
            self._new_tokens.again(
                {n: one for n, one in self._tokens.items() if _lacks(stored, one)}
            )
            self._new_ended.again(
                {n: until for n, until in self._ended.items() if n not in over}
            )
            self._known = True

    def look(self) -> None:
        """Read what others have written since."""
        if self._shared and self._store.mark() != self._mark:
            self.learn()

    def write(self) -> None:
        """Write all that waits; for the scribe's thread."""
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
        self._store.let_go(now, self._before(now))
        with self._changed:
            self._forget()

    def _forget(self) -> None:
        """As `let_go`: what another process let go of must not be written again."""
        now = self._clock()
        before = self._before(now)
        self._ended = {one: end for one, end in self._ended.items() if end >= now}
        for token in [*self._tokens.values()]:
            if before is not None and token.over(before):
                del self._tokens[token.id]
                del self._by_digest[token.digest]

    def _before(self, now: datetime) -> datetime | None:
        return None if self._kept is None else now - self._kept

    def _remember(self, token: Token) -> None:
        self._tokens[token.id] = self._by_digest[token.digest] = token

    def _put(self, name: str, write: Callable[[], None]) -> None:
        try:
            write()
        except Unwritable:
            log.exception("not recorded", name=name)


def _lacks(stored: dict[str, Token], token: Token) -> bool:
    """Does the database not know of it, or not that it was revoked?"""
    there = stored.get(token.id)
    return there is None or (there.revoked_at is None) != (token.revoked_at is None)


def _tell(what: str, lost: list[str]) -> None:
    for name in lost:
        log.warning("not recorded: too many wait", what=what, name=name)
