"""Everything that reads what comes as bytes: pages, HTTP, DNS, certificates."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.domain.subject import NodeId
from collectors.errors import CollectorError
from collectors.exposition import read_page
from collectors.http_errors import quoted, refusal
from collectors.http_get import get
from collectors.probes_dns import addresses as addresses_of
from collectors.probes_once import Certificate, days_left, in_words
from collectors.scrape import WANTED
from collectors.scrape_pages import counts
from collectors.vendor_facts import measures_of
from tests.fuzz.harness import Harness, recorded

REDIS: Final = NodeId("redis")
AT: Final = datetime(2026, 11, 24, 10, tzinfo=UTC)
TOLD: Final = (CollectorError,)
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0"


def page(content_type: str, body: bytes) -> None:
    read = read_page(body, content_type, WANTED, counts)
    measures_of(REDIS, "redis-0", read)


class Said:
    """A line on which these bytes come, whatever is asked."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def sendall(self, data: bytes) -> None:
        assert b"\r\nX-Evil" not in data, data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._body)

    def close(self) -> None:
        """Nothing is held."""


def http_answer(body: bytes) -> None:
    get(Said(body), "10.0.0.1", "/metrics", most=1 << 20)


def http_path(body: bytes) -> None:
    """A pod's annotation says which page of it is asked for."""
    path = "/" + body.decode(errors="replace")
    get(Said(b"HTTP/1.1 200 OK\r\n\r\n"), "10.0.0.1", path)


def dns(body: bytes) -> None:
    addresses_of(body, "x.service.consul", 1)


def certificate(body: bytes) -> None:
    in_words("TLS handshake done", Certificate(days_left(body, AT), None))


def refusals(body: bytes) -> None:
    for status in (200, 302, 401, 404, 429, 503):
        where = body.decode("latin-1")
        told = str(refusal(status, body, where, "hunter2", "Consul"))
        assert "hunter2" not in told
    assert "hunter2" not in quoted(body + b"hunter2", "hunter2")


def a_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redis-0")])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 1, AT, datetime(2027, 1, 1, tzinfo=UTC)
    )
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


RAW: Final = {
    "exposition": Harness(
        lambda body: page("text/plain; version=0.0.4", body),
        tuple(recorded(f"exposition/{n}.txt") for n in ("workspace", "ucsx")),
        TOLD,
    ),
    "openmetrics": Harness(
        lambda body: page(OPENMETRICS, body),
        (recorded("exposition/prometheus-client-0.26.0.openmetrics"),),
        TOLD,
    ),
    "http_answer": Harness(
        http_answer,
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nup 1\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nup 1\n\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"up 1\n"),
        ),
        TOLD,
    ),
    "http_path": Harness(
        http_path, (b"metrics", b" HTTP/1.1\r\nX-Evil: 1\r\n\r\n"), TOLD
    ),
    "dns": Harness(
        dns,
        (
            b"\x00\x01\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01x\x07service\x06consul\x00"
            b"\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\x0a\x00\x00\x01",
        ),
        TOLD,
    ),
    "certificate": Harness(certificate, (a_certificate(),), TOLD),
    "refusals": Harness(refusals, (b'{"errors": ["hunter2"]}', b"hunter2"), TOLD),
}  # fmt: skip
