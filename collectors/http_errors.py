"""A client's exceptions and a server's refusals, as sentences an operator can act on.

The address stands in front of every sentence (the collector puts it there), so none
is in here. Nothing a server wrote is repeated without `quoted`, which shortens it and
takes out the secret.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
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
HIDDEN: Final = b"***"
LONG: Final = 8
CAUSES: Final = 20
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


class SourceUnsupported(SourceMisread):
    """It answers, and does not know what it is asked for: 400, 404, 405, 501."""


class Cut(SourceUnreachable):
    """A connection that had been made ended before the answer did."""

    def __init__(self) -> None:
        super().__init__("the connection was cut in the middle of an answer")


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
    return SourceUnreachable(f"no answer: {type(causes[-1]).__name__}")


def refusal(
    status: int, body: bytes, location: str | None, secret: str, what: str
) -> CollectorError:
    """Why an answer with this status can't be used. `what`: who should answer there."""
    said = quoted(body, secret)
    if 300 <= status < 400:
        return SourceMisread(
            f"redirects (HTTP {status}) to {_place(location)}; give {what}'s own "
            "address, the token is never sent to another one"
        )
    if status == 401:
        return SourceRefused(f"HTTP 401, a sign-in is asked for: {said}")
    if status == 403:
        return SourceRefused(f"HTTP 403: {said}")
    if status == 429:
        return SourceRefused(f"HTTP 429, too many requests or connections: {said}")
    if status < 500 or status == 501:
        return SourceUnsupported(f"HTTP {status}, is this {what}? {said}")
    return SourceUnreachable(f"HTTP {status}: {said}")


def quoted(body: bytes, secret: str) -> str:
    """The first words of what a server wrote, on one line, without the secret."""
    if secret:
        body = body.replace(secret.encode(), HIDDEN)
    text = body[: QUOTED * 8].decode(errors="replace")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text[:QUOTED] or "nothing said"


def hidden(body: bytes, secret: str, headers: Mapping[str, str]) -> bytes:
    """What a server wrote, without what it was sent in these headers to sign in, should
    it repeat them, as they are or as they were encoded. A secret so short that it may
    stand in any answer is taken out only where that is `quoted`."""
    for word in (secret, *(value.rpartition(" ")[2] for value in headers.values())):
        if len(word) >= LONG:
            body = body.replace(word.encode(), HIDDEN)
    return body


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
