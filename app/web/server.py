"""uvicorn with one worker, that ends within seconds although streams are open."""

from __future__ import annotations

import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

from app.bus.base import Bus

GRACE_S: Final = 2
"""For requests that are being answered; streams are ended at once."""
BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that already listens. Raises `OSError`: the address is taken, ..."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def address(listening: socket.socket) -> str:
    """The address a person on this machine can open."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class Server(uvicorn.Server):
    def __init__(self, app: FastAPI, bus: Bus) -> None:
        self._bus = bus
        super().__init__(
            uvicorn.Config(
                app,
                loop="auto",
                ws="none",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                backlog=BACKLOG,
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams would hold the server open for ever: they are ended first."""
        self._bus.close()
        await super().shutdown(sockets)
