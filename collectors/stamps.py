"""Whether a file is still the one that was read: renewed secrets and certificates are
taken up while we run."""

from __future__ import annotations

import os
from pathlib import Path

Stamp = tuple[int, int, int]


def stamp(file: str | Path) -> Stamp:
    """Another one for a file with other content. Raises `OSError`."""
    found = os.stat(file)
    return found.st_mtime_ns, found.st_size, found.st_ino
