"""Talking to a JSON API: one question, one answer, every failure in our words.

An `HttpLine` is one kept-alive connection for one feed. It can be cut from another
thread at any moment, also while an answer is awaited: that is how a held question ends
at once on shutdown, and how an answer that trickles in is ended at its time limit.
No text made here holds the secret, the address's password or a query.
"""

from __future__ import annotations

import base64
import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import requests

from collectors.deadlines import acting_after
from collectors.errors import (
    CollectorError,
    SourceMisread,
    SourceTooLarge,
)
from collectors.http_errors import Cut, hidden, quoted, told
from collectors.http_sockets import Cuttable, Sockets
from collectors.secrets import SecretFile
from collectors.trust import Trust

CHUNK: Final = 65_536
BODY_LIMIT: Final = 32 * 1024 * 1024
OK: Final = frozenset({200})
NO_CONTENT: Final = 204
MOST_REMEMBERED: Final = 8
NO_HEADERS: Final[Mapping[str, str]] = {}
HEADERS: Final[Mapping[str, str]] = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "keep-alive",
    "User-Agent": requests.utils.default_user_agent(),
}


@dataclass(frozen=True, slots=True)
class HttpAddress:
    """Where an API is, and how to be let in. `url` may carry a path in front of all."""

    url: str
    token_file: str | None = None
    ca_file: str | None = None
    client_cert: tuple[str, str] | None = None
    """The files of the certificate and of its key."""

    @property
    def shown(self) -> str:
        """The address without a password in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by any spelling of their names."""

    headers: Mapping[str, str]
    body: bytes


def basic(user: str, password: str) -> dict[str, str]:
    """The header of basic authentication (RFC 7617)."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes | None = None


Refusal = Callable[[int, bytes, str | None, str], CollectorError]
"""(status, body, Location, secret) to why it can't be used."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of server is spoken to. `secret`: what its token is called."""

    secret: str
    headers: Callable[[str], Mapping[str, str]]
    """The headers that carry the token."""
    refusal: Refusal


class HttpLine:
    """Ask from one thread; `cut` and `close` from any."""

    def __init__(
        self,
        address: HttpAddress,
        dialect: Dialect,
        connect_s: float,
        limit: int = BODY_LIMIT,
    ) -> None:
        self._address = address
        self._dialect = dialect
        self._connect_s = connect_s
        self._limit = limit
        self._sockets = Sockets()
        self._adapter = Cuttable(self._sockets)
        self._trust = Trust(address.ca_file, address.client_cert)
        self._context: ssl.SSLContext | None = None
        self._token = SecretFile(address.token_file, dialect.secret)
        self._overdue = threading.Event()
        self._sent_last: dict[str, tuple[_Request, str, requests.PreparedRequest]] = {}
        """By path: the last request, with its token, as it was sent."""

    def ask(
        self,
        path: str,
        params: Mapping[str, str],
        timeout_s: float,
        usable: frozenset[int] = OK,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        """GET `path`; raises `CollectorError` for all that is not a usable answer."""
        return self._sent(_Request("GET", path, params, headers), timeout_s, usable)

    def tell(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
        usable: frozenset[int] = OK,
    ) -> Answer:
        """POST `body` to `path`; likewise. What a repetition would harm is not for
        here: a caller may have to repeat what was cut."""
        request = _Request("POST", path, {}, headers, body)
        return self._sent(request, timeout_s, usable)

    def body(self, path: str, params: Mapping[str, str], timeout_s: float) -> bytes:
        """The body of an answer to a question that is asked now and then. An idle
        connection may have been cut by anything in between: that is trouble only if
        asking again at once does not help."""
        try:
            return self.ask(path, params, timeout_s).body
        except Cut:
            return self.ask(path, params, timeout_s).body

    def cut(self) -> None:
        """End the question that is being asked, if there is one."""
        self._sockets.cut()

    def close(self) -> None:
        """End the question that is being asked, and every later one."""
        self._sockets.close()
        self._adapter.close()

    def _sent(
        self, request: _Request, timeout_s: float, usable: frozenset[int]
    ) -> Answer:
        token = self._token.read()
        self._trust_anew()
        try:
            with self._limited(timeout_s):
                return self._answer(request, timeout_s, usable, token)
        except (requests.RequestException, OSError) as exc:
            raise told(exc, timeout_s) from exc

    def _trust_anew(self) -> None:
        """As the files say now: a connection made by older ones would last for ever."""
        if not self._address.url.lower().startswith("https:"):
            return
        context = self._trust.context()
        if context is not self._context:
            self._context = context
            self._adapter.trust(context)

    def _answer(
        self, request: _Request, timeout_s: float, usable: frozenset[int], token: str
    ) -> Answer:
        signed = self._dialect.headers(token) if token else {}
        sent = self._prepared(request, token, signed)
        timeouts = (self._connect_s, timeout_s)
        # Not by a session: what it adds (cookies, redirects, the environment) is not
        # wanted here, and takes as long as all the rest.
        with self._adapter.send(sent, stream=True, timeout=timeouts) as response:
            body = hidden(self._body(response), token, signed)
        if response.status_code in usable - {NO_CONTENT} and not body:
            raise Cut
        if response.status_code not in usable:
            where = response.headers.get("Location")
            raise self._dialect.refusal(response.status_code, body, where, token)
        if "html" in response.headers.get("Content-Type", ""):
            raise SourceMisread(f"a web page, not JSON: {quoted(body, token)}")
        return Answer(response.headers, body)

    def _prepared(
        self, request: _Request, token: str, signed: Mapping[str, str]
    ) -> requests.PreparedRequest:
        """Most lines ask the same few things again and again."""
        last = self._sent_last.get(request.path)
        if last is not None and last[:2] == (request, token):
            return last[2]
        made = requests.Request(
            request.method,
            f"{self._address.url.rstrip('/')}{request.path}",
            params=request.params,
            data=request.body,
            headers={**HEADERS, **request.headers, **signed},
        ).prepare()
        if not (made.url or "").lower().startswith(("http://", "https://")):
            raise requests.exceptions.InvalidSchema
        if len(self._sent_last) >= MOST_REMEMBERED:
            self._sent_last.clear()
        self._sent_last[request.path] = request, token, made
        return made

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
        try:
            with acting_after(self._connect_s + timeout_s, self._end_overdue):
                yield
        finally:
            self._sockets.settle()
            if self._overdue.is_set():
                # What came before may look whole: an end of file ends some answers.
                raise TimeoutError

    def _end_overdue(self) -> None:
        self._overdue.set()
        self._sockets.cut()
