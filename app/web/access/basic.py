"""Names and passwords of a small site: a file of Argon2id hashes.

A wrong password and a name that nobody has take the same time and are told in the same
words. Whoever tries too often waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from app.domain import attempts, credentials
from app.domain.access import Grant, Rule, granted
from app.domain.attempts import Tries
from app.domain.credentials import User
from app.domain.sessions import Session
from app.web.access.read_anew import ReadAnew

AT_ONCE: Final = 2
"""A hash takes 64 MiB and a tenth of a second of a processor, on purpose."""
MOST_WAITING: Final = 20
PASSWORD_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody listens until then."""

    until: datetime


class Basic:
    """To be used on the event loop. `rules`: what groups are granted."""

    def __init__(
        self, file: Path, rules: Sequence[Rule], hasher: PasswordHasher | None = None
    ) -> None:
        self._users: ReadAnew[Mapping[str, User]] = ReadAnew(file, credentials.users)
        self._rules = rules
        self._hasher = hasher or PasswordHasher()
        self._nobody: str | None = None
        self._tries: Tries = ()
        self._one = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def signed_in(
        self, name: str, password: str, address: str, now: datetime
    ) -> User | Wait | None:
        """`None`: the name or the password is wrong."""
        until = attempts.waits(self._tries, now, address, name)
        if until is not None:
            return Wait(until)
        if self._waiting >= MOST_WAITING:
            return Wait(now)
        # Counted before it is known, or many at once would be listened to.
        self._tries = attempts.wrong(self._tries, now, address, name)
        user = self._users.now().get(name)
        if await self._right(user, password[:PASSWORD_MOST]):
            self._tries = attempts.right(self._tries, name)
            return user
        return None

    async def _right(self, user: User | None, password: str) -> bool:
        self._waiting += 1
        try:
            async with self._one:
                return await asyncio.to_thread(self._verified, user, password)
        finally:
            self._waiting -= 1

    def _verified(self, user: User | None, password: str) -> bool:
        """Where there is no such user it takes as long. Blocks."""
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            self._hasher.verify(self._nobody if user is None else user.hash, password)
        except (Argon2Error, InvalidHashError):
            return False
        return user is not None

    def grants(self, session: Session) -> tuple[Grant, ...] | None:
        """As the file has it now: who was taken out of it, or has another password by
        now, is not signed in any more."""
        user = self._users.now().get(session.subject)
        if user is None or mark(user) != session.mark:
            return None
        return granted(user.groups, self._rules)


def mark(user: User) -> str:
    """Changes with the password, and tells nothing of it."""
    return hashlib.sha256(user.hash.encode()).hexdigest()[:12]


def hashed(password: str) -> str:
    """As a line of the file holds it."""
    return PasswordHasher().hash(password)
