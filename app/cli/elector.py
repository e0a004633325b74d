"""The thread in which one of several collectors leads, or stands by to.

A leader that can't say that it is there writes nothing after its term, and goes on as
it was once it has a new one and nobody led in between. Where somebody did, it ends:
what it knows of the incidents is no longer true, and a process that begins anew stands
by.
"""

from __future__ import annotations

import threading
from typing import Final, Protocol

import redis
import structlog

from app.bus.redis_lease import RENEW_S, Lease
from app.bus.redis_line import BusAddress, told
from app.threads import Threaded

YIELDS: Final = 3
"""Looks after Redis is back at which whoever stands by leaves it to the one that led:
it alone still has the pictures where Redis has lost them."""
DEPOSED: Final = "another collector leads; this one ends, to begin anew"

log = structlog.get_logger(__name__)


class Led(Protocol):
    """What a leader does."""

    def begin(self) -> None:
        """For the first time. May raise `redis.RedisError`: it is tried again."""

    def go_on(self) -> None:
        """With a new term, as nobody else had one meanwhile."""

    def state(self) -> bytes:
        """What is told each second."""

    def deposed(self) -> None:
        """Somebody else leads."""


class Elector(Threaded):
    def __init__(self, address: BusAddress, lease: Lease, led: Led) -> None:
        super().__init__("elector")
        self._address, self._lease, self._led = address, lease, led
        self._ending = threading.Event()
        self._begun = False
        self._last_term = self._yields = 0
        self.trouble: str | None = None

    def stop(self) -> None:
        """Ask it to give up its term, and to end; return at once."""
        self._ending.set()

    def begun(self) -> bool:
        """Whether this process has ever led."""
        return self._begun

    def _run(self) -> None:
        while not self._ending.is_set():
            pause_s = RENEW_S
            try:
                pause_s = self.step()
                self._judge(None)
            except (redis.RedisError, OSError) as exc:
                self._judge(told(self._address, exc))
                self._yields = YIELDS
            except Exception:
                log.exception("bug in the election")
            self._ending.wait(pause_s)
        try:
            self._lease.release()
        except (redis.RedisError, OSError) as exc:
            self._judge(told(self._address, exc))

    def step(self) -> float:
        """Say that we are here, or see whether it is our turn. When to look again."""
        if self._lease.term is not None and not self._lease.renew(self._state()):
            log.warning("leader", leads=False, term=self._last_term)
        if self._lease.term is None:
            if self._yields and not self._begun:
                self._lease.stand_by(RENEW_S)
                self._yields -= 1
                return 0.0
            before = self._lease.take()
            if before is None and not self._begun:
                self._lease.stand_by(RENEW_S)
                return 0.0
            self._stand(before)
        elif not self._begun:
            self._begin()
        return RENEW_S

    def _state(self) -> bytes:
        """Nothing until it has begun: what is told is yet to be read by it."""
        return self._led.state() if self._begun else b""

    def _stand(self, before: int | None) -> None:
        """`before`: the term before ours; `None`: somebody else has one now."""
        if self._begun and before not in (0, self._last_term):
            self._depose()
            return
        self._last_term = self._lease.term or 0
        log.info("leader", leads=True, term=self._last_term)
        if self._begun:
            self._led.go_on()
        else:
            self._begin()

    def _begin(self) -> None:
        self._led.begin()
        self._begun = True

    def _depose(self) -> None:
        log.error("leader", problem=DEPOSED)
        self._led.deposed()
        self._ending.set()

    def _judge(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            tell = log.info if trouble is None else log.warning
            tell("election", trouble=trouble)
        self.trouble = trouble
