"""Who did what: the entries of the log of acts, and what is asked of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.domain.instants import instant

ABOUT_MOST: Final = 200
"""More letters of what an act was about are cut off."""
MOST: Final = 500
SHOWN: Final = 100
FIELDS: Final = (
    "at", "who", "name", "what", "outcome", "deployment", "about", "address", "id",
)  # fmt: skip


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    """By whoever guards: not signed in, no role for it, too many attempts."""
    FAILED = "failed"
    """It was allowed, and did not come about: it was wrong, or there was a bug."""


def outcome(status: int) -> Outcome:
    """What the status of an answer says of what was asked."""
    if status < 400:
        return Outcome.DONE
    return Outcome.REFUSED if status in (401, 403, 429) else Outcome.FAILED


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `who`: the subject, or the name that somebody tried; `what`: such as
    "incident acknowledged"; `about`: which one, or to whom; `address`: from where."""

    id: str
    at: datetime
    who: str
    name: str
    what: str
    outcome: Outcome
    address: str
    deployment: str | None = None
    about: str = ""

    @property
    def place(self) -> tuple[datetime, str]:
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Wanted:
    """`before`: only older ones than this place."""

    who: str | None = None
    what: str | None = None
    deployment: str | None = None
    outcome: Outcome | None = None
    before: tuple[datetime, str] | None = None
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest first. `trouble`: why only what is in memory could be told."""

    entries: tuple[Entry, ...]
    more: bool = False
    trouble: str | None = None


def matches(entry: Entry, wanted: Wanted) -> bool:
    asked = (
        (wanted.who, entry.who),
        (wanted.what, entry.what),
        (wanted.deployment, entry.deployment),
        (wanted.outcome, entry.outcome),
    )
    same = all(value is None or value == told for value, told in asked)
    return same and (wanted.before is None or entry.place < wanted.before)


def listed(
    entries: Iterable[Entry], wanted: Wanted, trouble: str | None = None
) -> Listed:
    """Those of `entries` that are wanted."""
    found = [one for one in entries if matches(one, wanted)]
    found.sort(key=lambda one: one.place, reverse=True)
    more = len(found) > wanted.limit
    return Listed(tuple(found[: wanted.limit]), more, trouble)


def encode(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "who": entry.who,
        "name": entry.name,
        "what": entry.what,
        "outcome": entry.outcome.value,
        "deployment": entry.deployment,
        "about": entry.about,
        "address": entry.address,
    }


def sheet(entries: Sequence[Entry]) -> str:
    """As CSV (RFC 4180)."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    for one in entries:
        writer.writerow({name: _cell(value) for name, value in encode(one).items()})
    return text.getvalue()


def _cell(value: Any) -> str:
    """What a spreadsheet would take for a formula is made a text."""
    said = "" if value is None else str(value)
    return f"'{said}" if said.startswith(("=", "+", "-", "@", "\t", "\r")) else said
