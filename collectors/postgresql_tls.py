"""How PostgreSQL is reached: over TLS whose certificate is checked, unless its address
says otherwise.

libpq by itself encrypts where that happens to be possible, and checks nothing. It reads
its files at each connection, so that one that was replaced counts from the next on.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from collectors.trust import system_authorities

LOCALHOST: Final = "localhost"


def checked(
    said: Mapping[str, str | None],
    ca_file: str | None = None,
    client_cert: tuple[str, str] | None = None,
) -> dict[str, str]:
    """What is to be added to a connection string that has said these words of libpq.

    Without a word on `sslmode` the server must be the one that its certificate names;
    not so on this machine (a sidecar that speaks TLS for us), unless there is a
    `ca_file`.
    """
    added: dict[str, str] = {}
    if client_cert is not None:
        added["sslcert"], added["sslkey"] = client_cert
    if ca_file is not None:
        added["sslrootcert"] = ca_file
    if "sslmode" not in said and (ca_file or not _here(said)):
        added["sslmode"] = "verify-full"
        # libpq's own idea of the system's authorities is where it was built.
        added.setdefault("sslrootcert", system_authorities())
    return {name: value for name, value in added.items() if name not in said}


def _here(said: Mapping[str, str | None]) -> bool:
    """All that is connected to is this machine: by its loopback, or a socket file."""
    named = said.get("hostaddr") or said.get("host") or ""
    return all(_is_here(host.strip("[]")) for host in named.split(","))


def _is_here(host: str) -> bool:
    if not host or host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST
