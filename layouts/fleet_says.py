"""What is said about one deployment of the fleet, in words.

`assets/fleet_says.js` says the same in the browser; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.fleet import BLIND, CLEAR, WAITING
from app.domain.status import RANK, Status, worst
from layouts import figures
from layouts import strings_fleet as words
from layouts.strings import SOURCES, WORDS

Card = Mapping[str, Any]
"""As `app.domain.fleet` makes it."""

FRESH_S: Final = 30
"""Up to this age data is called fresh: a number that counts on a hundred cards would
never let the eye rest. The slowest sources are asked every 15 s."""
OLD_S: Final = 90
"""From this age on the card says that it shows the past."""
OLD: Final = "old"
"""One more sight than `app.domain.fleet.SIGHTS`: it comes with time alone."""
UNWELL: Final = RANK[Status.NO_DATA]
"""From this rank up a deployment needs a look."""


def unwell(card: Card, now: datetime) -> bool:
    """Whether it is not well, or not seen well."""
    return RANK[standing(card, now)] >= UNWELL or sight(card, now) != CLEAR


def standing(card: Card, now: datetime) -> Status:
    """The status by which it stands among the others: of one that shows the past nobody
    knows how it is, however well it was."""
    status = Status(card["status"])
    return worst((status, Status.STALE)) if sight(card, now) == OLD else status


def sight(card: Card, now: datetime) -> str:
    """How well it is seen now."""
    age = figures.seconds_since(card["heard_at"], now)
    if card["sight"] in (WAITING, BLIND) or age is None or age < OLD_S:
        return str(card["sight"])
    return OLD


def why(card: Card, now: datetime) -> str:
    """Why it can't be seen, or not all of it; empty when all is heard."""
    seen = sight(card, now)
    if seen == WAITING:
        return words.UNSEEN.format(why=card["waiting"])
    if seen == OLD:
        age = figures.seconds_since(card["heard_at"], now) or 0
        return words.OLD.format(age=figures.duration(age))
    troubled = _troubled(card["sources"])
    return words.BLIND.format(why=troubled) if seen == BLIND else troubled


def _troubled(sources: list[Mapping[str, Any]]) -> str:
    """The first source in trouble, and how many more there are."""
    if not sources:
        return ""
    first, *more = sources
    name = SOURCES.get(first["name"], first["name"])
    text = words.SOURCE.format(source=name, why=first["error"] or words.UNTOLD)
    return words.MORE.format(why=text, count=len(more)) if more else text


def age(card: Card, now: datetime) -> str:
    """How old what is shown is."""
    passed = figures.seconds_since(card["heard_at"], now)
    if passed is None:
        return words.NO_DATA
    if passed < FRESH_S:
        return words.FRESH.format(age=figures.duration(FRESH_S))
    return words.AGED.format(age=figures.duration(passed))


def told(card: Card) -> str:
    """The first suspect, else the gravest incident; empty when there is neither."""
    incident = card["incident"]
    return card["suspect"] or (incident["text"] if incident else "")


def place(card: Card) -> str:
    return " · ".join(part for part in (card["region"], card["group"]) if part)


def label(card: Card, now: datetime) -> str:
    """For who hears the page."""
    status = WORDS[card["status"]]
    if card["since"]:
        status = words.SINCE.format(word=status, at=figures.clock(card["since"]))
    counts = ", ".join(f"{n} {WORDS[name]}" for name, n in card["counts"].items())
    named = ", ".join(part for part in (card["name"], place(card)) if part)
    parts = (f"{named}: {status}", counts, told(card), why(card, now))
    return "; ".join(part for part in parts if part)
