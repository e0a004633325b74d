"""One GET over a `Line`: no redirect followed, nothing larger than allowed kept.

gzip is asked for and counted by what it inflates to, so that a small answer can't
become a large one. An answer that was cut short is an error, never a short answer.
"""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, cast

from collectors.errors import SourceMisread, SourceTooLarge, SourceUnreachable
from collectors.sockets import Line

CHUNK: Final = 64 * 1024
GZIP: Final = 16 + zlib.MAX_WBITS
AGENT: Final = "gws-observatory"
NO_PATH: Final = "the path is not one that HTTP can ask for"


@dataclass(frozen=True, slots=True)
class Answer:
    """`answered_at`: when the status line was there, on the monotonic clock."""

    status: int
    content_type: str
    body: bytes
    answered_at: float


def get(
    line: Line, host: str, path: str, *, accept: str = "*/*", most: int = 0
) -> Answer:
    """GET `path` for `host` (and port). The body, if it may have `most` bytes; an
    answer with more is refused, and with 0 only the status is read."""
    connection = http.client.HTTPConnection(host)
    connection.sock = cast(Any, line)
    headers = {"Host": host, "Accept": accept, "User-Agent": AGENT}
    coding = {"Accept-Encoding": "gzip"} if most else {}
    try:
        connection.request(
            "GET", path, headers=headers | coding | {"Connection": "close"}
        )
        response = connection.getresponse()
        at = monotonic()
        body = _body(response, most) if most else b""
    except http.client.HTTPException as exc:
        raise _trouble(exc) from exc
    except UnicodeError as exc:
        raise SourceMisread(NO_PATH) from exc
    return Answer(response.status, response.headers.get("Content-Type", ""), body, at)


def host_header(host: str, port: int, tls: bool) -> str:
    """The port only where it is not the scheme's own; an IPv6 address in brackets."""
    name = f"[{host}]" if ":" in host else host
    return name if port == (443 if tls else 80) else f"{name}:{port}"


def _trouble(exc: http.client.HTTPException) -> SourceMisread | SourceUnreachable:
    if isinstance(exc, http.client.RemoteDisconnected):
        return SourceUnreachable("closed without an answer")
    if isinstance(exc, http.client.IncompleteRead):
        return SourceMisread("the answer was cut short")
    if isinstance(exc, http.client.InvalidURL):
        return SourceMisread(NO_PATH)
    return SourceMisread(f"the answer is not HTTP ({type(exc).__name__})")


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    too_large = SourceTooLarge(f"the answer is larger than {most / 1e6:g} MB")
    if (response.length or 0) > most:
        raise too_large
    kept = bytearray()
    for plain in _inflated(response, most):
        kept += plain
        if len(kept) > most:
            raise too_large
    if response.length:
        raise SourceMisread(f"the answer was cut short, {response.length} bytes early")
    return bytes(kept)


def _inflated(response: http.client.HTTPResponse, most: int) -> Iterator[bytes]:
    coding = _coding(response.headers)
    inflater = zlib.decompressobj(GZIP) if coding else None
    received = 0
    while chunk := response.read1(CHUNK):
        received += len(chunk)
        if received > most:
            raise SourceTooLarge(f"the answer is larger than {most / 1e6:g} MB")
        yield chunk if inflater is None else _inflate(inflater, chunk, most)
    if inflater is not None and not inflater.eof:
        raise SourceMisread("the answer was cut short within its gzip")


def _inflate(inflater: Any, chunk: bytes, most: int) -> bytes:
    try:
        return cast(bytes, inflater.decompress(chunk, most + 1))
    except zlib.error as exc:
        raise SourceMisread("the answer says gzip and is not") from exc


def _coding(headers: http.client.HTTPMessage) -> str | None:
    coding = headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        return None
    if coding in ("gzip", "x-gzip"):
        return coding
    raise SourceMisread(f"the answer is coded as {coding[:40]!r}; only gzip is read")
