"""The first line of the panel: how it stands, in one sentence that can be read aloud.

    failing for 4 min: 3 of 3 probes timed out

What a reason says in brackets (which target, counted by whom) is left to the
line under it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.status import Status
from app.domain.subject import Witness
from layouts import figures
from layouts.says import State
from layouts.strings import BROKEN, SOURCES, WORDS
from layouts.strings_panel import ALOUD, TIMELESS, UNHEARD

ASIDE: Final = re.compile(r"(.+?) \((?!\d+\))([^()]+)\)((?:; .*)?)")
PROBED: Final = re.compile(r"(.+), (\d+ of \d+)((?:; .*)?)")
TIMED_OUT: Final = "timed out"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`lasting` may be empty. `aside`: what is left to the next line."""

    word: str
    lasting: str
    because: str
    aside: str = ""

    def __str__(self) -> str:
        head = f"{self.word} {self.lasting}" if self.lasting else self.word
        return f"{head}: {self.because}"


def sentence(state: State, snapshot: Mapping[str, Any], now: datetime) -> Sentence:
    """Of a connection or a box, at `now`."""
    status = Status(state["status"])
    lasting = "" if status in TIMELESS else figures.lasting(state["since"], now)
    because, aside = _because(state, status, snapshot)
    return Sentence(WORDS[status], lasting, because, aside)


def _because(
    state: State, status: Status, snapshot: Mapping[str, Any]
) -> tuple[str, str]:
    first = state["reasons"][:1]
    because, aside = told(first[0]) if first else (ALOUD[status], "")
    if status is Status.STALE and blind(snapshot):
        return f"{because}, {blind(snapshot)} {UNHEARD}", aside
    return because, aside


def told(reason: Mapping[str, Any]) -> tuple[str, str]:
    """A reason as it is read aloud, and what it says in brackets."""
    text = str(reason["text"]).rstrip(".")
    found = ASIDE.fullmatch(text)
    said, aside = (found[1] + found[3], found[2]) if found else (text, "")
    if reason["witness"] == Witness.PROBE:
        said = _probed(said)
    # The word before it says that already.
    return said.removeprefix("in maintenance "), aside


def _probed(text: str) -> str:
    """`connect timed out, 3 of 3`: `3 of 3 probes timed out`."""
    found = PROBED.fullmatch(text)
    if found is None:
        return text
    how, share, rest = found.groups()
    if TIMED_OUT in how:
        return f"{share} probes {TIMED_OUT}{rest}"
    return f"{share} probes failed, {how}{rest}"


def blind(snapshot: Mapping[str, Any]) -> str:
    """The sources of facts that can't be heard, by their names."""
    failing = [s for s in snapshot["sources"] if s["status"] == Status.FAILING]
    names = [s["name"] for s in failing if s["name"] not in BROKEN]
    return ", ".join(SOURCES.get(name, name) for name in names)
