"""What is wrong with the database, in words that an operator can act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

DAMAGED: Final = "the file is damaged; move it away, and a new one is begun"
HINTS: Final = (
    ("readonly", "it may not be written to"),
    ("unable to open", "its folder is not there, or may not be written to"),
    ("full", "no space is left"),
    ("malformed", DAMAGED),
    ("not a database", f"it is not SQLite's, or {DAMAGED}"),
    ("locked", "another program holds it"),
    ("can't locate revision", "a newer version of this program wrote it"),
    ("password authentication", "the password is refused"),
    ("permission denied", "this user may not"),
    ("certificate verify failed", "see storage.records_ca_file"),
    ("does not support ssl", "where no TLS is needed, add ?sslmode=disable to it"),
)


class Trouble(Exception):
    """The records can't be read or written; `str()` says which, why, what to do."""


class Unwritable(Exception):
    """The database is well and refuses this one incident: a bug."""


def told(
    place: str, exc: Exception, hidden: Callable[[str], str] = lambda text: text
) -> Trouble:
    """`place`: the file, or the address without its password. `hidden`: takes out what
    a server repeats of it."""
    said = hidden(_said(exc))
    hint = next((words for mark, words in HINTS if mark in said.lower()), None)
    return Trouble(f"{place}: {said}" + (f" ({hint})" if hint else ""))


def _said(exc: Exception) -> str:
    """The driver's own words, in one line; SQLAlchemy would add the statement."""
    cause = exc.orig if isinstance(exc, DBAPIError) and exc.orig else exc
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    if not lines:
        return type(exc).__name__
    return lines[0] if isinstance(exc, SQLAlchemyError) else " ".join(lines[:2])
