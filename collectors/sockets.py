"""Connections that end in time, whatever the other side does.

A slow reader's time-out alone is no deadline: a server that sends a byte a second keeps
it waiting for ever. A `Line` holds every wait to `read_s` and all of them together to
`total_s`; `Lines.cut` ends all waits at once, so that stopping never waits for a peer.
"""

from __future__ import annotations

import errno
import io
import socket
import ssl
import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from collectors.errors import CollectorError, SourceRefused, SourceUnreachable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

WORDS: Final = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset by the other side",
    errno.EPIPE: "connection closed by the other side",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "network unreachable",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: for a connection, for the next byte, for all together."""

    connect_s: float = 3.0
    read_s: float = 5.0
    total_s: float = 8.0


class Line:
    """One open connection. Speaks as much of `socket` as `http.client` uses."""

    def __init__(self, lines: Lines, sock: socket.socket, patience: Patience) -> None:
        self._lines = lines
        self._sock = sock
        self._patience = patience
        self._until = monotonic() + patience.total_s

    def sendall(self, data: ReadableBuffer) -> None:
        self._arm()
        try:
            self._sock.sendall(data)
        except OSError as exc:
            raise self.trouble(exc) from exc

    def makefile(self, mode: str = "rb", *_: object) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def receive_into(self, buffer: WriteableBuffer) -> int:
        self._arm()
        try:
            return self._sock.recv_into(buffer)
        except OSError as exc:
            raise self.trouble(exc) from exc

    def secure(self, context: ssl.SSLContext, server: str | None) -> bytes:
        """Shake hands; the peer's certificate (DER). `SourceRefused`: not trusted."""
        plain = self._sock
        context.sslsocket_class = _Secured
        try:
            secured = context.wrap_socket(
                plain, server_hostname=server, do_handshake_on_connect=False
            )
        except (OSError, ValueError) as exc:
            raise SourceUnreachable(f"TLS cannot begin: {exc}") from exc
        self._sock = secured
        self._lines.replace(plain, secured)
        self._arm()
        try:
            secured.do_handshake()
        except OSError as exc:
            raise self.trouble(exc) from exc
        return secured.getpeercert(binary_form=True) or b""

    def close(self) -> None:
        """Nothing yet: `http.client` closes as soon as it has the headers, and the body
        is still to come. `hang_up` ends the connection."""

    def hang_up(self) -> None:
        self._lines.forget(self._sock)
        self._sock.close()

    def trouble(self, exc: OSError) -> CollectorError:
        """The client's error in our words."""
        if isinstance(exc, TimeoutError):
            if monotonic() >= self._until:
                return SourceUnreachable(
                    f"not done within {self._patience.total_s:g} s"
                )
            return SourceUnreachable(f"no answer in {self._patience.read_s:g} s")
        return in_words(exc)

    def _arm(self) -> None:
        left = self._until - monotonic()
        if left <= 0:
            raise self.trouble(TimeoutError())
        self._sock.settimeout(min(left, self._patience.read_s))


class Lines:
    """Every connection that is open now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._cut = False

    def dial(self, host: str, port: int, patience: Patience) -> Line:
        """Connect, to the first address of the name that answers."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            raise SourceUnreachable(f"the name {host} is not known") from exc
        until = monotonic() + patience.connect_s
        trouble: CollectorError = SourceUnreachable(f"the name {host} has no address")
        for family, kind, protocol, _, address in found:
            sock = socket.socket(family, kind, protocol)
            try:
                self._connect(sock, address, until - monotonic())
            except OSError as exc:
                self.forget(sock)
                sock.close()
                trouble = _unconnected(exc, patience)
            else:
                return Line(self, sock, patience)
        raise trouble

    def _connect(self, sock: socket.socket, address: object, left_s: float) -> None:
        if left_s <= 0:
            raise TimeoutError
        self.keep(sock)
        sock.settimeout(left_s)
        sock.connect(address)  # type: ignore[arg-type]  # getaddrinfo's own form

    def keep(self, sock: socket.socket) -> None:
        with self._lock:
            if self._cut:
                raise ConnectionAbortedError(errno.ECONNABORTED, "stopping")
            self._open.add(sock)

    def forget(self, sock: socket.socket) -> None:
        with self._lock:
            self._open.discard(sock)

    def replace(self, old: socket.socket, new: socket.socket) -> None:
        with self._lock:
            self._open.discard(old)
            self._open.add(new)
            if self._cut:
                _shut(new)

    def cut(self) -> None:
        """End every wait; nothing can be dialled from now on."""
        with self._lock:
            self._cut = True
            for sock in self._open:
                _shut(sock)


class _Secured(ssl.SSLSocket):
    """Python's own stays open, out of reach, when the peer resets the connection while
    it is being wrapped (up to 3.12)."""

    def __del__(self) -> None:
        self.close()


class _Incoming(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._line.receive_into(buffer)


def untrusting() -> ssl.SSLContext:
    """TLS with whom ever: to read a certificate, or as kubelet does with a pod, whose
    certificate doesn't name its IP."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def in_words(exc: OSError) -> CollectorError:
    """What the operating system or TLS said, as a sentence without its jargon."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        return SourceRefused(exc.verify_message or "the certificate is not trusted")
    if isinstance(exc, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return SourceUnreachable("connection closed by the other side during TLS")
    if isinstance(exc, ssl.SSLError):
        reason = (exc.reason or "unknown").lower().replace("_", " ")
        return SourceUnreachable(f"TLS failed: {reason}")
    said = WORDS.get(exc.errno or 0) or exc.strerror or type(exc).__name__
    return SourceUnreachable(said)


def _unconnected(exc: OSError, patience: Patience) -> CollectorError:
    if isinstance(exc, TimeoutError):
        return SourceUnreachable(f"connect timed out after {patience.connect_s:g} s")
    return in_words(exc)


def _shut(sock: socket.socket) -> None:
    try:
        # Not SSLSocket's own, which would drop its TLS state under a reader.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        pass  # it ended by itself in the meantime
