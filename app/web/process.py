"""What this process takes of its machine, as far as the machine tells."""

from __future__ import annotations

import os
import resource
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OPEN: Final = Path("/proc/self/fd")
SIZES: Final = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Taken:
    """`None`: this system does not tell."""

    threads: int
    cpu_s: float
    memory_bytes: int | None
    handles: int | None
    handles_limit: int | None
    sockets: int | None


def taken() -> Taken:
    """Now. Looks at each open handle: not for the event loop."""
    handles = _handles()
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Taken(
        threading.active_count(),
        time.process_time(),
        _memory(),
        None if handles is None else len(handles),
        None if limit == resource.RLIM_INFINITY else limit,
        None if handles is None else sum(one.startswith("socket:") for one in handles),
    )


def _memory() -> int | None:
    try:
        pages = int(SIZES.read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * resource.getpagesize()


def _handles() -> list[str] | None:
    try:
        names = os.listdir(OPEN)
    except OSError:
        return None
    return [_led_to(name) for name in names]


def _led_to(name: str) -> str:
    try:
        return os.readlink(OPEN / name)
    except OSError:  # It was closed meanwhile, as the listing's own always is.
        return ""
