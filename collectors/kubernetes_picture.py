"""What one feed has said so far, so that only news is reported.

An object that cannot be read keeps the fact it had: one that is not understood is not
one that is gone. Pure but for its own memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.facts import Fact
from app.domain.locate import Locator
from app.domain.reading import Trouble
from app.domain.subject import FactKey
from collectors.errors import SourceMisread
from collectors.kubernetes_json import Json
from collectors.kubernetes_lines import Change, version_of
from collectors.kubernetes_read import name_of, read_facts

NAMELESS: Final = "(without a name)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One object: its facts, if it is ours, or why it cannot be read."""

    name: str
    facts: tuple[Fact, ...] = ()
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    facts: tuple[Fact, ...] = ()
    gone: tuple[FactKey, ...] = ()
    version: str | None = None


class Picture:
    """The facts of one feed by the names of their objects."""

    def __init__(self, kind: str, locator: Locator) -> None:
        self._kind = kind
        self._locator = locator
        self._facts: dict[str, tuple[Fact, ...]] = {}
        self._unread: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._facts)

    def read(self, obj: Json) -> Entry:
        """An object of a list."""
        name = NAMELESS
        try:
            name = name_of(obj)
            return Entry(name, read_facts(self._kind, obj, self._locator))
        except SourceMisread as exc:
            return Entry(name, unread=str(exc))

    def listed(self, entries: list[Entry]) -> tuple[Fact, ...]:
        """Everything there is, after a list of everything."""
        before = self._facts
        self._unread = {one.name: one.unread for one in entries if one.unread}
        known = {
            one.name: before.get(one.name, ()) if one.unread else one.facts
            for one in entries
        }
        self._facts = {name: facts for name, facts in known.items() if facts}
        return tuple(fact for facts in self._facts.values() for fact in facts)

    def changed(self, change: Change, obj: Json) -> News:
        """What is new after one line of a watch."""
        entry = self.read(obj)
        self._unread.pop(entry.name, None)
        if change is Change.DELETED:
            return self._without(entry.name, _version(obj))
        if entry.unread is not None:
            self._unread[entry.name] = entry.unread
            return News(version=_version(obj))
        if not entry.facts:
            return self._without(entry.name, _version(obj))
        before = self._facts.get(entry.name, ())
        self._facts[entry.name] = entry.facts
        news = tuple(fact for fact in entry.facts if fact not in before)
        kept = {fact.key for fact in entry.facts}
        gone = tuple(fact.key for fact in before if fact.key not in kept)
        return News(news, gone, _version(obj))

    def trouble(self) -> Trouble | None:
        """Which objects are not understood."""
        if not self._unread:
            return None
        name, why = next(iter(self._unread.items()))
        count = len(self._unread)
        whole = f"{count} objects cannot be read" if count > 1 else "cannot be read"
        text = f"{self._kind} {name[:100]}: {why}; {whole} and keeps its last state"
        return Trouble("misread", text)

    def _without(self, name: str, version: str | None) -> News:
        facts = self._facts.pop(name, ())
        return News(gone=tuple(fact.key for fact in facts), version=version)


def _version(obj: Json) -> str | None:
    try:
        return version_of(obj)
    except SourceMisread:
        return None
