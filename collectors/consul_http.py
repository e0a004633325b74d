"""Talking to Consul's HTTP API: one question, one answer, every failure in our words.

A `ConsulLine` is one kept-alive connection for one feed. It can be cut from another
thread at any moment, also while an answer is awaited: that is how a blocking query ends
at once on shutdown, and how an answer that trickles in is ended at its time limit.
No text made here holds the token, the address's password or a query.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests

from collectors.consul_errors import Cut, quoted, refusal, told
from collectors.consul_sockets import Sockets, cuttable
from collectors.errors import (
    SourceMisread,
    SourceRefused,
    SourceTooLarge,
)

CHUNK: Final = 65_536
BODY_LIMIT: Final = 32 * 1024 * 1024
TOKEN_LIMIT: Final = 4_096
OK: Final = frozenset({200})


@dataclass(frozen=True, slots=True)
class ConsulAddress:
    """Where Consul is and how to be let in.

    `stale`: any server may answer, which spares the leader of a large cluster and may
    lag behind it by milliseconds.
    """

    url: str
    token_file: str | None = None
    ca_file: str | None = None
    client_cert: tuple[str, str] | None = None
    """The files of the certificate and of its key."""
    datacenter: str | None = None
    stale: bool = False

    @property
    def shown(self) -> str:
        """The address without a password in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class Answer:
    index: int | None
    knows_leader: bool
    body: bytes


class ConsulLine:
    """Ask from one thread; `cut` and `close` from any."""

    def __init__(
        self, address: ConsulAddress, connect_s: float, limit: int = BODY_LIMIT
    ) -> None:
        self._address = address
        self._connect_s = connect_s
        self._limit = limit
        self._sockets = Sockets()
        self._session = _session(address, self._sockets)
        self._token = _Token(address.token_file)
        self._overdue = threading.Event()

    def ask(
        self,
        path: str,
        params: Mapping[str, str],
        timeout_s: float,
        usable: frozenset[int] = OK,
    ) -> Answer:
        """GET `path`; raises `CollectorError` for all that is not a usable answer."""
        token = self._token.read()
        try:
            with self._limited(timeout_s):
                return self._get(path, params, timeout_s, usable, token)
        except (requests.RequestException, OSError) as exc:
            raise told(exc, timeout_s) from exc

    def cut(self) -> None:
        """End the question that is being asked, if there is one."""
        self._sockets.cut()

    def close(self) -> None:
        """End the question that is being asked, and every later one."""
        self._sockets.close()
        self._session.close()

    def _get(
        self,
        path: str,
        params: Mapping[str, str],
        timeout_s: float,
        usable: frozenset[int],
        token: str,
    ) -> Answer:
        datacenter = self._address.datacenter
        with self._session.get(
            f"{self._address.url.rstrip('/')}{path}",
            params={**params, "dc": datacenter} if datacenter else params,
            headers={"X-Consul-Token": token} if token else {},
            timeout=(self._connect_s, timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = self._body(response)
        if response.status_code in usable and not body:
            raise Cut
        if response.status_code not in usable:
            where = response.headers.get("Location")
            raise refusal(response.status_code, body, where, token)
        if "html" in response.headers.get("Content-Type", ""):
            raise SourceMisread(f"a web page, not JSON: {quoted(body, token)}")
        return Answer(
            index=_number(response.headers.get("X-Consul-Index")),
            knows_leader=response.headers.get("X-Consul-Knownleader") != "false",
            body=body,
        )

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(CHUNK):
            body += chunk
            if len(body) > self._limit:
                raise SourceTooLarge(f"the answer is larger than {self._limit} bytes")
        return bytes(body)

    @contextlib.contextmanager
    def _limited(self, timeout_s: float) -> Iterator[None]:
        """`requests` limits each read; this limits the whole, however it trickles."""
        self._overdue.clear()
        timer = threading.Timer(self._connect_s + timeout_s, self._end_overdue)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._sockets.settle()
            if self._overdue.is_set():
                # What came before may look whole: an end of file ends some answers.
                raise TimeoutError

    def _end_overdue(self) -> None:
        self._overdue.set()
        self._sockets.cut()


class _Token:
    """The ACL token in a file, read again whenever the file has changed."""

    def __init__(self, file: str | None) -> None:
        self._file = Path(file) if file else None
        self._seen: tuple[int, int, int] | None = None
        self._token = ""

    def read(self) -> str:
        """The token; "" when no file is configured."""
        if self._file is None:
            return ""
        try:
            stat = self._file.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                self._token = _token(self._file)
                self._seen = seen
        except OSError as exc:
            text = f"the ACL token's file {self._file} can't be read: {exc.strerror}"
            raise SourceRefused(text) from exc
        return self._token


def _token(file: Path) -> str:
    with file.open("rb") as opened:
        token = opened.read(TOKEN_LIMIT + 1).decode("ascii", errors="replace").strip()
    # A line break would end the header, and the client's error would repeat the token.
    if not token or len(token) > TOKEN_LIMIT or not all("!" <= c <= "~" for c in token):
        raise SourceRefused(f"the file {file} holds no ACL token (one word)")
    return token


def _number(header: str | None) -> int | None:
    return int(header) if header and header.isascii() and header.isdigit() else None


def _session(address: ConsulAddress, sockets: Sockets) -> requests.Session:
    """A client that takes nothing from the environment: no proxy, no .netrc."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept"] = "application/json"
    session.headers["Accept-Encoding"] = "identity"
    session.verify = address.ca_file or True
    session.cert = address.client_cert
    for scheme in ("http://", "https://"):
        session.mount(scheme, cuttable(sockets))
    return session
