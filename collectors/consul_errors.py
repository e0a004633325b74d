"""Consul's refusals and the client's exceptions, as sentences an operator can act on.

The address stands in front of every sentence (`collectors.consul` puts it there), so
none is in here. Nothing a server wrote is repeated without `quoted`, which shortens it
and takes out the token.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.client import IncompleteRead, RemoteDisconnected
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import (
    InvalidChunkLength,
    NameResolutionError,
    ReadTimeoutError,
)

from collectors.errors import (
    CollectorError,
    SourceMisread,
    SourceRefused,
    SourceUnreachable,
)

QUOTED: Final = 200
CAUSES: Final = 20
NO_LEADER: Final = "No cluster leader"
NO_DATACENTER: Final = "No path to datacenter"
LACKS: Final = "it needs node:read and service:read"
REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (requests.exceptions.ConnectTimeout, "no connection within the time limit"),
    (requests.exceptions.InvalidURL, "not an address that can be asked"),
    (requests.exceptions.MissingSchema, "not an address that can be asked"),
    (requests.exceptions.InvalidSchema, "neither http nor https"),
    (NameResolutionError, "the host name can't be resolved"),
    (ConnectionRefusedError, "connection refused"),
)
CUTS: Final = (
    IncompleteRead,
    InvalidChunkLength,
    RemoteDisconnected,
    ConnectionResetError,
    BrokenPipeError,
    ssl.SSLEOFError,
)


class Cut(SourceUnreachable):
    """A connection that had been made ended before the answer did."""

    def __init__(self) -> None:
        super().__init__("the connection was cut in the middle of an answer")


class NoLeader(SourceUnreachable):
    """Consul answers, but knows of no leader: nothing it says is up to date."""

    def __init__(self) -> None:
        super().__init__("Consul has no cluster leader and can't vouch for its answers")


def told(exc: BaseException, timeout_s: float) -> CollectorError:
    """What went wrong before there was an answer, or in the middle of it."""
    causes = list(islice(_causes(exc), CAUSES))
    for kind, text in REASONS:
        if any(isinstance(cause, kind) for cause in causes):
            return SourceUnreachable(text)
    if _any(causes, requests.exceptions.ReadTimeout, ReadTimeoutError, TimeoutError):
        return SourceUnreachable(f"no whole answer within {timeout_s:.3g} s")
    if _any(causes, *CUTS):
        return Cut()
    if _any(causes, requests.exceptions.SSLError, ssl.SSLError):
        return SourceRefused(_tls(causes))
    if isinstance(exc, OSError) and not isinstance(exc, requests.RequestException):
        return SourceRefused("a TLS file (CA, certificate or key) can't be read")
    return SourceUnreachable(f"no answer: {type(causes[-1]).__name__}")


def refusal(
    status: int, body: bytes, location: str | None, token: str
) -> CollectorError:
    """Why an answer with this status can't be used."""
    said = quoted(body, token)
    if status == 403:
        return SourceRefused(_forbidden(said))
    if 300 <= status < 400:
        return SourceMisread(
            f"redirects (HTTP {status}) to {_place(location)}; give Consul's own "
            "address, the token is never sent to another one"
        )
    if NO_LEADER in said:
        return NoLeader()
    if NO_DATACENTER in said:
        return SourceRefused("Consul knows no such datacenter")
    if status == 401:
        return SourceRefused(f"HTTP 401, a sign-in is asked for: {said}")
    if status == 429:
        return SourceRefused(f"HTTP 429, too many requests or connections: {said}")
    if status < 500:
        return SourceMisread(f"HTTP {status}, is this a Consul? {said}")
    return SourceUnreachable(f"HTTP {status}: {said}")


def quoted(body: bytes, token: str) -> str:
    """The first words of what a server wrote, on one line, without the token."""
    text = body[: QUOTED * 8].decode(errors="replace")
    if token:
        text = text.replace(token, "***")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text[:QUOTED] or "nothing said"


def _forbidden(said: str) -> str:
    if "ACL not found" in said:
        return "HTTP 403, ACL not found: Consul does not know this ACL token"
    if "Permission denied" in said:
        return f"HTTP 403, the ACL token lacks a right ({said}); {LACKS}"
    return f"HTTP 403: {said}"


def _place(location: str | None) -> str:
    parts = urlsplit(location or "")
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}"[:QUOTED] if host else "another path"


def _tls(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"TLS certificate not trusted: {cause.verify_message}"
    for cause in causes:
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return f"TLS failed: {cause.reason.replace('_', ' ').lower()}"
    return "TLS failed"


def _any(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that led to it, outermost first."""
    while exc is not None:
        yield exc
        wrapped = [arg for arg in exc.args if isinstance(arg, BaseException)]
        exc = exc.__cause__ or exc.__context__ or next(iter(wrapped), None)
