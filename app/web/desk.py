"""Where TVs wait to be let in: the lobby of `app.domain.screens`, for this process.

The event loop alone touches it. What is kept is gone with the process: a TV that waits
then asks for a new code by itself, and one that shows a wall goes on showing it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Final

from app.domain import screens
from app.domain.screens import Full, Lobby, Screen, View
from app.web.api_error import ApiError

UNKNOWN: Final = (
    "no TV waits with this code; one lasts 10 minutes and works once: read it again"
)
TOO_MANY: Final = "too many wrong codes: try again in a minute"
FULL: Final = "too many TVs wait already: let one of them in, or come back later"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a TV that waits is given: the secret for its cookie, the code to show."""

    secret: str
    code: str
    until: datetime


@dataclass(slots=True)
class Desk:
    clock: Callable[[], datetime]
    _lobby: Lobby = field(default_factory=lambda: Lobby(secrets.token_bytes(32)))
    _let_in: asyncio.Event = field(default_factory=asyncio.Event)

    def wait(self, instead: str | None) -> Ticket:
        """A TV comes; `instead`: the secret that its cookie still holds."""
        now, secret = self.clock(), secrets.token_urlsafe(32)
        code = screens.spelled(secrets.choice)
        lobby = screens.waits(self._lobby, now, secret, code, instead=instead)
        if isinstance(lobby, Full):
            raise ApiError(429, "too_many", FULL, headers=_after(lobby.until, now))
        self._lobby = lobby
        return Ticket(secret, code, now + screens.CODE_LASTS)

    def admit(self, guess: str, view: View, caller: str) -> None:
        now = self.clock()
        self._lobby, refused = screens.admit(self._lobby, now, guess, view, caller)
        if refused is None:
            self._let_in.set()
            self._let_in = asyncio.Event()
        elif refused.until is None:
            raise ApiError(404, "unknown_code", UNKNOWN, "code")
        else:
            after = _after(refused.until, now)
            raise ApiError(429, "too_many_guesses", TOO_MANY, "code", after)

    def enter(self, secret: str) -> tuple[str, View] | None:
        """A new secret for a TV that was let in, and what it shows."""
        fresh = secrets.token_urlsafe(32)
        self._lobby, view = screens.enter(self._lobby, self.clock(), secret, fresh)
        return None if view is None else (fresh, view)

    def find(self, secret: str) -> Screen | None:
        """The TV of a cookie, while it waits and once it was let in."""
        return screens.of(self._lobby, self.clock(), secret)

    async def turns(self) -> AsyncIterator[bytes]:
        """Says something, of no meaning, whenever somebody is let in."""
        while True:
            await self._let_in.wait()
            yield b""


def _after(until: datetime, now: datetime) -> dict[str, str]:
    return {"Retry-After": str(ceil((until - now).total_seconds()))}
