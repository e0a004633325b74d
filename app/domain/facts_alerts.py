"""What Alertmanager said: alerts that fire, and what operators have silenced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.subject import FactKey, Subject


@dataclass(frozen=True, slots=True)
class Silence:
    """An operator's word that something is known and being worked on."""

    author: str
    comment: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AlertFact:
    """An alert that fires. `severity` and `summary` are its author's own words.

    `felt`: it tells of something that callers feel, not of the box alone. `muted`: the
    silence under which it fires.
    """

    subject: Subject
    fingerprint: str
    name: str
    severity: str
    summary: str
    felt: bool = False
    muted: Silence | None = None

    @property
    def key(self) -> FactKey:
        return ("alert", str(self.subject), self.fingerprint)


@dataclass(frozen=True, slots=True)
class SilenceFact:
    """A silence over a whole box or connection, whatever may fire there."""

    subject: Subject
    id: str
    silence: Silence

    @property
    def key(self) -> FactKey:
        return ("silence", str(self.subject), self.id)
