"""Why a sign-in can't go on: a sentence for an operator, without secrets in it.

What a provider or a browser wrote is repeated on one line, cut short, and only after
what was sent is taken out of it, and whatever is long enough to be a token. It is plain
text: who shows it on a page escapes it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

QUOTED: Final = 300
HIDDEN: Final = "***"
_TOKEN: Final = re.compile(r"[\w~+=%-]{40,}")
"""Longer than a UUID, by which a provider's own log is searched; no part of a path."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is signed in."""

    reason: str


class Refusal(Exception):
    """Likewise, within; `str()` is the reason."""


def quoted(text: object, secrets: Iterable[str] = ()) -> str:
    """What somebody else wrote, fit to be told."""
    said = str(text)[: QUOTED * 8]
    for secret in filter(None, secrets):
        said = said.replace(secret, HIDDEN)
    said = _TOKEN.sub(HIDDEN, said)
    said = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return said[:QUOTED] or "nothing"
