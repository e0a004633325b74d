"""Who leads: one of several collectors, by a key in Redis that lives for seconds.

A term is a number that only grows. Whoever holds it renews it each second; where that
does not go through for the time it lives, it is over, by the holder's own clock and
before anybody else can have another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import redis

from app.bus.redis_line import HANDOVER, LEADER, RELEASE, RENEW, STATE, TAKE, TERM

LIVES_S: Final = 5.0
"""How long nobody may take over from a leader that is heard of no more."""
MARGIN_S: Final = 0.5
"""So much earlier it holds its own term to be over."""
RENEW_S: Final = 1.0


class Lease:
    """One thread calls; `term`, `holds` and `fence` may be asked by any. All that talks
    to Redis raises `redis.RedisError`."""

    def __init__(
        self,
        client: redis.Redis,
        lives_s: float = LIVES_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._lives_s, self._clock = client, lives_s, clock
        self._until = 0.0
        self.term: int | None = None
        """The last one that was given to us, until it is known to be over."""
        script: Callable[[str], Any] = client.register_script
        self._take, self._renew, self._release = map(script, (TAKE, RENEW, RELEASE))

    def holds(self) -> bool:
        return self.term is not None and self._clock() < self._until

    def fence(self) -> int | None:
        """The term under which something may be written now; `None`: nothing may."""
        return self.term if self.holds() else None

    def take(self) -> int | None:
        """Ask for a term where nobody has one. Answers the one before it, 0 where none
        is known; `None` where somebody leads."""
        asked = self._clock()
        given, before = self._take(keys=[LEADER, TERM], args=[self._ms()])
        if not given:
            return None
        self.term = int(given)
        self._until = asked + self._lives_s - MARGIN_S
        return int(before)

    def renew(self, state: bytes) -> bool:
        """Say that we are here, and how we are; empty: there is nothing to say of that
        yet. `False`: the term is over."""
        asked = self._clock()
        keys, args = [LEADER, STATE], [str(self.term), self._ms(), state]
        if not self._renew(keys=keys, args=args):
            self.term = None
            return False
        self._until = asked + self._lives_s - MARGIN_S
        return True

    def release(self) -> None:
        """Leave in order: whoever stands by takes over at once."""
        term, self.term = self.term, None
        if term is not None:
            self._release(keys=[LEADER, HANDOVER], args=[str(term)])

    def stand_by(self, seconds: float) -> None:
        """Wait so long at the most, for a leader that leaves."""
        self._client.blpop([HANDOVER], timeout=seconds)

    def _ms(self) -> int:
        return round(self._lives_s * 1000)
