"""Letting a TV in: it shows a code, and somebody at a page of ours types it, once.

A TV that asks is named by a secret, which only its cookie holds, and waits under a
code, which only its screen shows. Of both no more than keyed digests are kept, so that
who reads them can't pass for a TV; they are compared in constant time. Guesses that
are wrong are counted, and too many are not listened to.

This says who is let in to see what; what he is known by afterwards, where people sign
in, is a token (`app.domain.tokens`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

CODE_LASTS: Final = timedelta(minutes=10)
ENTRY_LASTS: Final = timedelta(days=400)
"""As long as a browser keeps a cookie at most."""
LETTERS: Final = "ACEFHJKMNPRTWXY3479"
"""None that is taken for another one at five metres, or said like one."""
CODE_LENGTH: Final = 6
MOST_WAITING: Final = 20
MOST_LET_IN: Final = 200
"""TVs that are remembered; the one that was let in first is forgotten first."""
GUESSES_WITHIN: Final = timedelta(minutes=1)
GUESSES_OF_ONE: Final = 5
GUESSES_OF_ALL: Final = 20
"""Wrong ones, from one caller and from everybody. With as many codes open as there can
be, that finds one in 10,000 tries of ten minutes."""


@dataclass(frozen=True, slots=True)
class View:
    """What a TV shows: deployments in turn, each for so many seconds."""

    deployments: tuple[str, ...]
    rotate_s: int | None = None
    theme: str = "dark"
    sound: bool = False
    by: str = ""
    """Who let it in."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One TV. `name`, `code`: digests of its secret and of what it shows; it waits
    while it has a code, and is let in once it has a view."""

    name: bytes
    until: datetime
    code: bytes | None = None
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Lobby:
    """Everybody who waits or was let in, in the order of their coming. `key` makes the
    digests; `wrong`: when somebody guessed wrong, and who."""

    key: bytes
    screens: tuple[Screen, ...] = ()
    wrong: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Full:
    """Too many wait already, until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """`until`: when the next guess is listened to; `None`: that code is nobody's."""

    until: datetime | None = None


def spelled(pick: Callable[[str], str]) -> str:
    """A new code. `pick` gives one of the letters, at random."""
    return "".join(pick(LETTERS) for _ in range(CODE_LENGTH))


def waits(
    lobby: Lobby, now: datetime, secret: str, code: str, *, instead: str | None = None
) -> Lobby | Full:
    """A TV shows `code` now. `instead`: the secret by which it waited before."""
    there = _present(lobby, now)
    if instead is not None:
        there = _without(there, _digest(lobby, instead))
    waiting = [one for one in there if one.code is not None]
    if len(waiting) >= MOST_WAITING:
        return Full(min(one.until for one in waiting))
    came = Screen(_digest(lobby, secret), now + CODE_LASTS, _digest(lobby, code))
    return replace(lobby, screens=(*there, came))


def admit(
    lobby: Lobby, now: datetime, guess: str, view: View, caller: str
) -> tuple[Lobby, Refused | None]:
    """Let in who shows the code. It is used up by that; a wrong one is remembered."""
    wrong = tuple(one for one in lobby.wrong if one[0] > now - GUESSES_WITHIN)
    known = replace(lobby, screens=_present(lobby, now), wrong=wrong)
    listening = _listens(wrong, caller)
    if listening is not None:
        return known, Refused(listening)
    code = _digest(lobby, _clean(guess))
    # Each is compared, those after a match as well: the time it takes tells nothing.
    found = [one for one in known.screens if _same(one.code, code)]
    if not found:
        return replace(known, wrong=(*wrong, (now, caller))), Refused()
    shown = found[0]
    let_in = replace(shown, code=None, view=view)
    screens = tuple(let_in if one is shown else one for one in known.screens)
    return replace(known, screens=screens), None


def enter(
    lobby: Lobby, now: datetime, secret: str, fresh: str
) -> tuple[Lobby, View | None]:
    """A TV that was let in goes to what it shows, and is named by a `fresh` secret from
    then on: who knew the one by which it waited knows nothing. `None`: it was not."""
    found = of(lobby, now, secret)
    if found is None or found.view is None:
        return lobby, None
    others = _without(_present(lobby, now), found.name)
    came = Screen(_digest(lobby, fresh), now + ENTRY_LASTS, view=found.view)
    inside = [one for one in (*others, came) if one.code is None][-MOST_LET_IN:]
    waiting = [one for one in others if one.code is not None]
    return replace(lobby, screens=(*inside, *waiting)), found.view


def of(lobby: Lobby, now: datetime, secret: str) -> Screen | None:
    """The TV that this secret names, waiting or let in."""
    name = _digest(lobby, secret)
    found = [one for one in _present(lobby, now) if _same(one.name, name)]
    return found[0] if found else None


def _present(lobby: Lobby, now: datetime) -> tuple[Screen, ...]:
    return tuple(one for one in lobby.screens if one.until > now)


def _without(screens: Iterable[Screen], name: bytes) -> tuple[Screen, ...]:
    return tuple(one for one in screens if not _same(one.name, name))


def _listens(wrong: tuple[tuple[datetime, str], ...], caller: str) -> datetime | None:
    """When the next guess of this caller is listened to; `None`: now."""
    counted = Counter(who for _, who in wrong)
    own = [at for at, who in wrong if who == caller]
    if counted[caller] >= GUESSES_OF_ONE:
        return own[-GUESSES_OF_ONE] + GUESSES_WITHIN
    if len(wrong) >= GUESSES_OF_ALL:
        return wrong[-GUESSES_OF_ALL][0] + GUESSES_WITHIN
    return None


def _clean(guess: str) -> str:
    """As it was spelled, however it was typed: `k7m-4hx`, `K7M 4HX`."""
    return "".join(one for one in guess.upper() if one.isalnum())


def _digest(lobby: Lobby, text: str) -> bytes:
    return hmac.digest(lobby.key, text.encode(), hashlib.sha256)


def _same(one: bytes | None, other: bytes) -> bool:
    return hmac.compare_digest(one or b"", other)
