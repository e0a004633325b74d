"""Whom a TLS client trusts, and how it shows who it is: contexts made of files.

Authorities are renewed and certificates rotate while we run. So the files are looked
at before each use, and a context is made anew once one of them was replaced. Equal
files share one: the system's authorities alone take 0.8 MB and 80 ms.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import certifi

from collectors.errors import SourceRefused
from collectors.stamps import Stamp, stamp

USUAL: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)
"""Where distributions keep the system's authorities."""


@dataclass(frozen=True, slots=True)
class Trust:
    """`ca_file`: authorities to trust instead of the system's, or beside them.
    `client_cert`: the files of our certificate and of its key."""

    ca_file: str | None = None
    client_cert: tuple[str, str] | None = None
    beside_system: bool = False

    def context(self) -> ssl.SSLContext:
        """The same one until a file is replaced. Raises `SourceRefused`, which names
        the file."""
        files = (*self._authorities(), *(self.client_cert or ()))
        return _made(self, tuple(_stamp(file) for file in files))

    def _authorities(self) -> tuple[str, ...]:
        own = () if self.ca_file is None else (self.ca_file,)
        return own if own and not self.beside_system else (*own, system_authorities())


def system_authorities() -> str:
    """The file of the system's authorities (`SSL_CERT_FILE` moves it); where there is
    none, of those that come with `certifi`."""
    files = (ssl.get_default_verify_paths().cafile, *USUAL)
    return next((f for f in files if f and os.path.isfile(f)), certifi.where())


def _stamp(file: str) -> Stamp:
    try:
        return stamp(file)
    except OSError as exc:
        text = f"the TLS file {file} can't be read: {exc.strerror}"
        raise SourceRefused(text) from exc


@lru_cache(maxsize=64)
def _made(trust: Trust, stamps: tuple[Stamp, ...]) -> ssl.SSLContext:
    first, *others = trust._authorities()
    context = _trusting(first)
    for file in others:
        context.load_verify_locations(file)
    if trust.client_cert is not None:
        _show(context, *trust.client_cert)
    return context


def _trusting(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as exc:
        text = f"the file {ca_file} holds no certificate authority (PEM)"
        raise SourceRefused(text) from exc
    except OSError as exc:
        text = f"the TLS file {ca_file} can't be read: {exc.strerror}"
        raise SourceRefused(text) from exc


def _show(context: ssl.SSLContext, certificate: str, key: str) -> None:
    try:
        # Without a password OpenSSL would ask for one at the terminal.
        context.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as exc:
        text = (
            f"the client certificate {certificate} and the key {key} can't be used: "
            "they are not a pair in PEM, or the key has a passphrase"
        )
        raise SourceRefused(text) from exc
    except OSError as exc:
        text = f"the TLS files {certificate} and {key} can't be read: {exc.strerror}"
        raise SourceRefused(text) from exc
