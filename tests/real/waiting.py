"""Waiting for a real server, by condition."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def until(wanted: Callable[[], object], within_s: float, what: str) -> None:
    """Wait for a condition, at most so long."""
    end = time.monotonic() + within_s
    pause = threading.Event()
    while not wanted():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {within_s} s")
        pause.wait(0.02)
