"""What works in a thread of its own, and how that begins and ends."""

from __future__ import annotations

import threading


class Threaded:
    """Works from `start` on, until its own `stop`, which returns at once, lets `_run`
    come to its end. It never keeps the program from ending."""

    def __init__(self, name: str) -> None:
        """`name`: the thread's, for whoever debugs."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait until it has ended, so long at the most."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def running(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        raise NotImplementedError
