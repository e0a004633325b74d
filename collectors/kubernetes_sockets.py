"""Every socket of a client, so that all can be cut off at once, whatever they wait for.

Closing a socket does not wake a thread that reads from it; shutting it down does.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from weakref import WeakSet

from kubernetes.client import ApiClient
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Sockets:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: WeakSet[socket.socket] = WeakSet()
        self._cut = False

    def follow(self, client: ApiClient) -> None:
        """Keep the sockets that `client` opens from now on."""
        sockets = self

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        pools = {"http": PlainPool, "https": SecurePool}
        client.rest_client.pool_manager.pool_classes_by_scheme = pools

    def add(self, opened: socket.socket | None) -> None:
        """One more; it is shut at once where all have been cut off."""
        if opened is None:
            return
        with self._lock:
            self._open.add(opened)
            if self._cut:
                _shut(opened)

    def cut_off(self) -> None:
        """Shut all, and those to come."""
        with self._lock:
            self._cut = True
            for opened in self._open:
                _shut(opened)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        opened.shutdown(socket.SHUT_RDWR)
