"""Name what went wrong with an API server, in words an operator can act on. Pure.

* Expired     the resourceVersion is too old (410): list again
* Cut         a watch ended that should not have: resume
* NotAccepted 401 or no TLS: perhaps another credential helps
* Busy        429 or 503, perhaps with a time to wait
* Forbidden   403: the role lacks a right
* NotServed   404: the server does not have this kind

No text holds a token, a header, or an address beyond scheme, host and port.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from urllib3 import exceptions as http

from collectors.errors import (
    CollectorError,
    SourceMisread,
    SourceRefused,
    SourceTooLarge,
    SourceUnreachable,
)
from collectors.kubernetes_lines import Status
from collectors.kubernetes_resources import Question

_NETWORK: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (http.NameResolutionError, "the name of {where} does not resolve"),
    (ConnectionRefusedError, "{where} refuses the connection"),
    (ConnectionResetError, "{where} cut the connection"),
    (http.ReadTimeoutError, "{where} does not answer in time"),
    (TimeoutError, "{where} does not accept a connection in time"),
    (http.LocationValueError, "{where} is not an address"),
)
"""The first that fits is told; a time-out of reading is one of the system's, too."""

_REDIRECTED: Final = "a redirection: is a proxy or a sign-in page in between?"
_HINTS: Final[Mapping[int, str]] = {
    301: _REDIRECTED,
    302: _REDIRECTED,
    303: _REDIRECTED,
    307: _REDIRECTED,
    308: _REDIRECTED,
    404: "it does not serve this resource",
}


class NotAccepted(SourceRefused):
    """The other end does not take us for whom we are, or we do not trust it."""


class Expired(SourceMisread):
    pass


class Cut(SourceUnreachable):
    pass


class Forbidden(SourceRefused):
    pass


class NotServed(SourceMisread):
    pass


class Busy(SourceUnreachable):
    def __init__(self, text: str, wait_s: float) -> None:
        super().__init__(text)
        self.wait_s = wait_s


class BrokenAnswer(SourceUnreachable):
    """The server answers, with an error of its own (5xx)."""


def place(url: str) -> str:
    """Scheme, host and port of an address, without user, path and query."""
    try:
        parts = urlsplit(url)
        host = (
            f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        )
        return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "the configured address"


def refusal(
    question: Question, where: str, code: int, status: Status | None, *, signed: bool
) -> CollectorError:
    """What an answer other than 200 means. `signed`: a credential was sent."""
    said = status.message if status else "(no reason given)"
    if code == HTTPStatus.UNAUTHORIZED:
        why = "is not accepted" if signed else "is missing"
        text = f"not allowed to {question}: the credential for {where} {why} (401)"
        return NotAccepted(f"{text}: {said}")
    if code == HTTPStatus.FORBIDDEN:
        return Forbidden(f"not allowed to {question}: {said}")
    if code == HTTPStatus.GONE:
        return Expired(f"cannot {question}: {said}")
    if code == HTTPStatus.GATEWAY_TIMEOUT and "resource version" in said.lower():
        return Expired(f"cannot {question}: {said}")
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return BrokenAnswer(f"cannot {question}: {where} answers {code}: {said}")
    text = f"cannot {question}: {where} answers {code}: {_HINTS.get(code, said)}"
    return NotServed(text) if code == HTTPStatus.NOT_FOUND else SourceMisread(text)


@contextmanager
def about(question: Question) -> Iterator[None]:
    """Say of what was read within what the question was."""
    try:
        yield
    except (SourceMisread, SourceTooLarge) as exc:
        raise type(exc)(f"cannot {question}: {exc}") from exc


def busy(question: Question, where: str, code: int, wait_s: float) -> Busy:
    wait = f", asks us to wait {wait_s:g} s" if wait_s else ""
    return Busy(f"cannot {question}: {where} is overloaded ({code}){wait}", wait_s)


def in_stream(question: Question, status: Status | None) -> CollectorError:
    """What an ERROR in the middle of a watch means."""
    if status is None:
        return SourceMisread(f"cannot {question}: an ERROR without a Status")
    if status.code == HTTPStatus.GONE or status.reason in ("Expired", "Gone"):
        return Expired(f"cannot {question}: {status.message}")
    if status.code == HTTPStatus.FORBIDDEN:
        return Forbidden(f"not allowed to {question}: {status.message}")
    if status.code == HTTPStatus.UNAUTHORIZED:
        return SourceRefused(f"not allowed to {question}: {status.message}")
    named = f"{status.reason or 'an error'} ({status.code})"
    return BrokenAnswer(f"cannot {question}: {named}: {status.message}")


def no_answer(question: Question, where: str, exc: Exception) -> CollectorError:
    """What an exception of the client, before an answer came, means."""
    chain = list(_chain(exc))
    tls = next((one for one in chain if isinstance(one, ssl.SSLError)), None)
    if tls is not None or any(isinstance(one, http.SSLError) for one in chain):
        return NotAccepted(f"cannot {question}: {_tls(where, tls)}")
    text = f"cannot {question}: {_network(where, exc, chain)}"
    return Cut(text) if isinstance(exc, http.ProtocolError) else SourceUnreachable(text)


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    """The exception, those that caused it and those that it carries."""
    seen: set[int] = set()
    while exc is not None and id(exc) not in seen:
        seen.add(id(exc))
        yield exc
        inner = getattr(exc, "original_error", None)
        carried = next((a for a in exc.args if isinstance(a, BaseException)), None)
        exc = inner or exc.__cause__ or carried or exc.__context__


def _tls(where: str, exc: ssl.SSLError | None) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not trusted: {exc.verify_message}"
    reason = (exc.reason or "").replace("_", " ").lower() if exc else ""
    if "wrong version" in reason or "record layer" in reason:
        return f"{where} does not speak TLS: is it https?"
    return f"no TLS with {where}: {reason or 'the connection was closed'}"


def _network(where: str, exc: Exception, chain: list[BaseException]) -> str:
    told = (text for kind, text in _NETWORK if any(isinstance(e, kind) for e in chain))
    text = next(told, "{where} cannot be reached ({why})")
    through = "through the proxy: " if isinstance(exc, http.ProxyError) else ""
    return through + text.format(where=where, why=_system(chain))


def _system(chain: list[BaseException]) -> str:
    told = (one.strerror for one in chain if isinstance(one, OSError) and one.strerror)
    return next(told, type(chain[0]).__name__)
