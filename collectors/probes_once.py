"""One probe of one target: what happened, in words an operator can act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final

from app.domain.facts import ProbeOutcome
from app.domain.targets import ProbeTarget
from collectors.base import Clock
from collectors.errors import CollectorError, SourceMisread, SourceRefused
from collectors.http_get import get, host_header
from collectors.probes_dns import by_server, by_system, no_name
from collectors.probes_hello import ClosedUnanswered, greet
from collectors.sockets import Line, Lines, Patience, untrusting
from collectors.trust import Trust

DAY_S: Final = 86400.0
SOON_DAYS: Final = 14
"""From here on a good outcome mentions that the certificate ends."""


@dataclass(frozen=True, slots=True)
class Probed:
    outcome: ProbeOutcome
    certificate_days: float | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """`distrust`: why a client would not trust it; `None`: no objection."""

    days: float
    distrust: str | None = None


@dataclass(slots=True)
class _Seen:
    """What is known so far, so that a failure half-way keeps it."""

    lines: list[Line] = field(default_factory=list)
    connect_s: float | None = None
    first_byte_s: float | None = None
    certificate: Certificate | None = None


class Prober:
    def __init__(
        self, lines: Lines, clock: Clock, patience: Patience, ca_file: str | None
    ) -> None:
        self._lines = lines
        self._clock = clock
        self._patience = patience
        self._trust = Trust(ca_file, beside_system=True)
        self._untrusting = untrusting()

    def __call__(self, target: ProbeTarget) -> Probed:
        at, seen = self._clock(), _Seen()
        try:
            text = self._try(target, seen)
            ok = seen.certificate is None or seen.certificate.days > 0
        except CollectorError as exc:
            text, ok = str(exc), False
        said = in_words(text, seen.certificate)
        outcome = ProbeOutcome(at, ok, said, seen.connect_s, seen.first_byte_s)
        days = None if seen.certificate is None else seen.certificate.days
        return Probed(outcome, days)

    def _try(self, target: ProbeTarget, seen: _Seen) -> str:
        if target.kind == "dns":
            return self._named(target, seen)
        try:
            line = self._dial(target, seen)
            if target.tls or target.kind == "tls":
                line = self._secured(target, line, seen)
            return self._said(target, line, seen)
        finally:
            for line in seen.lines:
                line.hang_up()

    def _named(self, target: ProbeTarget, seen: _Seen) -> str:
        began, name, within_s = monotonic(), target.host, self._patience.read_s
        if target.server is None:
            count = by_system(name, within_s)
        else:
            count = by_server(self._lines, name, target.server, within_s)
        if not count:
            raise no_name(name)
        seen.first_byte_s = monotonic() - began
        return f"answered with {count} address{'' if count == 1 else 'es'}"

    def _dial(self, target: ProbeTarget, seen: _Seen) -> Line:
        began = monotonic()
        line = self._lines.dial(target.host, target.port, self._patience)
        seen.lines.append(line)
        seen.connect_s = monotonic() - began
        return line

    def _said(self, target: ProbeTarget, line: Line, seen: _Seen) -> str:
        if target.kind == "tcp":
            return self._greeted(target, line, seen)
        if target.kind == "tls":
            return "TLS handshake done"
        path = target.path or "/"
        began = monotonic()
        host = host_header(target.host, target.port, target.tls)
        answer = get(line, host, path)
        seen.first_byte_s = answer.answered_at - began
        said = f"HTTP {answer.status} from {path}"
        if not 200 <= answer.status < 400:
            raise SourceMisread(said)
        return said

    def _greeted(self, target: ProbeTarget, line: Line, seen: _Seen) -> str:
        if target.hello is None:
            return "connected"
        try:
            seen.first_byte_s = greet(line, target.hello, self._untrusting)
        except ClosedUnanswered as exc:
            self._speaks_tls(target, exc, seen)
            return "connected, speaks TLS"
        return "connected and answered"

    def _speaks_tls(
        self, target: ProbeTarget, unanswered: ClosedUnanswered, seen: _Seen
    ) -> None:
        """A server that only speaks TLS may hang up on anything else. Raises
        `unanswered` if this is none."""
        try:
            self._dial(target, seen).secure(self._untrusting, target.host)
        except CollectorError:
            raise unanswered from None

    def _secured(self, target: ProbeTarget, line: Line, seen: _Seen) -> Line:
        """The line after the handshake. One that is not trusted is made anew without
        asking for trust, to read the certificate all the same."""
        distrust: str | None = None
        try:
            trust = self._trust.context() if target.verify else self._untrusting
            der = line.secure(trust, target.host)
        except SourceRefused as exc:
            distrust = str(exc)
            line = self._dial(target, seen)
            der = line.secure(self._untrusting, target.host)
        seen.certificate = Certificate(days_left(der, self._clock()), distrust)
        return line


def days_left(der: bytes, now: datetime) -> float:
    """How long a certificate is still valid; below zero: it has ended."""
    # It takes long to load, and the first picture waits for no probe.
    from cryptography import x509

    try:
        ends = x509.load_der_x509_certificate(der).not_valid_after_utc
    except ValueError as exc:
        raise SourceMisread("the certificate cannot be read") from exc
    return (ends - now).total_seconds() / DAY_S


def in_words(text: str, certificate: Certificate | None) -> str:
    """What happened, and what is to be said about the certificate."""
    if certificate is None:
        return text
    days = certificate.days
    if days <= 0:
        return f"{text}; certificate expired {span(-days)} ago"
    remarks = [text]
    if days < SOON_DAYS:
        remarks.append(f"certificate expires in {span(days)}")
    if certificate.distrust is not None:
        remarks.append(f"certificate not trusted: {certificate.distrust}")
    return "; ".join(remarks)


def span(days: float) -> str:
    """A length of time in whole days, or hours when it is less than one."""
    number, unit = (int(days), "day") if days >= 1 else (int(days * 24), "hour")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
