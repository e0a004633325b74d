"""A server that is slow: a TCP proxy that holds back each answer for a while."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

PIECE = 65536


class Delaying:
    """Before the server at `port`; `delay_s` may be changed at any time."""

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self._to = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._ending = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._ending.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in list(self._open):
            _cut(one)
        for thread in self._threads:
            thread.join(30)
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            self._open.add(here)
            try:
                there = socket.create_connection(self._to, 5)
            except OSError:
                _cut(here)
                continue
            self._open.add(there)
            there.settimeout(None)
            for pair, waits in (((here, there), False), ((there, here), True)):
                thread = threading.Thread(
                    target=self._carry, args=(*pair, waits), daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _carry(self, of: socket.socket, to: socket.socket, waits: bool) -> None:
        with suppress(OSError):
            while piece := of.recv(PIECE):
                if waits and self.delay_s:
                    self._ending.wait(self.delay_s)
                to.sendall(piece)
        _cut(to)


def _cut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
