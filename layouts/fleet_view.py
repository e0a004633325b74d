"""How the reader wants the fleet: what is looked for, put together by what, how large.

The address holds all of it, so that a copied one shows what its sender saw.
`assets/fleet_order.js` puts the cards into the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.status import RANK
from layouts.fleet_says import Card, standing, unwell
from layouts.strings_fleet import BY, SIZES

LARGE_UP_TO: Final = 12
"""So many cards have room to be large where nobody says how large they are to be."""


@dataclass(frozen=True, slots=True)
class View:
    """`query`: words that must be in a name; `by`: `region`, `group` or nothing."""

    query: str = ""
    by: str = ""
    trouble: bool = False
    """Only those that are not well."""
    size: str = ""
    """`large`, `compact`, or nothing: as many as there are decide."""


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of one region or group, or all of them, the worst first."""

    key: str
    cards: tuple[Card, ...]


def view(asked: Mapping[str, str]) -> View:
    """What an address asks for; what it can't mean is as if it were not there."""
    by, size = asked.get("by", ""), asked.get("size", "")
    return View(
        asked.get("q", "").strip(),
        by if by in BY else "",
        asked.get("trouble") == "1",
        size if size in SIZES else "",
    )


def sections(cards: Iterable[Card], by: str, now: datetime) -> list[Section]:
    """The worst first: the sections, and the cards of each. Of equal ones, those that
    stand first in the configuration: a card moves only when its own status does."""
    ordered = sorted(cards, key=lambda card: -RANK[standing(card, now)])
    found: dict[str, list[Card]] = {}
    for card in ordered:
        found.setdefault(key(card, by), []).append(card)
    return [Section(name, tuple(group)) for name, group in found.items()]


def key(card: Card, by: str) -> str:
    """What a card is put together by."""
    return str(card[by] or "") if by else ""


def shown(card: Card, asked: View, now: datetime) -> bool:
    """Whether it is what is looked for: every word in a name, a region or a group."""
    if asked.trouble and not unwell(card, now):
        return False
    names = (card["name"], card["id"], card["region"], card["group"])
    text = " ".join(name for name in names if name).lower()
    return all(word in text for word in asked.query.lower().split())


def settled(asked: View, cards: Sequence[Card]) -> View:
    """What is left to the page is decided: how large the cards are, and nothing is put
    together by what none of them has."""
    known = any(key(card, asked.by) for card in cards)
    usual = "large" if len(cards) <= LARGE_UP_TO else "compact"
    return replace(asked, by=asked.by if known else "", size=asked.size or usual)
