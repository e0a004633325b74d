"""Connections that another thread can cut while an answer is awaited, and whom they
trust.

`requests` offers no way to end a call that waits in `recv`: closing the session closes
idle connections only. So each connection leaves a duplicate of its socket in `Sockets`;
shutting that down ends the wait at once, in the middle of a TLS handshake too.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Sockets:
    """The one open socket of a line; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._ended = False
        self._closed = False

    def opened(self, sock: socket.socket) -> socket.socket:
        """Keep hold of a new connection. Raises `OSError` after `close`."""
        with self._lock:
            if self._closed:
                sock.close()
                raise ConnectionAbortedError
            self._drop()
            self._handle = sock.dup()
            self._ended = False
        return sock

    def ended(self) -> None:
        """The connection is given up; the rest of an answer may still be read."""
        self._ended = True

    def settle(self) -> None:
        """No answer is being read: a connection that was given up can go."""
        with self._lock:
            if self._ended or self._closed:
                self._drop()

    def cut(self) -> None:
        with self._lock:
            self._shut()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._shut()
            self._drop()

    def _shut(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class Cuttable(HTTPAdapter):
    """One kept-alive connection whose socket is left in `sockets`."""

    def __init__(self, sockets: Sockets) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self.poolmanager.pool_classes_by_scheme = _pools(sockets)

    def trust(self, context: ssl.SSLContext) -> None:
        """From now on by this one; what was connected by another is let go."""
        self.poolmanager.connection_pool_kw["ssl_context"] = context
        self.poolmanager.clear()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context says it all; `requests` would add authorities of its own."""


def _pools(sockets: Sockets) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return sockets.opened(super()._new_conn())

        def close(self) -> None:
            super().close()
            sockets.ended()

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return sockets.opened(super()._new_conn())

        def close(self) -> None:
            super().close()
            sockets.ended()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}
