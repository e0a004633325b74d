"""Tokens: secrets by which a script, or a TV that was let in, is known.

Only a digest of the secret is kept. It has 256 bits of chance, so a plain hash of it
can't be turned back, and looking it up by its digest tells nothing by its time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.access import Deployments, Grant, Kind, Person, Role
from app.domain.instants import instant

PREFIX: Final = "gwso_"
"""So that what looks for leaked secrets finds one."""
LONGEST: Final = timedelta(days=366)
NAME_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Token:
    """`made_by`: the subject of who made it, or let the TV in."""

    id: str
    name: str
    kind: Kind
    digest: str
    role: Role
    deployments: Deployments
    made_by: str
    made_at: datetime
    until: datetime
    revoked_at: datetime | None = None

    @property
    def person(self) -> Person:
        grants = (Grant(self.role, self.deployments),)
        return Person(f"{self.kind.value}:{self.id}", self.name, grants, self.kind)

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.until

    def over(self, before: datetime) -> bool:
        """Was it of no use any more by then?"""
        return min(self.until, self.revoked_at or self.until) < before

    def revoked(self, now: datetime) -> Token:
        return self if self.revoked_at is not None else replace(self, revoked_at=now)

    def merged(self, other: Token) -> Token:
        """Of two words on one token: whoever revoked it first has."""
        times = (one.revoked_at for one in (self, other))
        first = min((at for at in times if at is not None), default=None)
        return replace(self, revoked_at=first)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One that is to be made, and how long it holds."""

    name: str
    kind: Kind
    role: Role
    deployments: Deployments
    by: str
    lasts: timedelta

    def made(self, id_: str, secret: str, now: datetime) -> Token:
        return Token(
            id_, self.name, self.kind, digest(secret), self.role, self.deployments,
            self.by, now, now + self.lasts,
        )  # fmt: skip


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def encode(token: Token) -> dict[str, Any]:
    """As the API tells it: neither the secret nor its digest."""
    within = token.deployments
    return {
        "id": token.id,
        "name": token.name,
        "kind": token.kind.value,
        "role": token.role.value,
        "deployments": None if within is None else sorted(within),
        "made_by": token.made_by,
        "made_at": instant(token.made_at),
        "until": instant(token.until),
        "revoked_at": instant(token.revoked_at),
    }
