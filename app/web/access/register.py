"""What signing in has to remember, as the web knows it: tokens, sessions that are over,
and the log of acts. Who keeps it makes it known to every replica."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.domain.audit import Entry, Listed, Wanted
from app.domain.tokens import Token


class Register(Protocol):
    """None of it waits, but for `find` and `caught_up`."""

    def known(self) -> bool:
        """Is a token that is not here none? Where that can't be known, nobody is told
        so, nor let in by it."""

    async def caught_up(self) -> str | None:
        """Wait, for seconds at the most, until what was said here is known everywhere,
        and what was said elsewhere is known here; why it is not."""

    def token(self, digest: str) -> Token | None: ...

    def tokens(self) -> tuple[Token, ...]:
        """Those that are revoked or over too, for a while."""

    def put(self, token: Token) -> None:
        """The newest word on it."""

    def end(self, session: str, until: datetime) -> None:
        """It is over, though its cookie would hold until then."""

    def ended(self, session: str) -> bool: ...

    def note(self, entry: Entry) -> None:
        """Somebody did something."""

    def find(self, wanted: Wanted) -> Listed:
        """Blocks: not for the event loop."""


class NoRegister:
    """Nobody ever had a token, and nothing was ever done."""

    def known(self) -> bool:
        return True

    async def caught_up(self) -> str | None:
        return None

    def token(self, digest: str) -> Token | None:
        return None

    def tokens(self) -> tuple[Token, ...]:
        return ()

    def put(self, token: Token) -> None:
        """Let go of it."""

    def end(self, session: str, until: datetime) -> None:
        """Likewise."""

    def ended(self, session: str) -> bool:
        return False

    def note(self, entry: Entry) -> None:
        """Likewise."""

    def find(self, wanted: Wanted) -> Listed:
        return Listed(())
