"""What is spoken on ports of which nothing more is asked than a probe does.

PostgreSQL refuses TLS and then the login, the rest accept. Redis and Elasticsearch are
in `stores_redis` and `stores_elasticsearch`.
"""

from __future__ import annotations

import asyncio
from typing import Final, cast

SSL_REQUEST: Final = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


class Accepts(asyncio.Protocol):
    """Accepts, and keeps the connection until the peer ends it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)


class PostgreSQL(Accepts):
    """Says N to a request for TLS, and that the login is not allowed to a start-up."""

    def __init__(self) -> None:
        self._got = b""

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._got.startswith(SSL_REQUEST):
            self._got = self._got[len(SSL_REQUEST) :]
            self.transport.write(b"N")
        if len(self._got) >= int.from_bytes(self._got[:4], "big") > len(SSL_REQUEST):
            self.transport.write(_fatal("28000", "no pg_hba.conf entry for host"))
            self.transport.close()


def _fatal(code: str, message: str) -> bytes:
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": message}
    body = b"".join(f"{key}{value}\0".encode() for key, value in fields.items())
    return b"E" + (len(body) + 5).to_bytes(4, "big") + body + b"\0"
