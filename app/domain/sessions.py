"""A session: who signed in, when, and how long that holds.

It is renewed while it is used, until its longest time is over. Its id is new at every
sign-in, and never one that a browser brought along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

RENEWED_AFTER: Final = 4
"""Once this part of the idle time is over, its cookie is written anew."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a session holds when nobody uses it, and at the longest."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """`groups`: those that the configuration knows. `mark`: what changes when the
    person's password does. `hint`: what the provider of the sign-in wants to see at the
    sign-out."""

    id: str
    subject: str
    name: str
    groups: tuple[str, ...]
    began: datetime
    renewed: datetime
    mark: str = ""
    hint: str = ""

    def until(self, terms: Terms) -> datetime:
        return min(self.renewed + terms.idle, self.ends(terms))

    def ends(self, terms: Terms) -> datetime:
        """However much it is used."""
        return self.began + terms.longest

    def holds(self, now: datetime, terms: Terms) -> bool:
        return now < self.until(terms)

    def due(self, now: datetime, terms: Terms) -> bool:
        """Is it time to renew it? Not when that would not make it longer."""
        old = now - self.renewed >= terms.idle / RENEWED_AFTER
        return old and self.until(terms) < self.ends(terms)

    def used(self, now: datetime) -> Session:
        return replace(self, renewed=now)


def encode(session: Session) -> dict[str, Any]:
    """Short, since it goes into a cookie."""
    return {
        "i": session.id,
        "s": session.subject,
        "n": session.name,
        "g": list(session.groups),
        "b": int(session.began.timestamp()),
        "r": int(session.renewed.timestamp()),
        "m": session.mark,
        "h": session.hint,
    }


def decode(told: Mapping[str, Any]) -> Session:
    """What was signed is what we wrote: a `KeyError` or `TypeError` is another
    release's."""
    return Session(
        str(told["i"]),
        str(told["s"]),
        str(told["n"]),
        tuple(map(str, told["g"])),
        datetime.fromtimestamp(told["b"], UTC),
        datetime.fromtimestamp(told["r"], UTC),
        str(told["m"]),
        str(told["h"]),
    )
