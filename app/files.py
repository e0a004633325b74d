"""A lock beside a file: of several processes, one at a time works on it.

It goes with the process that holds it, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Held(Exception):
    """Somebody else holds it; `str()` says which process, as far as it is known."""


class FileLock:
    """Held on `<file>.lock`: another program may still read or copy the file itself."""

    def __init__(self, file: Path) -> None:
        """Raises `Held`; `OSError` when the lock can't be made."""
        path = lock_of(file)
        self._held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            holder = os.pread(self._held, 20, 0).decode("ascii", "replace").strip()
            os.close(self._held)
            raise Held(f"process {holder or 'unknown'}") from exc
        os.ftruncate(self._held, 0)
        try:
            os.pwrite(self._held, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            os.close(self._held)
            raise

    def release(self) -> None:
        os.close(self._held)


def lock_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.lock")
