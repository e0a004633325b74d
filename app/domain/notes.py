"""Notes: what somebody wrote about a connection, a box, an incident or a moment.

One note at a time is pinned: the summary that everybody who joins reads first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.domain import markdown
from app.domain.instants import instant

Json = dict[str, Any]
TEXT_MOST: Final = 2000
"""How long a note may be: more is a document, and a note can lead to it."""
NAME_MOST: Final = 60
"""How long a name may be: it stands in a line with other things."""
SHOWN: Final = 50
"""How many a picture carries; older ones are asked for."""


class What(StrEnum):
    """What a note can be about."""

    CONNECTION = "connection"
    NODE = "node"
    INCIDENT = "incident"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class About:
    """`which`: a number, a box's id, an incident's id, or a moment as it is told."""

    what: What
    which: str


@dataclass(frozen=True, slots=True)
class Note:
    """`gone`: it was deleted, and is still to be let go of."""

    id: str
    at: datetime
    by: str
    about: About
    text: str
    pinned: bool = False
    gone: bool = False

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands in a list."""
        return self.at, self.id

    def deleted(self) -> Note:
        return replace(self, gone=True, pinned=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notes somebody asks for; `None`: whatever it is. `before`: only those that
    stand after this place in a list, newest first."""

    about: About | None = None
    before: tuple[datetime, str] | None = None
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class Listed:
    """`more`: there are older ones. `trouble`: why only those in memory are here."""

    notes: tuple[Note, ...]
    more: bool = False
    trouble: str | None = None


def listed(notes: Iterable[Note], wanted: Wanted, trouble: str | None = None) -> Listed:
    """Those that are wanted, the newest first, and no more than so many."""
    fitting = [
        one
        for one in newest_first(notes)
        if not one.gone
        and wanted.about in (None, one.about)
        and (wanted.before is None or one.place < wanted.before)
    ]
    first = tuple(fitting[: wanted.limit])
    return Listed(first, len(fitting) > len(first), trouble)


def shown(notes: Iterable[Note]) -> tuple[Note, ...]:
    """What a picture carries: the newest, and the pinned one however old it is."""
    there = [one for one in newest_first(notes) if not one.gone]
    first, rest = there[:SHOWN], there[SHOWN:]
    pinned = [one for one in rest if one.pinned]
    return (*first[: SHOWN - len(pinned)], *pinned)


def pinned_in(notes: Iterable[Note], note: Note, yes: bool) -> list[Note]:
    """What changes when `note` is pinned, or no longer: only one is at a time."""
    others = [one for one in notes if yes and one.pinned and one.id != note.id]
    unpinned = [replace(one, pinned=False) for one in others]
    return [*unpinned, replace(note, pinned=yes)]


def newest_first(notes: Iterable[Note]) -> list[Note]:
    return sorted(notes, key=lambda one: one.place, reverse=True)


def is_text(text: str) -> bool:
    """Lines of words: no control characters but tabs, nothing that turns them round."""
    lines = text.replace("\t", " ").split("\n")
    return bool(text.strip()) and all(not line or line.isprintable() for line in lines)


def encode(note: Note) -> Json:
    """As the API tells it."""
    return {
        "id": note.id,
        "at": instant(note.at),
        "by": note.by,
        "about": told(note.about),
        "text": note.text,
        "html": markdown.html(note.text),
        "pinned": note.pinned,
    }


def told(about: About) -> Json:
    """`{"connection": 17}`, `{"node": "redis"}` and so on."""
    is_number = about.what is What.CONNECTION
    return {about.what.value: int(about.which) if is_number else about.which}


def news(old: list[Json], new: list[Json]) -> list[Json]:
    """What a reader of the old ones must learn, both as they are told: those that are
    new or were changed, and of those that are no longer carried the ids."""
    before, after = _by_id(old), _by_id(new)
    fresh = [one for one in new if before.get(one["id"]) != one]
    gone = [{"id": name, "gone": True} for name in before if name not in after]
    return [*fresh, *gone]


def merged(old: list[Json], news: list[Json]) -> list[Json]:
    """The reverse; the newest first, as they stand in a snapshot."""
    every = (_by_id(old) | _by_id(news)).values()
    there = [one for one in every if not one.get("gone")]
    return sorted(there, key=lambda one: (one["at"], one["id"]), reverse=True)


def _by_id(items: list[Json]) -> dict[str, Json]:
    return {item["id"]: item for item in items}
