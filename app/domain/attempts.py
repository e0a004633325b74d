"""How often somebody may try to sign in, before he has to wait.

Wrong tries are counted by the address they come from and by the name they are for, so
that neither many names from one place nor one name from many places goes far. A name
can be kept out by others for as long as they go on trying: it then waits minutes, and
is never locked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(minutes=5)
OF_ADDRESS: Final = 20
OF_NAME: Final = 10
OF_ALL: Final = 300
"""Every one costs a tenth of a second of a processor, on purpose."""


@dataclass(frozen=True, slots=True)
class Try:
    at: datetime
    address: str
    name: str


Tries = tuple[Try, ...]
"""Wrong ones, the oldest first; never more than `OF_ALL`."""


def waits(tries: Tries, now: datetime, address: str, name: str) -> datetime | None:
    """Until when nobody listens to this one; `None`: try."""
    lately = _lately(tries, now)
    ends = (
        _full(lately, OF_ADDRESS, lambda one: one.address == address),
        _full(lately, OF_NAME, lambda one: one.name == name),
        _full(lately, OF_ALL, lambda one: True),
    )
    return max((end for end in ends if end is not None), default=None)


def wrong(tries: Tries, now: datetime, address: str, name: str) -> Tries:
    """It was."""
    return (*_lately(tries, now), Try(now, address, name))[-OF_ALL:]


def right(tries: Tries, name: str) -> Tries:
    """Who signed in has nothing against his name any more; his address still has."""
    return tuple(one for one in tries if one.name != name)


def _lately(tries: Tries, now: datetime) -> Tries:
    return tuple(one for one in tries if one.at > now - WITHIN)


def _full(tries: Tries, most: int, of: Callable[[Try], bool]) -> datetime | None:
    """When there is room for one more of these, if there is none now."""
    counted = [one for one in tries if of(one)]
    return counted[-most].at + WITHIN if len(counted) >= most else None
