"""A copy of the history's file, whole, while somebody writes it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.history.base import Unreadable
from app.history.file import File
from app.history.schema import version_of
from app.history.trouble import told


def backup(path: Path, out: Path) -> int:
    """Copy it as it stands at one moment; the bytes of the copy. It is there under its
    name only once it was found whole. Raises `Unreadable`; what is at `out` is left."""
    if not path.exists():
        raise Unreadable(f"{path}: there is no history yet")
    if out.exists():
        raise Unreadable(f"{out}: is there already; name a file that is not")
    part = out.with_name(f"{out.name}.part")
    try:
        _copy(path, part)
        # Never over what somebody else has put there meanwhile.
        os.link(part, out)
    except (sqlite3.Error, OSError) as exc:
        raise told(out, exc) from exc
    finally:
        part.unlink(missing_ok=True)
    return out.stat().st_size


def _copy(path: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    with File(path).reading() as source, closing(sqlite3.connect(part)) as copy:
        version_of(source)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise Unreadable(f"{path}: damaged, and so would be its copy: {found}")
    with part.open("rb") as file:
        os.fsync(file.fileno())
