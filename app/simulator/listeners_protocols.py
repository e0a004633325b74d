"""What the simulated stores say on their ports, as far as a probe asks.

Not databases: Redis answers PING, PostgreSQL refuses TLS and then the login,
Elasticsearch tells its version and its cluster's health, the rest accept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

SSL_REQUEST: Final = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


class Accepts(asyncio.Protocol):
    """Accepts, and keeps the connection until the peer ends it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)


class Redis(Accepts):
    """PING is answered to anyone; every other command wants a password first."""

    def __init__(self) -> None:
        self._line = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._line = (self._line + data).split(b"\r\n")
        for line in lines:
            if line.upper() == b"PING":
                self.transport.write(b"+PONG\r\n")
            elif line and line[:1] not in b"*$":
                self.transport.write(b"-NOAUTH Authentication required.\r\n")


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


def create_elasticsearch_app(health: Callable[[], str] = lambda: "green") -> Starlette:
    """Elasticsearch's front page and cluster health; `health` is asked each time."""

    async def front(request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "name": "gws-elastic-es-data-0",
                "cluster_name": "gws-elastic",
                "version": {"number": "7.17.3", "build_flavor": "default"},
                "tagline": "You Know, for Search",
            }
        )

    async def cluster_health(request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "cluster_name": "gws-elastic",
                "status": health(),
                "timed_out": False,
                "number_of_nodes": 3,
                "number_of_data_nodes": 2,
            }
        )

    return Starlette(
        routes=[Route("/", front), Route("/_cluster/health", cluster_health)]
    )
