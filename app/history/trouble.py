"""What may be wrong with the file of the history, in words for an operator."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from app.history.base import Unreadable

DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
HINTS: Final = (
    ("full", "no space is left on its disk; free some, it goes on by itself"),
    ("disk i/o", "its disk is full or ill; it goes on by itself once that is over"),
    ("readonly", "it may not be written to"),
    ("unable to open", "its folder is not there, or may not be written to"),
    ("locked", "another program holds it"),
)


class Damaged(Unreadable):
    """The file is not whole any more."""


def told(file: Path, exc: Exception) -> Unreadable:
    said = " ".join(str(exc).split()) or type(exc).__name__
    if is_damage(exc):
        return Damaged(f"{file}: {said}")
    hint = next((words for mark, words in HINTS if mark in said.lower()), None)
    return Unreadable(f"{file}: {said}" + (f" ({hint})" if hint else ""))


def is_damage(exc: Exception) -> bool:
    code = getattr(exc, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in DAMAGED
