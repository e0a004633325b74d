"""A certificate authority of the tests' own."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("tests")
        self._certificate = self._sign("tests", self._key, authority=True)
        self.pem = _pem(self._certificate).decode()

    def issue(
        self, name: str, host: str = "127.0.0.1", days: int = 1
    ) -> tuple[bytes, bytes]:
        """A certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return _pem(self._sign(name, key, host=host, days=days)), private

    def server(
        self, host: str = "127.0.0.1", days: int = 1, *, wants_client: bool = False
    ) -> ssl.SSLContext:
        certificate, key = self.issue("server", host, days)
        both = self._folder / f"server-{host}-{days}-{wants_client}.pem"
        both.write_bytes(certificate + key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        if wants_client:
            context.load_verify_locations(cadata=self.pem)
            context.verify_mode = ssl.CERT_REQUIRED
            # TLS 1.3 refuses only after the client's first request, at a random place.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context

    def file(self) -> str:
        path = self._folder / "ca.pem"
        path.write_text(self.pem)
        return str(path)

    def _sign(self, name, key, *, authority=False, host="127.0.0.1", days=1):
        now = datetime.now(UTC)  # noqa: TID251  certificates are judged by real time
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self._key.public_key()
                ),
                False,
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False
            )
        )
        return builder.sign(self._key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority(tmp_path):
    folder = tmp_path / "authority"
    folder.mkdir()
    return Authority(folder)
