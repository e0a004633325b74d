"""Every socket of a client, so that all can be cut off at once, whatever they wait for.

Closing a socket does not wake a thread that reads from it; shutting it down does.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from io import BufferedReader
from typing import Final
from weakref import WeakSet

from kubernetes.client import ApiClient
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

NOTHING: Final = (b"", b"\r", b"\r\n")
"""What may be left of a stream that was read: the end of its last chunk."""


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

    def drained(self, answer: BaseHTTPResponse) -> bool:
        """Whether all that has come of an answer was read. Then its socket tells when
        more is there, or that it has ended; until then it need not be waited for by
        reading."""
        reader, opened = _reader(answer), self._under(answer)
        if reader is None or opened is None:
            return False
        patience_s = opened.gettimeout()
        opened.settimeout(0.0)
        try:
            return reader.peek(1) in NOTHING
        except ssl.SSLWantReadError:
            return True
        except (OSError, ValueError):
            return False  # Reading it tells what is wrong.
        finally:
            opened.settimeout(patience_s)

    def _under(self, answer: BaseHTTPResponse) -> socket.socket | None:
        try:
            number = answer.fileno()
        except (OSError, ValueError):
            return None
        with self._lock:
            return next((one for one in self._open if one.fileno() == number), None)

    def cut_off(self) -> None:
        """Shut all, and those to come."""
        with self._lock:
            self._cut = True
            for opened in self._open:
                _shut(opened)


def _reader(answer: BaseHTTPResponse) -> BufferedReader | None:
    """What `http.client` reads an answer from, in pieces of its own: what it holds
    already, no socket tells of."""
    return getattr(getattr(answer, "_fp", None), "fp", None)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        opened.shutdown(socket.SHUT_RDWR)
