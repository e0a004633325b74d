"""The simulated ingress's certificate, whose end can be moved while it is served.

A certificate authority of the simulation's own signs it, so that a probe which
verifies needs to be told that one authority once.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AUTHORITY_DAYS: Final = 3650
KEY_USAGE: Final = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    crl_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


class IngressCertificate:
    """A server certificate for some names, in a directory of its own.

    `context` serves it; `ca_file` is the authority to trust.
    """

    def __init__(
        self, directory: Path, names: Iterable[str], now: datetime, not_after: datetime
    ) -> None:
        self._names = tuple(names)
        self._pem = directory / "ingress.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._authority_key = ec.generate_private_key(ec.SECP256R1())
        self._authority = _authority(self._authority_key, now)
        self.ca_file = directory / "ca.pem"
        self.ca_file.write_bytes(
            self._authority.public_bytes(serialization.Encoding.PEM)
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.not_after = not_after
        self.set_not_after(not_after)

    def set_not_after(self, not_after: datetime) -> None:
        """Serve a certificate that ends then; handshakes from now on show it."""
        self.not_after = not_after
        leaf = (
            _builder("gws.example", self._authority.subject, not_after)
            .public_key(self._key.public_key())
            .add_extension(_alternatives(self._names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self._authority_key.public_key()
                ),
                critical=False,
            )
            .sign(self._authority_key, hashes.SHA256())
        )
        key = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self._pem.touch(mode=0o600)
        self._pem.write_bytes(key + leaf.public_bytes(serialization.Encoding.PEM))
        self.context.load_cert_chain(self._pem)


def _builder(
    name: str, issuer: x509.Name, not_after: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_after - timedelta(days=90))
        .not_valid_after(not_after)
    )


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _name("GWS Observatory simulation")
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(x509.random_serial_number())
        .public_key(key.public_key())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(KEY_USAGE, critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _alternatives(names: tuple[str, ...]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_alternative(name) for name in names])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
